import type { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import { commitComment, conversationComment, reviewComment } from '../map/comment.ts'
import { commentId, dropped, idIn } from '../map/item.ts'
import { numberIn } from '../map/mapping.ts'
import type { Reaction } from '../wire/graph.ts'
import { CommentRow, CommitCommentRow, ReviewCommentRow } from '../wire/rest.ts'
import { reactionsTo } from './reactions.ts'
import { type Reading, refusedOf } from './reading.ts'

export interface CommentLike {
  readonly id: number
  readonly node_id: string
  readonly reactions: number
}
/** One sort of comments: how a row is read, and where it belongs. */
export interface Sort<R extends CommentLike> {
  readonly of: 'issue' | 'review' | 'commit'
  readonly what: string
  readonly schema: z.ZodType<R>
  /** Undefined: nobody can say where it belongs. */
  item(row: R, reactions: readonly Reaction[] | undefined, raw: unknown, reading: Reading): SourceItem<'comment'> | undefined
}

export const conversation: Sort<CommentRow> = {
  of: 'issue',
  what: 'comments',
  schema: CommentRow,
  item(row, reactions, raw, { mapping, state }) {
    const number = numberIn(row.issue_url)
    if (number === undefined) return undefined
    // Issues are read first; of one that came after that, only the address tells what it is.
    const isPull = /\/pull\/\d+#/.test(row.html_url ?? '')
    const known = state.known.items.get(number) ?? state.known.of(number, isPull ? 'change-request' : 'issue')
    known.comments.set(row.id, row.reactions)
    return conversationComment(row, idIn(mapping.place, known.kind, number), reactions, raw, mapping)
  },
}
export const ofLines: Sort<ReviewCommentRow> = {
  of: 'review',
  what: 'comments on lines',
  schema: ReviewCommentRow,
  item(row, reactions, raw, { mapping, state }) {
    const number = numberIn(row.pull_request_url)
    if (number === undefined) return undefined
    const { lines } = state.known.of(number, 'change-request')
    lines.set(row.id, row.reactions)
    const root = row.in_reply_to_id
    if (root !== null && !lines.has(root)) state.known.orphans.set(row.id, { root, number })
    else state.known.orphans.delete(row.id)
    return reviewComment(row, number, reactions, raw, mapping)
  },
}
export const ofCommits: Sort<CommitCommentRow> = {
  of: 'commit',
  what: 'comments on commits',
  schema: CommitCommentRow,
  item: (row, reactions, raw, { mapping }) => commitComment(row, reactions, raw, mapping),
}

/** Comments as items, with who reacted to them. */
export async function* mapped<R extends CommentLike>(reading: Reading, sort: Sort<R>, raws: readonly unknown[]): AsyncGenerator<Change> {
  const { github, mapping, signal } = reading
  const rows = raws.map((raw) => ({ raw, row: sort.schema.safeParse(raw).data }))
  const ids = rows.flatMap(({ row }) => (row !== undefined && row.reactions > 0 ? row.node_id : []))
  const reactions = await reactionsTo(github, refusedOf(reading, `reactions to ${sort.what}`), ids, signal)
  for (const { row, raw } of rows) {
    const item = row === undefined ? undefined : sort.item(row, reactions.get(row.node_id), raw, reading)
    if (item !== undefined) yield { type: 'upsert', item }
    else {
      const id = typeof raw === 'object' && raw !== null && 'id' in raw ? Number(raw.id) : 0
      yield {
        type: 'loss',
        loss: dropped(commentId(mapping.place, sort.of, id), 'invalid-at-source', 'GitHub gave a comment that cannot be read'),
      }
    }
  }
}
