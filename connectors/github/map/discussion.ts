import type { ItemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { GraphDiscussion, GraphDiscussionComment } from '../wire/discussion.ts'
import type { Reaction } from '../wire/graph.ts'
import { actorOf, reactionsOf } from './actor.ts'
import { attachmentsIn } from './attachments.ts'
import { commentId, idIn, itemOf } from './item.ts'
import type { Mapping } from './mapping.ts'

export function discussion(
  given: GraphDiscussion,
  reactions: readonly Reaction[],
  raw: unknown,
  mapping: Mapping,
): SourceItem<'discussion'> {
  const { place } = mapping
  const text = given.body ?? ''
  const { files, blobs } = attachmentsIn(text, mapping)
  const answer = given.answer?.databaseId
  return itemOf({
    kind: 'discussion',
    id: idIn(place, 'discussion', given.number),
    collection: place.collection,
    body: {
      repository: place.item,
      number: given.number,
      title: given.title,
      text,
      author: actorOf(given.author),
      category: { name: given.category.name, answerable: given.category.isAnswerable },
      answer: answer === null || answer === undefined ? null : commentId(place, 'discussion', answer),
      labels: (given.labels?.nodes ?? []).flatMap((node) => node?.name ?? []).toSorted(),
      createdAt: given.createdAt,
      updatedAt: given.updatedAt,
      closedAt: given.closedAt,
      locked: given.locked,
      reactions: reactionsOf(reactions),
      attachments: files,
    },
    raw,
    blobs,
    provenance: place.provenance(String(given.databaseId), 'graphql:discussions'),
  })
}

export function discussionComment(
  given: GraphDiscussionComment,
  on: ItemId,
  replyTo: number | undefined,
  reactions: readonly Reaction[] | undefined,
  raw: unknown,
  mapping: Mapping,
): SourceItem<'comment'> {
  const { place } = mapping
  const text = given.body ?? ''
  const { files, blobs } = attachmentsIn(text, mapping)
  const answered = replyTo ?? given.replyTo?.databaseId
  return itemOf({
    kind: 'comment',
    id: commentId(place, 'discussion', given.databaseId),
    collection: place.collection,
    body: {
      repository: place.item,
      on,
      author: actorOf(given.author),
      text,
      createdAt: given.createdAt,
      updatedAt: given.updatedAt,
      reactions: reactionsOf(reactions),
      attachments: files,
      replyTo: answered === null || answered === undefined ? null : commentId(place, 'discussion', answered),
      review: null,
      anchor: null,
      hidden: given.isMinimized ? (given.minimizedReason ?? 'hidden').toLowerCase() : null,
    },
    raw,
    blobs,
    provenance: place.provenance(String(given.databaseId), 'graphql:discussions'),
  })
}
