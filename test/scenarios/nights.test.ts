import { describe, expect, test } from 'vitest'
import { saveUser } from '../testbed/mattermost/people.ts'
import { changesBetween, objectsOf, workshop } from '../support/workshop.ts'

describe('a night in which nothing happened', () => {
  test('costs one call per channel and a few more, adds no pack, and is listed', async () => {
    await using shop = await workshop({ slack: { pages: 'full', channels: 10 } })
    const first = await shop.backup()
    const packs = await objectsOf(shop, 'packs')
    shop.slack.calls.clear()
    const second = await shop.backup()
    expect(second).toMatchObject({ state: 'complete', snapshot: { changed: { added: 0, updated: 0, deleted: 0 } } })
    const channels = first.snapshot.counts.channel ?? 0
    expect(channels).toBeGreaterThan(20)
    expect(shop.slack.calls.count('conversations.history')).toBe(channels)
    expect(shop.slack.calls.count()).toBeLessThanOrEqual(channels + 12)
    expect(await objectsOf(shop, 'packs')).toEqual(packs)
    const listed = await shop.snapshots()
    expect(listed.map(({ id }) => id)).toEqual([first.snapshot.id, second.snapshot.id])
    expect(listed[1]).toMatchObject({ state: 'complete', counts: first.snapshot.counts, losses: first.snapshot.losses })
  })
})

describe('a day on which people worked', () => {
  test('its late reply, edit and deletion are found, and the cutover that follows brings exactly them', async () => {
    await using shop = await workshop()
    const { world } = shop.slack
    const { general, dm } = world.rooms
    const [rootWithFile, edited, deleted] = ['a root that carries a file', 'before the edit', 'to be deleted'].map((text, at) =>
      world.postMessage(general.id, { user: world.people.erika, text, ...(at === 0 ? { files: [world.demo.picture] } : {}) }),
    )
    if (rootWithFile === undefined || edited === undefined || deleted === undefined) throw new Error('the world took no messages')
    world.replyLate(general.id, rootWithFile.ts, { user: world.people.ken, text: 'an early reply', files: [world.demo.snippet] })

    const { state } = shop.mattermost
    const erika = saveUser(state, {
      username: 'e.mustermann',
      email: 'erika@example.org',
      password: 'Her-0wn-Pa55word',
      roles: 'system_user system_admin',
    })
    const ken = saveUser(state, { username: 'ktanaka', email: 'ken.tanaka@example.org', auth_service: 'saml', auth_data: 'ken@idp' })
    await shop.backup()
    expect((await shop.cutover()).totals).toMatchObject({ differs: 0, missing: 0 })
    const before = shop.picture()

    world.replyLate(general.id, rootWithFile.ts, { user: world.people.ada, text: 'a reply months later' })
    world.editMessage(general.id, edited.ts, 'after the edit')
    world.deleteMessage(general.id, deleted.ts)
    world.replyLate(dm.id, (dm.messages.find(({ text }) => text === 'Do you have the numbers?') ?? deleted).ts, {
      user: world.people.erika,
      text: 'thank you',
    })
    const night = await shop.backup()
    // Updated beside the edit: the root that Ada follows from now on.
    expect(night.snapshot.changed).toEqual({ added: 2, updated: 2, deleted: 1 })
    const delta = await shop.cutover()

    expect(delta.totals).toMatchObject({ differs: 0, missing: 0 })
    expect(delta.applied).toMatchObject({ created: 2, deleted: 1, failed: 0 })
    const { gone, come } = changesBetween(before, shop.picture())
    const textOf = (line: string): unknown => (JSON.parse(line.slice(line.indexOf('{'))) as { text?: string }).text
    expect(new Set(gone.map(textOf))).toEqual(new Set(['before the edit', 'to be deleted']))
    expect([gone.length, come.length]).toEqual([2, 3])
    expect(new Set(come.map(textOf))).toEqual(new Set(['a reply months later', 'after the edit', 'thank you']))
    const posts = shop
      .picture()
      .filter((line) => line.startsWith('post '))
      .map((line) => JSON.parse(line.slice(5)) as { text: string; at: number; root: number | null; files: string[] })
    const root = posts.find(({ text }) => text === 'a root that carries a file')
    expect(root?.files).toHaveLength(1)
    expect(posts.filter((post) => root !== undefined && post.root === root.at).map(({ text, files }) => [text, files.length])).toEqual(
      expect.arrayContaining([
        ['an early reply', 1],
        ['a reply months later', 0],
      ]),
    )

    expect(shop.mattermost.notifications).toEqual([])
    const login = await fetch(`${shop.mattermost.url}/api/v4/users/login`, {
      method: 'POST',
      body: JSON.stringify({ login_id: erika.email, password: 'Her-0wn-Pa55word' }),
    })
    expect(login.status).toBe(200)
    expect(state.users.get(erika.id)).toMatchObject({ username: 'e.mustermann', roles: 'system_user system_admin' })
    expect(state.users.get(ken.id)).toMatchObject({ auth_service: 'saml', auth_data: 'ken@idp', roles: 'system_user' })
  })

  test('what was not changed is not sent again', async () => {
    await using shop = await workshop()
    await shop.backup()
    await shop.cutover()
    const before = shop.picture()
    shop.mattermost.calls.clear()
    const again = await shop.cutover()
    expect(again.applied).toMatchObject({ created: 0, updated: 0, deleted: 0, failed: 0 })
    expect(shop.mattermost.calls.count('POST /jobs')).toBe(0)
    expect(shop.picture()).toEqual(before)
  })
})
