import { beforeAll, describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { faultIn } from '../../src/fault.ts'
import { demoWorld } from '../testbed/world/demo.ts'
import { addFile } from '../testbed/world/files.ts'
import type { FileWire } from '../testbed/world/wire.ts'
import type { PlannedFault } from '../testbed/kit/faults.ts'
import { ALL_SCOPES } from '../testbed/slack/tokens.ts'
import { changesBetween, wordsOf, workshop, type Workshop } from '../support/workshop.ts'

const worldOf = () => demoWorld({ messagesPerChannel: 3 })
/** Content of the vault after one undisturbed backup of that world. */
let undisturbed: readonly string[]
beforeAll(async () => {
  await using shop = await workshop({ slack: { world: worldOf() } })
  await shop.backup()
  undisturbed = await shop.content()
})

const same = async (shop: Workshop): Promise<void> =>
  expect(changesBetween(undisturbed, await shop.content())).toEqual({ gone: [], come: [] })

describe('a token', () => {
  test('that is revoked in the middle of a backup ends it with exit code 4; a good one goes on from there', async () => {
    await using shop = await workshop({ slack: { world: worldOf() } })
    shop.slack.faults.next(
      'conversations.replies',
      { type: 'delay', ms: 0 },
      { type: 'delay', ms: 0 },
      { type: 'delay', ms: 0 },
      { type: 'status', status: 200, body: { ok: false, error: 'token_revoked' } },
    )
    const error = await shop.backup().catch((thrown: unknown) => thrown)
    const fault = faultIn(error)
    expect(fault).toMatchObject({ code: 'auth', remedy: expect.stringContaining('token') as string })
    expect(fault !== undefined && exitCodeOf(fault.code)).toBe(4)
    expect(await shop.snapshots()).toEqual([])

    const asked = shop.slack.calls.count()
    const second = await shop.backup()
    expect(second.state).toBe('complete')
    await same(shop)
    // What was read before the revocation was kept: the two runs together do not cost two full readings.
    await using fresh = await workshop({ slack: { world: worldOf() } })
    const whole = await fresh.backup()
    expect(second.requests).toBeLessThan(whole.requests)
    expect(asked).toBeGreaterThan(0)
  })

  test('that dies between two nights leaves the snapshot of the night before as it was', async () => {
    await using shop = await workshop({ slack: { world: worldOf() } })
    await shop.backup()
    shop.slack.setToken({ state: 'expired' })
    const error = await shop.backup().catch((thrown: unknown) => thrown)
    expect(faultIn(error)?.code).toBe('auth')
    expect(await shop.snapshots()).toHaveLength(1)
    await same(shop)
  })

  test('without some scopes gives a backup of everything else, and losses name what is out of sight', async () => {
    const without = ['im:history', 'im:read', 'bookmarks:read', 'usergroups:read']
    await using shop = await workshop({ slack: { world: worldOf(), scopes: ALL_SCOPES.filter((scope) => !without.includes(scope)) } })
    const { state } = await shop.backup()
    const items = await shop.items()
    expect(state).toBe('complete')
    expect(items.filter(({ kind }) => kind === 'group')).toEqual([])
    expect(items.some((item) => item.kind === 'channel' && item.body.type === 'private')).toBe(true)
    expect(items.some((item) => item.kind === 'channel' && item.body.type === 'direct')).toBe(false)
    const said = (await shop.losses())
      .filter(({ code }) => code === 'withheld-by-source')
      .map(({ detail }) => detail)
      .join('\n')
    for (const words of ['im:read', 'usergroups:read', 'the bookmarks of this channel']) expect(said).toContain(words)
    const result = await shop.cutover()
    expect(result.totals).toMatchObject({ differs: 0, missing: 0 })
  })
})

describe('a bad line to the source', () => {
  const sprinkled: readonly (readonly [string, readonly PlannedFault[]])[] = [
    [
      'conversations.list',
      [
        { type: 'truncate', toBytes: 200 },
        { type: 'status', status: 503 },
      ],
    ],
    ['users.list', [{ type: 'reset' }, { type: 'status', status: 429, retryAfterS: 1 }]],
    ['emoji.list', [{ type: 'status', status: 500 }]],
    ['usergroups.list', [{ type: 'status', status: 429 }]],
    [
      'conversations.history',
      [
        { type: 'status', status: 429, retryAfterS: 2 },
        { type: 'reset' },
        { type: 'delay', ms: 0 },
        { type: 'status', status: 429 },
        { type: 'lost-answer' },
        { type: 'status', status: 502 },
      ],
    ],
    [
      'conversations.replies',
      [
        { type: 'status', status: 429, retryAfterS: 1 },
        { type: 'cut', afterBytes: 300 },
        { type: 'status', status: 504 },
      ],
    ],
    ['conversations.members', [{ type: 'reset' }, { type: 'status', status: 429 }]],
    ['files.download', [{ type: 'status', status: 429, retryAfterS: 1 }, { type: 'status', status: 503 }, { type: 'reset' }]],
    ['cdn', [{ type: 'reset' }, { type: 'status', status: 500 }]],
    ['images', [{ type: 'status', status: 503 }, { type: 'reset' }]],
  ]
  test('full of limits, errors, broken and shortened answers gives the same vault in the end', async () => {
    await using shop = await workshop({ slack: { world: worldOf() } })
    for (const [route, faults] of sprinkled) shop.slack.faults.next(route, ...faults)
    let { state } = await shop.backup()
    expect(shop.slack.faults.unused).toEqual([])
    // An answer that came whole and shortened is asked for again by the next run only.
    for (let night = 0; night < 2 && state !== 'complete'; night++) ({ state } = await shop.backup())
    expect(state).toBe('complete')
    await same(shop)
  })
})

describe('one bad thing at the source', () => {
  test('a channel that Slack finds no more while it is read is a loss, its neighbours come whole, and the next run heals it', async () => {
    await using shop = await workshop({ slack: { world: worldOf() } })
    shop.slack.faults.next('conversations.history', { type: 'status', status: 200, body: { ok: false, error: 'channel_not_found' } })
    expect(await shop.backup()).toMatchObject({ state: 'complete' })
    const { gone, come } = changesBetween(undisturbed, await shop.content())
    expect(come).toEqual([])
    const channels = new Set(gone.map((line) => /message\/(\w+)\//.exec(line)?.[1]))
    expect([...channels]).toHaveLength(1)
    const told = (await shop.losses()).filter(({ detail }) => detail.includes('channel_not_found'))
    expect(told.map(({ item }) => item)).toEqual([`channel/${[...channels][0]}`])
    expect(await shop.backup()).toMatchObject({ state: 'complete' })
    await same(shop)
  })

  test('a channel that is gone between the listing and its first page is told, and everything else is the same', async () => {
    const world = worldOf()
    const { id } = world.rooms.koeln
    await using shop = await workshop({
      slack: { world },
      onEvent: () => {
        if (world.channels.has(id) && shop.slack.calls.count('conversations.history') > 0) world.deleteChannel(id)
      },
    })
    const { state } = await shop.backup()
    const content = await shop.content()
    const told = (await shop.losses()).filter(({ item }) => item.includes(id))
    const { gone, come } = changesBetween(undisturbed, content)
    expect(come).toEqual([])
    for (const line of gone) expect(line).toContain(id)
    // Read before it went, or lost and said.
    expect(gone.length === 0 || told.length > 0).toBe(true)
    expect(state).toBe('complete')
  })

  test('a sign-in page in the place of a file is a recorded loss', async () => {
    await using shop = await workshop({ slack: { world: worldOf() } })
    shop.slack.faults.next('files.download', { type: 'html' })
    await shop.backup()
    const withheld = (await shop.losses()).filter(({ detail }) => detail.includes('sign-in page'))
    expect(withheld).toHaveLength(1)
    const { gone, come } = changesBetween(undisturbed, await shop.content())
    expect(gone).toHaveLength(come.length)
    for (const line of come) expect(line).toMatch(/ none$| none /)
    expect(come.length).toBeGreaterThan(0)
  })

  test('a file that comes short is never stored as whole: the snapshot is partial, its neighbours come, and the next run heals it', async () => {
    const world = worldOf()
    await using shop = await workshop({ slack: { world } })
    await shop.backup()
    const share = (text: string, files: FileWire[]) => world.postMessage(world.rooms.random.id, { user: world.people.erika, text, files })
    const fresh = (name: string) =>
      addFile(world, { name, bytes: Buffer.from(`the bytes of ${name}`), mediaType: 'text/plain', user: world.people.erika })
    share('two files', [fresh('short.txt'), fresh('whole.txt')])
    share('a neighbour', [fresh('broken.txt')])
    share('another neighbour', [])
    shop.slack.faults.next('cdn', { type: 'truncate', toBytes: 3 }, { type: 'delay', ms: 0 }, { type: 'cut', afterBytes: 3 })
    const first = await shop.backup()
    expect(first).toMatchObject({ state: 'partial', collections: { failed: 1 }, snapshot: { changed: { added: 3 } } })
    expect(shop.slack.faults.unused).toEqual([])
    expect(shop.events.filter(({ type }) => type === 'item-failed')).toHaveLength(2)
    const stored = async (): Promise<readonly number[]> =>
      (await shop.items()).flatMap((item) =>
        item.kind === 'message' && /^(two files|a neighbour)$/.test(wordsOf(item)) ? item.blobs.map((blob) => blob?.bytes ?? 0) : [],
      )
    expect((await stored()).toSorted((a, b) => a - b)).toEqual([0, 0, 22])
    expect((await shop.backup()).state).toBe('complete')
    expect((await stored()).toSorted((a, b) => a - b)).toEqual([22, 22, 23])
  })
})
