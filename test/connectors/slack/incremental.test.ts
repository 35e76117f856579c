import { describe, expect, test } from 'vitest'
import { ChannelState } from '../../../connectors/slack/api/state.ts'
import { itemId } from '../../../src/contract/ids.ts'
import { slackTestbed, type SlackTestbed } from '../../testbed/slack/testbed.ts'
import { apiConnector, messagesOf, never, passOver, take, testPorts, type Pass } from './world.ts'

const bed = (): Promise<SlackTestbed> => slackTestbed({ pages: 'full', messagesPerChannel: 20 })
const real = (pass: Pass) => pass.changes.filter(({ type }) => type !== 'checkpoint')
const root = (world: SlackTestbed, room: { readonly messages: readonly { ts: string; thread_ts?: string }[] }): string => {
  const found = room.messages.find(({ ts }) => room.messages.some(({ thread_ts }) => thread_ts === ts))
  if (found === undefined) throw new Error(`no thread in this room of ${world.world.team.name}`)
  return found.ts
}
async function again(slack: SlackTestbed, since: Pass, more: Parameters<typeof apiConnector>[1] = {}, ports = testPorts()): Promise<Pass> {
  await using connector = apiConnector(slack, more, ports)
  return await passOver(connector, since.cursors)
}
async function first(slack: SlackTestbed): Promise<Pass> {
  await using connector = apiConnector(slack)
  return await passOver(connector)
}

describe('the next run', () => {
  test('costs one call per channel when nothing changed, and a constant', async () => {
    await using slack = await bed()
    const before = await first(slack)
    slack.calls.clear()
    const pass = await again(slack, before)
    expect(real(pass)).toEqual([])
    const visible = [...before.cursors.keys()].length - 1
    expect(slack.calls.byRoute).toEqual({
      'auth.test': 1,
      'conversations.list': 1,
      'team.profile.get': 1,
      'users.list': 1,
      'usergroups.list': 1,
      'emoji.list': 1,
      'conversations.history': visible,
    })
    expect(pass.cursors).toEqual(before.cursors)
  })

  test('finds a late reply in an old thread, and names it with its root', async () => {
    await using slack = await bed()
    const before = await first(slack)
    const { general } = slack.world.rooms
    const ts = root(slack, general)
    const reply = slack.world.replyLate(general.id, ts, { user: slack.world.people.erika, text: 'late' })
    const pass = await again(slack, before)
    expect(pass.items.get(itemId('message', general.id, reply.ts))?.body).toMatchObject({
      text: ['late'],
      thread: { root: `message/${general.id}/${ts}` },
    })
    expect(messagesOf(pass).every(({ body }) => body.thread === null || body.thread.root === `message/${general.id}/${ts}`)).toBe(true)
    expect(real(await again(slack, pass))).toEqual([])
  })

  test('finds an edit and a reaction, and nothing else', async () => {
    await using slack = await bed()
    const before = await first(slack)
    const { random } = slack.world.rooms
    const [one, two] = random.messages.filter(({ thread_ts, ts }) => thread_ts === undefined || thread_ts === ts)
    slack.world.editMessage(random.id, one?.ts ?? '', 'edited')
    slack.world.react(random.id, two?.ts ?? '', 'eyes', slack.world.people.ken)
    const pass = await again(slack, before)
    expect([...pass.items.keys()].toSorted()).toEqual(
      [itemId('message', random.id, one?.ts ?? ''), itemId('message', random.id, two?.ts ?? '')].toSorted(),
    )
    expect(pass.deleted).toEqual([])
  })

  test('finds a deleted message, a deleted reply and a deleted root, each with evidence', async () => {
    await using slack = await bed()
    const { world } = slack
    const { general, random } = world.rooms
    const { ada } = world.people
    const lone = world.postMessage(random.id, { user: ada, text: 'alone' }).ts
    const start = world.postMessage(random.id, { user: ada, text: 'thread' }).ts
    const reply = world.replyLate(random.id, start, { user: ada, text: 'one' }).ts
    world.replyLate(random.id, start, { user: ada, text: 'two' })
    const before = await first(slack)
    world.deleteMessage(random.id, lone)
    world.deleteMessage(random.id, reply)
    world.deleteMessage(general.id, root(slack, general))
    const pass = await again(slack, before)
    expect(pass.deleted.toSorted()).toEqual([itemId('message', random.id, lone), itemId('message', random.id, reply)].toSorted())
    const evidence = pass.changes.flatMap((change) => (change.type === 'delete' ? [change.evidence] : []))
    expect(evidence.toSorted()).toEqual([
      expect.stringMatching(/^absent-from-history \d+\.\d{6}\.\.\d+\.\d{6}$/),
      `absent-from-replies of ${start}`,
    ])
    // Slack leaves a tombstone where a thread hangs: an edit, not a deletion.
    expect(messagesOf(pass).some(({ body }) => body.type === 'tombstone')).toBe(true)
  })

  test('reads who is in a channel again when somebody joined, when something was pinned, and only then', async () => {
    await using slack = await bed()
    const before = await first(slack)
    const { random, koeln } = slack.world.rooms
    slack.world.joinChannel(random.id, slack.world.people.guest)
    slack.world.pin(koeln.id, koeln.messages[0]?.ts ?? '', slack.world.people.ada)
    slack.calls.clear()
    const pass = await again(slack, before)
    const channels = [...pass.items.values()].filter((item) => item.kind === 'channel')
    expect(channels.map(({ id }) => id).toSorted()).toEqual([itemId('channel', random.id), itemId('channel', koeln.id)].toSorted())
    expect(slack.calls.count('conversations.members')).toBe(2)
    slack.world.unpin(koeln.id, koeln.messages[0]?.ts ?? '')
    expect([...(await again(slack, pass)).items.keys()]).toEqual([itemId('channel', koeln.id)])
  })

  test('finds a person who left, a group and an emoji that are gone', async () => {
    await using slack = await bed()
    const before = await first(slack)
    slack.world.deactivateUser(slack.world.people.ken)
    slack.world.emoji.delete('party')
    const group = [...slack.world.groups.keys()][0] ?? ''
    slack.world.groups.delete(group)
    const pass = await again(slack, before)
    expect([...pass.items.values()]).toMatchObject([{ id: itemId('account', slack.world.people.ken), body: { active: false } }])
    expect(pass.deleted.toSorted()).toEqual([itemId('emoji', 'party'), itemId('group', group)].toSorted())
  })

  test('looks at all there is once a week, where an edited reply is found', async () => {
    await using slack = await bed()
    const { world } = slack
    const { random } = world.rooms
    const start = world.postMessage(random.id, { user: world.people.ada, text: 'thread' }).ts
    const reply = world.replyLate(random.id, start, { user: world.people.ada, text: 'one' }).ts
    const before = await first(slack)
    world.editMessage(random.id, reply, 'edited reply')
    expect(real(await again(slack, before))).toEqual([])
    const ports = testPorts()
    ports.advance(8 * 86_400_000)
    const swept = await again(slack, before, { rescanDays: 3650 }, ports)
    expect([...swept.items.keys()]).toEqual([itemId('message', random.id, reply)])
    expect(swept.deleted).toEqual([])
  })

  test('goes back no further than a page and its days in a long channel, and finds old changes in the sweep', async () => {
    await using slack = await slackTestbed({ pages: 'full', stories: false, messagesPerChannel: 0 })
    const { world } = slack
    const { random } = world.rooms
    const all = Array.from({ length: 1300 }, (_, at) => world.postMessage(random.id, { user: world.people.ada, text: `m${at}` }).ts)
    const before = await first(slack)
    world.deleteMessage(random.id, all[10] ?? '')
    world.deleteMessage(random.id, all[1290] ?? '')
    slack.calls.clear()
    const pass = await again(slack, before)
    expect(pass.deleted).toEqual([itemId('message', random.id, all[1290] ?? '')])
    expect(slack.calls.count('conversations.history')).toBe(before.cursors.size - 1)
    const ports = testPorts()
    ports.advance(8 * 86_400_000)
    expect((await again(slack, pass, {}, ports)).deleted).toEqual([itemId('message', random.id, all[10] ?? '')])
  })

  test('does not take for deleted what the limits of a free plan hide', async () => {
    await using slack = await slackTestbed({ pages: 'full', stories: false, messagesPerChannel: 3, plan: 'free' })
    const before = await first(slack)
    const { random } = slack.world.rooms
    slack.world.advance(100 * 86_400)
    slack.world.postMessage(random.id, { user: slack.world.people.ada, text: 'after the summer' })
    const pass = await again(slack, before)
    expect(messagesOf(pass).map(({ body }) => body.text)).toEqual([['after the summer']])
    expect(pass.deleted).toEqual([])
    const losses = (await first(slack)).losses.filter(({ effect }) => effect.type === 'degraded' && effect.field === 'messages')
    expect(losses.map(({ item }) => item)).toContain(itemId('channel', random.id))
  })

  test('keeps what it knows of a channel in about ten bytes a message', async () => {
    await using slack = await slackTestbed({ pages: 'full', stories: false, messagesPerChannel: 0 })
    const { random } = slack.world.rooms
    for (let at = 0; at < 1000; at += 1) slack.world.postMessage(random.id, { user: slack.world.people.ada, text: 'x' })
    const cursor = (await first(slack)).cursors.get(`channel/${random.id}` as never) ?? ''
    expect(cursor.length).toBeLessThan(16_000)
    expect(ChannelState.decode(cursor)?.encode()).toBe(cursor)
  })

  test('killed in the middle of a sweep it goes on, and ends the same', async () => {
    await using slack = await slackTestbed({ messagesPerChannel: 60 })
    const before = await first(slack)
    const { random } = slack.world.rooms
    const gone = random.messages.find(({ thread_ts }) => thread_ts === undefined)?.ts ?? ''
    slack.world.deleteMessage(random.id, gone)
    const ports = testPorts()
    ports.advance(8 * 86_400_000)
    await using one = apiConnector(slack, {}, ports)
    const of = (await Array.fromAsync(one.collections(never))).find(({ id }) => id === `channel/${random.id}`)
    if (of === undefined) throw new Error('the channel is not listed')
    const pass: Pass = { changes: [], items: new Map(), deleted: [], losses: [], resets: [], cursors: new Map(before.cursors) }
    for await (const change of one.changes(of, before.cursors.get(of.id), never)) {
      take(pass, of.id, change)
      if (change.type === 'checkpoint') break
    }
    await using two = apiConnector(slack, {}, ports)
    for await (const change of two.changes(of, pass.cursors.get(of.id), never)) take(pass, of.id, change)
    expect(pass.deleted).toEqual([itemId('message', random.id, gone)])
    expect([...pass.items.keys()]).toEqual([])
  })
})
