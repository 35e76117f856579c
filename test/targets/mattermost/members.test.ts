import { expect, test } from 'vitest'
import { z } from 'zod'
import { Secret } from '../../../src/config/secret.ts'
import { Adjustments } from '../../../targets/mattermost/adjust.ts'
import { MattermostClient } from '../../../targets/mattermost/client.ts'
import { definition } from '../../../targets/mattermost/definition.ts'
import { Channel, Team, User } from '../../../targets/mattermost/wire.ts'
import { type MattermostTestbed, mattermostTestbed } from '../../testbed/mattermost/testbed.ts'
import { World, applyOnly, memoryLedger, ports, run, settings, signal } from './world.ts'

const clientOf = ({ url, token }: MattermostTestbed): MattermostClient =>
  new MattermostClient(url, new Secret(() => Promise.resolve(token)), ports)

/** A server where erika and the deactivated gone have accounts, and a source with both and with bob in one channel. */
async function known(bed: MattermostTestbed): Promise<{ readonly world: World; readonly client: MattermostClient }> {
  const client = clientOf(bed)
  const there = (name: string) =>
    client.post(User, '/users', { username: name, email: `${name}@example.test`, password: 'Str4nger-Pa55word' }, signal)
  await there('erika')
  const gone = await there('gone')
  await client.delete(`/users/${gone.id}`, {}, signal)
  const world = new World()
  const members = [
    world.account('U1', { handle: 'erika', email: 'erika@example.test' }),
    world.account('U2', { handle: 'bob', email: 'bob@example.test' }),
    world.account('U3', { handle: 'gone', email: 'gone@example.test', active: false }),
  ]
  world.channel('C1', { name: 'plans', members })
  world.message('C1', '1700000000.000001', { text: ['hello'] })
  return { world, client }
}
const members = (bed: MattermostTestbed, name: string): readonly string[] => {
  const channel = [...bed.state.channels.values()].find((one) => one.name === name)
  return bed.state.membersOf(channel?.id ?? '').map(({ user_id }) => bed.state.users.get(user_id)?.username ?? '')
}

test('lets in people who had an account, deactivated ones too, and mails nobody', async () => {
  await using bed = await mattermostTestbed()
  const { world } = await known(bed)
  const done = await run(world, settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger())
  expect(done.wrong).toEqual([])
  expect(members(bed, 'plans').toSorted()).toEqual(['bob', 'erika', 'gone'])
  expect(bed.notifications).toEqual([])
  expect(bed.state.config.EmailSettings.SendEmailNotifications).toBe(true)
  expect([...bed.state.preferences.values()]).toEqual([])
  const left = [...bed.state.posts.values()].filter(({ type, delete_at }) => type !== '' && delete_at === 0)
  expect(left.map(({ type }) => type)).toEqual([])
})

test('lets people out of a channel they left at the source, and leaves alone who came here', async () => {
  await using bed = await mattermostTestbed()
  const { world, client } = await known(bed)
  const [config, ledger] = [settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger()]
  await run(world, config, ledger)
  world.channel('C1', { name: 'plans', members: ['account/U2'] })
  expect((await run(world, config, ledger)).wrong).toEqual([])
  expect(members(bed, 'plans')).toEqual(['bob'])
  expect(bed.notifications).toEqual([])
  expect(await client.find(Team, '/teams/name/acme', {}, signal)).toBeDefined()
})

test('does not bring back who left here by themselves', async () => {
  await using bed = await mattermostTestbed()
  const { world, client } = await known(bed)
  const [config, ledger] = [settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger()]
  await run(world, config, ledger)
  const channel = [...bed.state.channels.values()].find(({ name }) => name === 'plans')?.id ?? ''
  await client.delete(`/channels/${channel}/members/${bed.state.userNamed('bob')?.id}`, {}, signal)
  world.channel('C1', { name: 'plans', topic: 'new topic', members: ['account/U1', 'account/U2', 'account/U3'] })
  const done = await run(world, config, ledger)
  expect(members(bed, 'plans').toSorted()).toEqual(['erika', 'gone'])
  expect(done.losses).toContainEqual(expect.objectContaining({ item: 'channel/C1', code: 'rejected-by-target' }))
})

test('finishes the members of a run that was stopped before they were added', async () => {
  await using bed = await mattermostTestbed()
  const { world } = await known(bed)
  const [config, ledger] = [settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger()]
  bed.faults.next('POST /channels/{channel_id}/members', { type: 'status', status: 500 })
  await expect(run(world, config, ledger)).rejects.toMatchObject({ code: 'unavailable' })
  expect((await run(world, config, ledger)).wrong).toEqual([])
  expect(members(bed, 'plans').toSorted()).toEqual(['bob', 'erika', 'gone'])
  world.channel('C1', { name: 'plans', members: ['account/U2'] })
  bed.faults.next(
    'DELETE /channels/{channel_id}/members/{user_id}',
    ...Array.from({ length: 5 }, () => ({ type: 'status', status: 500 }) as const),
  )
  await expect(run(world, config, ledger)).rejects.toMatchObject({ code: 'unavailable' })
  expect((await run(world, config, ledger)).wrong).toEqual([])
  expect(members(bed, 'plans')).toEqual(['bob'])
})

test('refuses before the first byte when people would be mailed and nobody said what to do', async () => {
  await using bed = await mattermostTestbed({ config: { TeamSettings: { MaxUsersPerTeam: 100 } } })
  const { world } = await known(bed)
  const refused = run(world, settings(bed.url, bed.token), memoryLedger())
  await expect(refused).rejects.toMatchObject({ code: 'config', remedy: expect.stringContaining('notifyMembers') as string })
  expect([...bed.state.teams.values()]).toEqual([])
  const allowed = await run(world, settings(bed.url, bed.token, { notifyMembers: 'allow' }), memoryLedger())
  expect(allowed.wrong).toEqual([])
  expect(bed.notifications.map(({ user_id, reason }) => [bed.state.users.get(user_id)?.username, reason])).toEqual([['erika', 'added']])
})

test('adds people when the server mails nobody anyway', async () => {
  await using bed = await mattermostTestbed({ environment: { EmailSettings: { SendEmailNotifications: false } } })
  const { world } = await known(bed)
  expect((await run(world, settings(bed.url, bed.token), memoryLedger())).wrong).toEqual([])
  expect(bed.notifications).toEqual([])
})

test('refuses when mails are fixed on by the environment of the server', async () => {
  await using bed = await mattermostTestbed({ environment: { EmailSettings: { SendEmailNotifications: true } } })
  const { world } = await known(bed)
  await expect(run(world, settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger())).rejects.toMatchObject({
    code: 'config',
    remedy: expect.stringContaining('MM_EMAILSETTINGS_SENDEMAILNOTIFICATIONS=false') as string,
  })
  expect(bed.state.teams.size).toBe(0)
})

test('leaves people out and says so', async () => {
  await using bed = await mattermostTestbed()
  const { world } = await known(bed)
  const done = await run(world, settings(bed.url, bed.token, { notifyMembers: 'leave-out' }), memoryLedger())
  expect(done.losses).toContainEqual(
    expect.objectContaining({ item: 'channel/C1', code: 'access-narrowed', effect: { type: 'degraded', field: 'members' } }),
  )
  expect(members(bed, 'plans')).toEqual(['bob'])
  expect(bed.notifications).toEqual([])
})

test('puts settings back that a killed run left changed, unless somebody changed them since', async () => {
  await using bed = await mattermostTestbed()
  const client = clientOf(bed)
  const killed = new Adjustments(client, ports)
  const off = { section: 'EmailSettings', name: 'SendEmailNotifications', was: true, wanted: false } as const
  const limit = { section: 'TeamSettings', name: 'MaxUsersPerTeam', was: 50, wanted: 900 } as const
  await killed.change([off, limit], signal)
  await client.put(z.unknown(), '/config/patch', { TeamSettings: { MaxUsersPerTeam: 70 } }, signal)
  const { world } = await known(bed)
  expect((await run(world, settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger())).wrong).toEqual([])
  expect(bed.state.config.EmailSettings.SendEmailNotifications).toBe(true)
  expect(bed.state.config.TeamSettings.MaxUsersPerTeam).toBe(70)
  expect(bed.state.preferences.size).toBe(0)
})

test('puts settings back when it is stopped while people are added', async () => {
  await using bed = await mattermostTestbed()
  const { world } = await known(bed)
  bed.faults.next('POST /channels/{channel_id}/members', { type: 'status', status: 500 })
  await expect(run(world, settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger())).rejects.toMatchObject({
    code: 'unavailable',
  })
  expect(bed.state.config.EmailSettings.SendEmailNotifications).toBe(true)
  expect(bed.state.preferences.size).toBe(0)
})

test('says whom the server did not let in, and lets in the others', async () => {
  await using bed = await mattermostTestbed()
  const { world } = await known(bed)
  bed.faults.next('POST /channels/{channel_id}/members', { type: 'status', status: 400 })
  const done = await run(world, settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger())
  expect(done.losses).toContainEqual(expect.objectContaining({ item: 'channel/C1', code: 'access-narrowed' }))
  expect(members(bed, 'plans')).toHaveLength(2)
})

test('needs room for one more when only deactivated people join a full team', async () => {
  await using bed = await mattermostTestbed({ config: { TeamSettings: { MaxUsersPerTeam: 1 } } })
  const world = new World()
  world.channel('C1', { name: 'plans', members: [world.account('U1'), world.account('U2', { active: false })] })
  await expect(run(world, settings(bed.url, bed.token), memoryLedger())).rejects.toMatchObject({
    why: expect.stringContaining('MaxUsersPerTeam is 1, 2 are needed') as string,
  })
})

test.each(['O', 'P'] as const)('does not put a private channel into a channel of type %s that others can read', async (type) => {
  await using bed = await mattermostTestbed()
  const client = clientOf(bed)
  const team = await client.post(Team, '/teams', { name: 'acme', display_name: 'Acme', type: 'O' }, signal)
  await client.post(Channel, '/channels', { team_id: team.id, name: 'secret', display_name: 'Secret', type }, signal)
  const world = new World()
  world.channel('C1', { name: 'secret', type: 'private', members: [world.account('U1')] })
  world.message('C1', '1700000000.000001', { text: ['not for all'] })
  const config = settings(bed.url, bed.token, { adjustLimits: true })
  await using target = await definition.open('mattermost', config, ports, signal)
  await expect(applyOnly(world, config, memoryLedger(), target, signal)).rejects.toMatchObject({
    code: 'config',
    why: expect.stringContaining('secret') as string,
  })
  expect([...bed.state.posts.values()].map(({ message }) => message)).not.toContain('not for all')
})
