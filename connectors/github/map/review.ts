import type { SourceItem } from '../../../src/contract/item.ts'
import type { Review } from '../../../src/model/review.ts'
import type { GraphReview, GraphThread, Reaction } from '../wire/graph.ts'
import { actorOf, reactionsOf } from './actor.ts'
import { attachmentsIn } from './attachments.ts'
import { commentId, idIn, itemOf } from './item.ts'
import type { Mapping } from './mapping.ts'

const states = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
  PENDING: 'pending',
} as const

export function review(
  given: GraphReview,
  number: number,
  reactions: readonly Reaction[] | undefined,
  raw: unknown,
  mapping: Mapping,
): SourceItem<'review'> {
  const { place } = mapping
  const text = given.body ?? ''
  const { files, blobs } = attachmentsIn(text, mapping)
  const body: Review = {
    repository: place.item,
    changeRequest: idIn(place, 'change-request', number),
    author: actorOf(given.author),
    state: states[given.state],
    text,
    submittedAt: given.submittedAt ?? given.createdAt,
    commit: given.commit?.oid ?? null,
    reactions: reactionsOf(reactions),
    attachments: files,
  }
  const provenance = place.provenance(String(given.databaseId), 'graphql:reviews')
  return itemOf({ kind: 'review', id: idIn(place, 'review', given.databaseId), collection: place.collection, body, raw, blobs, provenance })
}

/** `root`: the comment that the thread begins with, or began with. */
export function thread(given: GraphThread, root: number, number: number, raw: unknown, { place }: Mapping): SourceItem<'thread'> {
  const { resolvedBy } = given
  return itemOf({
    kind: 'thread',
    id: idIn(place, 'thread', root),
    collection: place.collection,
    body: {
      repository: place.item,
      changeRequest: idIn(place, 'change-request', number),
      root: commentId(place, 'review', root),
      resolved: given.isResolved,
      resolvedBy: resolvedBy === null ? null : actorOf({ id: resolvedBy.databaseId, login: resolvedBy.login }),
      outdated: given.isOutdated,
    },
    raw,
    provenance: place.provenance(given.id, 'graphql:reviewThreads'),
  })
}
