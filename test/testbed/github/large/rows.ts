import type { GitRepository } from '../git/repository.ts'
import type { Comment, CrossReference, Event, Item, Label, Person, Review, ReviewComment, Thread } from '../model.ts'
import type { Repository } from '../repository.ts'
import { headOf } from './git.ts'
import type { Spread } from './spread.ts'

/** What the rows of one repository are made from. */
export interface Making {
  readonly people: readonly Person[]
  readonly labels: readonly Label[]
  readonly git: GitRepository
  readonly ids: Readonly<Record<'items' | 'comments' | 'reviews' | 'reviewComments' | 'threads' | 'events' | 'crossReferences', number>>
  readonly totals: Readonly<
    Record<'items' | 'pulls' | 'comments' | 'reviews' | 'reviewComments' | 'threads' | 'events' | 'crossReferences', number>
  >
  readonly over: Readonly<Record<'comments' | 'reviews' | 'threads' | 'events' | 'crossReferences', Spread>>
  time(index: number, of: number): string
  isPull(place: number): boolean
  pullRank(place: number): number
  numberOf(rank: number): number
  repository(): Repository
}

const HUNK = '@@ -1,1 +1,1 @@\n-export const a = 1\n+export const a = 2'
const TEXT = 'A sentence of the usual length about the usual things, with some `code` in it. '

/** The rows of each table by index. */
export function rowsOf(of: Making) {
  const person = (index: number): Person => of.people[index % of.people.length] as Person
  const reactions = (index: number, createdAt: string): Item['reactions'] =>
    index % 50 === 0 ? [{ id: of.ids.items + index, content: '+1', user: person(index + 1), createdAt }] : []

  function item(index: number): Item {
    const createdAt = of.time(index, of.totals.items)
    const isPull = of.isPull(index)
    const closed = index % 5 !== 0
    const number = index + 1
    const common = {
      id: of.ids.items + index,
      number,
      title: `${isPull ? 'Change' : 'Issue'} ${number}`,
      body: `${TEXT.repeat(1 + (index % 4))}See #${Math.max(1, number - 7)}.`,
      author: person(index),
      state: closed ? ('closed' as const) : ('open' as const),
      stateReason: closed && !isPull ? ('completed' as const) : null,
      labels: of.labels.slice(0, index % 3),
      assignees: index % 3 === 0 ? [person(index + 2)] : [],
      milestone: null,
      locked: null,
      createdAt,
      updatedAt: createdAt,
      closedAt: closed ? createdAt : null,
      closedBy: closed ? person(index + 1) : null,
      reactions: reactions(index, createdAt),
      edits: [],
      parent: null,
      type: null,
    }
    if (!isPull) return common
    const merged = closed && index % 7 !== 0
    const rank = of.pullRank(index)
    return {
      ...common,
      pull: {
        draft: index % 11 === 0,
        head: { ref: `topic-${(rank % 8) + 1}`, sha: headOf(of.git, rank), repository: of.repository(), owner: null },
        base: { ref: 'main', sha: of.git.tip('refs/heads/main') },
        mergeSha: merged ? headOf(of.git, rank) : null,
        mergedAt: merged ? createdAt : null,
        mergedBy: merged ? person(index + 1) : null,
        requestedReviewers: [],
        requestedTeams: [],
      },
    }
  }
  const dated = (index: number, total: number): { readonly createdAt: string; updatedAt: string } => {
    const createdAt = of.time(index, total)
    return { createdAt, updatedAt: createdAt }
  }
  return {
    item,
    comment: (index: number): Comment => ({
      id: of.ids.comments + index,
      item: of.over.comments.placeOf(index) + 1,
      author: person(index * 3),
      body: TEXT.repeat(1 + (index % 3)),
      minimized: null,
      edits: [],
      ...dated(index, of.totals.comments),
      reactions: reactions(index, of.time(index, of.totals.comments)),
    }),
    event: (index: number): Event => ({
      id: of.ids.events + index,
      item: of.over.events.placeOf(index) + 1,
      event: (['labeled', 'mentioned', 'subscribed', 'closed', 'labeled', 'assigned'] as const)[index % 6] ?? 'labeled',
      actor: person(index),
      ...(index % 6 === 0 || index % 6 === 4 ? { label: of.labels[index % of.labels.length] as Label } : {}),
      ...(index % 6 === 5 ? { assignee: person(index + 2) } : {}),
      ...dated(index, of.totals.events),
    }),
    crossReference: (index: number): CrossReference => {
      const target = of.over.crossReferences.placeOf(index) + 1
      return {
        id: of.ids.crossReferences + index,
        item: target,
        actor: person(index),
        source: { repository: of.repository(), number: Math.max(1, (target + 7) % of.totals.items) },
        willClose: false,
        ...dated(index, of.totals.crossReferences),
      }
    },
    review: (index: number): Review => {
      const rank = of.over.reviews.placeOf(index)
      return {
        id: of.ids.reviews + index,
        item: of.numberOf(rank),
        author: person(index + 5),
        state: index % 2 === 0 ? 'APPROVED' : 'COMMENTED',
        body: index % 3 === 0 ? TEXT : '',
        commitId: headOf(of.git, rank),
        reactions: [],
        ...dated(index, of.totals.reviews),
      }
    },
    thread: (index: number): Thread => ({
      id: of.ids.threads + index,
      item: of.numberOf(of.over.threads.placeOf(index) * 2),
      path: 'src/a.ts',
      resolvedBy: index % 2 === 0 ? person(index) : null,
      ...dated(index * 2, of.totals.reviewComments),
    }),
    reviewComment: (index: number): ReviewComment => {
      const thread = Math.floor(index / 2)
      const rank = of.over.threads.placeOf(thread) * 2
      const sha = headOf(of.git, rank)
      return {
        id: of.ids.reviewComments + index,
        item: of.numberOf(rank),
        thread: of.ids.threads + thread,
        review: of.ids.reviews + (of.over.reviews.rowsOf(rank)[0] ?? 0),
        author: person(index * 5),
        body: TEXT,
        path: 'src/a.ts',
        diffHunk: HUNK,
        commitId: sha,
        originalCommitId: sha,
        line: index % 10 < 2 ? null : 1,
        originalLine: 1,
        startLine: null,
        originalStartLine: null,
        side: 'RIGHT',
        position: index % 10 < 2 ? null : 1,
        originalPosition: 1,
        inReplyTo: index % 2 === 0 ? null : of.ids.reviewComments + index - 1,
        subject: 'line',
        reactions: [],
        ...dated(index, of.totals.reviewComments),
      }
    },
  }
}
