import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectionId, idempotencyKey, itemId, remoteId } from '../../../src/contract/ids.ts'
import type { LedgerEntry } from '../../../src/contract/target.ts'
import { PlacePosts } from '../../../targets/mattermost/bulk/place-posts.ts'
import type { Pending, Thread } from '../../../targets/mattermost/bulk/threads.ts'
import type { PostOperation } from '../../../targets/mattermost/map/operations.ts'

let folder = ''
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'fallreep-place-'))))
afterAll(() => rm(folder, { recursive: true }))

/** Characters of one of these posts, about. */
const POST = 404
const START = Date.UTC(2026, 0, 1)
/** Posts a few milliseconds apart, so that times meet; `root` may name a post that is there, comes later, is a reply itself, or is nowhere. */
const wanted = fc.record({
  ms: fc.integer({ min: 0, max: 5 }),
  root: fc.option(fc.integer({ min: 0, max: 30 }), { nil: null }),
  known: fc.option(
    fc.record({ at: fc.integer({ min: 0, max: 8 }), root: fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }) }),
    {
      nil: undefined,
    },
  ),
  state: fc.constantFrom('new' as const, 'changed' as const, 'same' as const),
})
type Wanted = typeof wanted extends fc.Arbitrary<infer T> ? T : never

function pendingOf({ ms, root, known, state }: Wanted, n: number): Pending {
  const item = itemId('message', 'C1', String(n))
  const at = START + ms
  const key = idempotencyKey(`${item}#0`)
  const op: PostOperation = {
    key,
    item,
    collection: collectionId('channel/C1'),
    revision: `r${n}`,
    summary: `post ${n}`,
    type: 'post',
    place: { type: 'channel', name: 'general' },
    user: 'erika',
    placeholder: null,
    message: `ü ${n}`,
    at,
    sentAt: String(at),
    part: 0,
    root: root === null || root === n ? null : `message/C1/${root}#0`,
    props: null,
    mark: null,
    reactions: [],
    files: [],
    pinned: false,
    editedAt: null,
    followers: [],
    links: [],
  }
  const entry: LedgerEntry | undefined =
    known === undefined
      ? undefined
      : {
          key,
          item,
          collection: op.collection,
          revision: 'old',
          remote: remoteId(`post/acme/general/${n}`),
          state: 'applied',
          notes: { at: START + known.at, ...(known.root === undefined ? {} : { root: START + known.root }) },
        }
  return { op, state: entry === undefined ? 'new' : state, known: entry, at }
}

function threadsOf(all: readonly Wanted[], most: number, taken: Set<number>, adopted = new Map<string, LedgerEntry>()): readonly Thread[] {
  using posts = new PlacePosts(join(folder, 'place.db'), most)
  for (const [n, one] of all.entries()) posts.add(pendingOf(one, n))
  posts.adopt(adopted)
  const threads = [...posts.threads(taken)].flat()
  for (const at of posts.times()) taken.add(at)
  return threads
}

describe('posts of one place', () => {
  test('become the same threads with the same times in memory and on disk', () => {
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 30 }), fc.integer({ min: 0, max: 40 }), (all, most) => {
        const [small, large] = [new Set([START + 1]), new Set([START + 1])]
        expect(threadsOf(all, most * POST, large)).toEqual(threadsOf(all, Infinity, small))
        expect(large).toEqual(small)
      }),
      { numRuns: 150 },
    )
  })

  test('keep the times of posts that an earlier run brought, in memory and on disk', () => {
    const all = Array.from({ length: 4 }, (): Wanted => ({ ms: 0, root: null, known: undefined, state: 'new' }))
    const found = pendingOf({ ms: 0, root: null, known: { at: 7, root: undefined }, state: 'changed' }, 2).known
    if (found === undefined) throw new Error('it has an entry')
    const adopted = new Map([[String(found.key), found]])
    const large = threadsOf(all, 0, new Set(), adopted)
    expect(large).toEqual(threadsOf(all, Infinity, new Set(), adopted))
    expect(large.map(({ root }) => root.at - START)).toEqual([0, 1, 2, 7])
  })

  test('take no more memory for more of them', async () => {
    const script = fileURLToPath(new URL('./one-channel.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=64', script, '25000'])
    // Version, team, channel and user; one line for four of five posts.
    expect(Number(stdout)).toBe(4 + 20_000)
  })

  test('leave no file behind', async () => {
    threadsOf([{ ms: 0, root: null, known: undefined, state: 'new' }], 0, new Set())
    expect(await readdir(folder)).toEqual([])
  })
})
