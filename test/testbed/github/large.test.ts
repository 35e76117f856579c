import { expect, test } from 'vitest'
import { asking } from './asking.ts'
import { closeIssue, comment, createIssue, deleteComment } from './issues.ts'
import { largeWorld } from './large/world.ts'
import { every } from './table.ts'
import { githubTestbed } from './testbed.ts'

const small = {
  repositories: 3,
  issues: 70,
  pulls: 110,
  comments: 500,
  reviews: 150,
  reviewComments: 240,
  events: 900,
  crossReferences: 60,
  people: 5,
}

test('a computed world adds up, and its rows know each other', () => {
  const world = largeWorld(small)
  const sum = (count: (of: (typeof all)[number]) => number): number => all.reduce((total, one) => total + count(one), 0)
  const all = [...world.repositories.values()]
  expect(sum(({ tables }) => tables.items.size)).toBe(small.issues + small.pulls)
  expect(sum(({ pullsOnly }) => pullsOnly?.('created').length ?? 0)).toBe(small.pulls)
  expect(sum(({ issuesOnly }) => issuesOnly?.('updated').length ?? 0)).toBe(small.issues)
  for (const repository of all) {
    const { items, comments, reviews, reviewComments, threads, events } = repository.tables
    const numbers = every(items.by('created')).map(({ number }) => number)
    for (const table of [comments, reviews, reviewComments, threads, events]) {
      const below = numbers.flatMap((number) => table.of(number).map(({ id }) => id))
      expect(below.toSorted((a, b) => a - b)).toEqual(every<{ id: number }>(table.by('created')).map(({ id }) => id))
    }
    for (const one of every(reviewComments.by('created'))) {
      expect(reviews.get(one.review)?.item).toBe(one.item)
      expect(threads.get(one.thread)?.item).toBe(one.item)
      expect(repository.item(one.item)?.pull).toBeDefined()
    }
  }
})

test('what changes in a computed world moves to the end and leaves nothing out', async () => {
  const world = largeWorld(small)
  await using bed = await githubTestbed({ world })
  const repository = world.repository('acme/repository-1')
  const { all } = asking(bed, bed.token('app'))
  const ada = world.person('person-1')
  const list = () => all<{ id: number; number: number }>('/repos/acme/repository-1/issues?state=all&sort=updated&direction=asc&per_page=20')
  const before = (await list()).rows
  world.advance(60)
  closeIssue(repository, 5, ada)
  comment(repository, 9, ada, 'new')
  const made = createIssue(repository, { title: 'new', author: ada })
  const after = (await list()).rows
  expect(after.slice(-3).map(({ number }) => number)).toEqual([5, 9, made.number])
  expect(after).toHaveLength(before.length + 1)
  expect(new Set(after.map(({ id }) => id)).size).toBe(after.length)
  const comments = repository.tables.comments.size
  deleteComment(repository, repository.tables.comments.by('created').at(3).id)
  expect((await all('/repos/acme/repository-1/issues/comments?per_page=100')).rows).toHaveLength(comments - 1)
})

test('the size of the benchmark is made at once, and no row of it is kept', () => {
  const world = largeWorld()
  const [first] = world.repositories.values()
  expect(first?.tables.items.size).toBeGreaterThan(10_000)
  expect(first?.tables.comments.size).toBeGreaterThan(30_000)
  expect(first?.tables.comments.by('updated').at(20_000).body).not.toBe('')
})
