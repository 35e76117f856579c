import { array, assert, asyncProperty, integer, record } from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import { readCommitGraph } from '../../../src/git/commit-graph.ts'
import { lines, makeRepository } from './made-repository.ts'
import type { MadeCommit } from './made-repository.ts'

const never = new AbortController().signal

/** Histories with merges of up to three parents, several roots, and clocks that go backwards. */
const history = (clock: 'right' | 'wrong'): Arbitrary<MadeCommit[]> =>
  array(record({ back: array(integer({ min: 1, max: 6 }), { maxLength: 3 }), at: integer({ min: 0, max: 40_000 }) }), {
    minLength: 25,
    maxLength: 40,
  }).map((drawn) =>
    drawn.map(({ back, at }, n) => ({
      parents: [...new Set(back.map((by) => n - by))].filter((parent) => parent >= 0),
      ...(clock === 'wrong' && { at }),
      files: {},
    })),
  )

const seeded = { numRuns: 3, seed: 20_261_125 }

test('finds the merge base that git names first, however histories cross', async () => {
  await assert(
    asyncProperty(history('right'), async (commits) => {
      const { directory, oids } = await makeRepository(commits)
      const graph = await readCommitGraph(directory, never)
      for (const [n, a] of oids.entries().filter(([n]) => n % 6 === 5)) {
        const b = oids[(n * 7 + 3) % oids.length] ?? ''
        const [first] = await lines(directory, 'merge-base', a, b)
        expect(graph.mergeBase(a, b), `${a} ${b}`).toBe(first)
        expect(graph.mergeBase(b, a)).toBe(first)
      }
    }),
    seeded,
  )
})

test('lists the commits of a change in the order and number of git', async () => {
  await assert(
    asyncProperty(history('right'), async (commits) => {
      const { directory, oids } = await makeRepository(commits)
      const graph = await readCommitGraph(directory, never)
      for (const [n, head] of oids.entries().filter(([n]) => n % 6 === 4)) {
        const base = oids[(n * 5 + 1) % oids.length] ?? ''
        const expected = await lines(directory, 'rev-list', `${base}..${head}`)
        expect(graph.commitsBetween(base, head, 1_000)).toEqual({ total: expected.length, oids: expected })
        expect(graph.commitsBetween(base, head, 2)).toEqual({ total: expected.length, oids: expected.slice(0, 2) })
      }
    }),
    seeded,
  )
})

test('clocks that go backwards hide no commit and no common ancestor', async () => {
  await assert(
    asyncProperty(history('wrong'), async (commits) => {
      const { directory, oids } = await makeRepository(commits)
      const graph = await readCommitGraph(directory, never)
      for (const [n, a] of oids.entries().filter(([n]) => n % 6 === 5)) {
        const b = oids[(n * 7 + 3) % oids.length] ?? ''
        const all = await lines(directory, 'merge-base', '--all', a, b)
        const found = graph.mergeBase(a, b)
        expect(all.length === 0 ? [undefined] : all).toContain(found)
        const between = graph.commitsBetween(b, a, 1_000).oids
        expect(between.toSorted()).toEqual((await lines(directory, 'rev-list', `${b}..${a}`)).toSorted())
      }
    }),
    { ...seeded, numRuns: 2 },
  )
})

test('knows what it has, and says nothing of what it does not', async () => {
  const { directory, oids } = await makeRepository([{ parents: [] }, { parents: [0] }, { parents: [] }])
  const graph = await readCommitGraph(directory, never)
  const [root = '', child = '', stranger = ''] = oids
  const unknown = 'a'.repeat(40)
  expect([root, child, stranger, unknown, 'main'].map((oid) => graph.has(oid))).toEqual([true, true, true, false, false])
  expect(graph.mergeBase(child, stranger)).toBeUndefined()
  expect(graph.mergeBase(child, unknown)).toBeUndefined()
  expect(graph.mergeBase(child, child)).toBe(child)
  expect(graph.commitsBetween(undefined, child, 10)).toEqual({ total: 2, oids: [child, root] })
  expect(graph.commitsBetween(unknown, child, 10).total).toBe(2)
  expect(graph.commitsBetween(root, unknown, 10)).toEqual({ total: 0, oids: [] })
})

test('an empty repository has an empty history', async () => {
  const { directory } = await makeRepository([])
  expect((await readCommitGraph(directory, never)).size).toBe(0)
})
