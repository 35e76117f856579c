import { type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { Anchor } from '../../../src/model/comment.ts'
import type { Reaction } from '../wire/graph.ts'
import type { CommentRow, CommitCommentRow, ReviewCommentRow } from '../wire/rest.ts'
import { actorOf, reactionsOf } from './actor.ts'
import { attachmentsIn } from './attachments.ts'
import { commentId, idIn, itemOf } from './item.ts'
import type { Mapping } from './mapping.ts'

interface Row {
  readonly id: number
  readonly body: string | null
  readonly user: { readonly id: number; readonly login: string } | null
  readonly created_at: string
  readonly updated_at: string
}
interface Where {
  readonly of: 'issue' | 'review' | 'commit'
  readonly on: ItemId
  readonly replyTo?: ItemId | null
  readonly review?: ItemId | null
  readonly anchor?: Anchor | null
  readonly hidden?: string | null
}

/** A comment in the conversation of an issue or change request. */
export function conversationComment(
  row: CommentRow,
  on: ItemId,
  reactions: readonly Reaction[] | undefined,
  raw: unknown,
  mapping: Mapping,
): SourceItem<'comment'> {
  return comment(
    row,
    { of: 'issue', on, hidden: row.minimized === null ? null : (row.minimized.reason ?? 'hidden') },
    reactions,
    raw,
    mapping,
  )
}

/** A comment on a line of a change request, or on a whole file of it. */
export function reviewComment(
  row: ReviewCommentRow,
  number: number,
  reactions: readonly Reaction[] | undefined,
  raw: unknown,
  mapping: Mapping,
): SourceItem<'comment'> {
  const { place } = mapping
  const where: Where = {
    of: 'review',
    on: idIn(place, 'change-request', number),
    replyTo: row.in_reply_to_id === null ? null : commentId(place, 'review', row.in_reply_to_id),
    review: row.pull_request_review_id === null ? null : idIn(place, 'review', row.pull_request_review_id),
    anchor: {
      path: row.path,
      subject: row.subject_type === 'file' ? 'file' : 'line',
      side: sideOf(row.side),
      line: row.line,
      startLine: row.start_line,
      startSide: row.start_side === null ? null : sideOf(row.start_side),
      commit: row.commit_id,
      originalLine: row.original_line,
      originalStartLine: row.original_start_line,
      originalCommit: row.original_commit_id,
      hunk: row.diff_hunk,
    },
  }
  return comment(row, where, reactions, raw, mapping)
}
const sideOf = (side: 'LEFT' | 'RIGHT' | null): 'old' | 'new' => (side === 'LEFT' ? 'old' : 'new')

/** A comment on a commit, or on a line of its diff. */
export function commitComment(
  row: CommitCommentRow,
  reactions: readonly Reaction[] | undefined,
  raw: unknown,
  mapping: Mapping,
): SourceItem<'comment'> {
  const anchor: Anchor | null =
    row.path === null
      ? null
      : {
          path: row.path,
          subject: row.line === null && row.position === null ? 'file' : 'line',
          side: 'new',
          line: row.line,
          startLine: null,
          startSide: null,
          commit: row.commit_id,
          originalLine: row.line,
          originalStartLine: null,
          originalCommit: row.commit_id,
          hunk: null,
        }
  const on = itemId('commit', String(mapping.place.id), row.commit_id)
  return comment(row, { of: 'commit', on, anchor }, reactions, raw, mapping)
}

function comment(
  row: Row,
  where: Where,
  reactions: readonly Reaction[] | undefined,
  raw: unknown,
  mapping: Mapping,
): SourceItem<'comment'> {
  const { place } = mapping
  const text = row.body ?? ''
  const { files, blobs } = attachmentsIn(text, mapping)
  return itemOf({
    kind: 'comment',
    id: commentId(place, where.of, row.id),
    collection: place.collection,
    body: {
      repository: place.item,
      on: where.on,
      author: actorOf(row.user),
      text,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      reactions: reactionsOf(reactions),
      attachments: files,
      replyTo: where.replyTo ?? null,
      review: where.review ?? null,
      anchor: where.anchor ?? null,
      hidden: where.hidden ?? null,
    },
    raw,
    blobs,
    provenance: place.provenance(String(row.id), { issue: 'issues/comments', review: 'pulls/comments', commit: 'comments' }[where.of]),
  })
}
