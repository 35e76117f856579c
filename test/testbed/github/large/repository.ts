import type { Label, Person } from '../model.ts'
import type { Repository } from '../repository.ts'
import type { GithubWorld, Organisation } from '../world.ts'
import { ComputedItems, ComputedParts } from './computed.ts'
import { headOf, smallGit, START } from './git.ts'
import { choice, others, spread } from './spread.ts'
import { rowsOf, type Making } from './rows.ts'
import type { Amounts } from './world.ts'

const SPAN_S = 180_000_000

/** One repository whose rows are computed. Numbers, times and texts follow from the index alone. */
export function largeRepository(
  world: GithubWorld,
  owner: Organisation,
  name: string,
  people: readonly Person[],
  amounts: Amounts,
): Repository {
  const all = amounts.issues + amounts.pulls
  const pulls = choice(amounts.pulls, all)
  const issues = others(pulls, all)
  const git = smallGit()
  const labels: Label[] = Array.from({ length: 6 }, (_, at) => ({
    id: world.nextId(),
    name: `label-${at + 1}`,
    color: 'ededed',
    description: null,
    isDefault: false,
  }))
  const place = (number: number): number | undefined => (number >= 1 && number <= all ? number - 1 : undefined)
  const pullPlace = (number: number): number | undefined => {
    const at = place(number)
    return at !== undefined && pulls.has(at) ? pulls.before(at) : undefined
  }
  // Every second pull request has threads, of two comments each.
  const threads = Math.ceil(amounts.reviewComments / 2)
  const threaded = Math.max(1, Math.ceil(amounts.pulls / 2))
  const threadPlace = (number: number): number | undefined => {
    const at = pullPlace(number)
    return at === undefined || at % 2 === 1 ? undefined : at / 2
  }
  const over = {
    comments: spread(amounts.comments, all),
    events: spread(amounts.events, all),
    crossReferences: spread(amounts.crossReferences, all),
    reviews: spread(amounts.reviews, Math.max(1, amounts.pulls)),
    threads: spread(threads, threaded),
  }
  const time = (index: number, of: number): string =>
    new Date(START + Math.floor((index * SPAN_S) / Math.max(1, of)) * 1000).toISOString().replace('.000', '')
  const numberOf = (rank: number): number => pulls.at(rank) + 1
  const first = (size: number): number => world.reserveIds(size)
  const ids = {
    items: first(all),
    comments: first(amounts.comments),
    reviews: first(amounts.reviews),
    reviewComments: first(amounts.reviewComments),
    threads: first(threads),
    events: first(amounts.events),
    crossReferences: first(amounts.crossReferences),
  }
  const making: Making = {
    people,
    labels,
    git,
    ids,
    over,
    time,
    numberOf,
    isPull: pulls.has,
    pullRank: pulls.before,
    totals: { ...amounts, items: all, threads },
    repository: () => made,
  }
  const rows = rowsOf(making)
  const items = new ComputedItems({ firstId: ids.items, size: all, make: rows.item })
  const made: Repository = world.addRepository(owner, name, {
    git,
    tables: {
      items,
      comments: new ComputedParts({ firstId: ids.comments, size: amounts.comments, make: rows.comment }, over.comments, place),
      events: new ComputedParts({ firstId: ids.events, size: amounts.events, make: rows.event }, over.events, place),
      crossReferences: new ComputedParts(
        { firstId: ids.crossReferences, size: amounts.crossReferences, make: rows.crossReference },
        over.crossReferences,
        place,
      ),
      reviews: new ComputedParts({ firstId: ids.reviews, size: amounts.reviews, make: rows.review }, over.reviews, pullPlace),
      threads: new ComputedParts({ firstId: ids.threads, size: threads, make: rows.thread }, over.threads, threadPlace),
      reviewComments: new ComputedParts(
        { firstId: ids.reviewComments, size: amounts.reviewComments, make: rows.reviewComment },
        {
          placeOf: (row) => over.threads.placeOf(Math.floor(row / 2)),
          rowsOf: (at) => commentRows(over.threads.rowsOf(at), amounts.reviewComments),
        },
        threadPlace,
      ),
    },
  })
  made.labels.push(...labels)
  made.skipNumbers(all)
  made.itemByNumber = (number) => {
    const at = place(number)
    if (at !== undefined) return items.get(ids.items + at)
    return items.newest(number)
  }
  made.pullsOnly = (order) => items.chosen(order, pulls, ({ pull }) => pull !== undefined)
  made.issuesOnly = (order) => items.chosen(order, issues, ({ pull }) => pull === undefined)
  for (let rank = 0; rank < amounts.pulls; rank += 1) git.refs.set(`refs/pull/${numberOf(rank)}/head`, headOf(git, rank))
  return made
}
const commentRows = ([from, to]: readonly [number, number], most: number): readonly [number, number] => [
  Math.min(most, from * 2),
  Math.min(most, to * 2),
]
