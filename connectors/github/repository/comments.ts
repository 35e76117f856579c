import type { Change } from '../../../src/contract/connector.ts'
import { again } from './again.ts'
import { commentId, degraded } from '../map/item.ts'
import { type CommentLike, conversation, mapped, ofCommits, ofLines, type Sort } from './comment-sorts.ts'
import { checkpoint, type Reading, refusedOf, type RepositoryPart, trackedLine } from './reading.ts'
import { sinceWalk } from './since-walk.ts'
import type { Mark } from './state.ts'

/** Comments with reactions wait until so many are there, for one query tells of a hundred; or until so many pages were read. */
const mostLiked = 100
const mostPages = 10

export const comments: RepositoryPart = walked('comments', conversation, 'issues/comments', trackedLine)
const lines = walked('reviewComments', ofLines, 'pulls/comments', ({ pullRequests }) =>
  pullRequests?.total === 0 ? undefined : JSON.stringify(pullRequests),
)
export const reviewComments: RepositoryPart = {
  ...lines,
  // Whoever edits a comment on a line moves no other time than the comment's own.
  swept: true,
  async *read(reading) {
    yield* lines.read(reading)
    yield* orphaned(reading)
  },
}

/** Threads whose first comment was deleted are still named after it: only the answers, which were read now, say which it was. */
async function* orphaned(reading: Reading): AsyncGenerator<Change> {
  const { known } = reading.state
  const numbers = new Set<number>()
  for (const [id, { root, number }] of known.orphans) {
    const item = known.items.get(number)
    if (item?.lines.has(root) === true) known.orphans.delete(id)
    else if (item?.threads.has(id) === true) numbers.add(number)
  }
  for (const number of numbers) yield* again(reading, 'change-request', { id: '', number })
}

function walked<R extends CommentLike>(name: string, sort: Sort<R>, list: string, line: RepositoryPart['line']): RepositoryPart {
  return {
    name,
    swept: false,
    line,
    async *read(reading) {
      const { github, path, state, signal } = reading
      const at = `${path}/${list}?sort=updated&direction=asc`
      let held: unknown[] = []
      let last: Mark | undefined
      let pages = 0
      for await (const { rows, mark, capped } of sinceWalk(github, refusedOf(reading, sort.what), at, state.marks.get(name), signal)) {
        if (capped !== undefined) {
          const detail = `of the second ${capped} GitHub gives only so many ${sort.what}`
          yield { type: 'loss', loss: degraded(reading.mapping.place.item, sort.what, 'withheld-by-source', detail) }
        }
        const [liked, plain] = [rows.filter(hasReactions), rows.filter((raw) => !hasReactions(raw))]
        yield* mapped(reading, sort, plain)
        held.push(...liked)
        pages += 1
        last = mark
        if (pages < mostPages && held.length < mostLiked) continue
        yield* mapped(reading, sort, held)
        // Never before what waited was given, too.
        state.marks.set(name, mark)
        yield checkpoint(reading)
        held = []
        pages = 0
      }
      yield* mapped(reading, sort, held)
      if (last !== undefined) state.marks.set(name, last)
    },
  }
}

function hasReactions(raw: unknown): boolean {
  const reactions = typeof raw === 'object' && raw !== null && 'reactions' in raw ? raw.reactions : undefined
  return typeof reactions === 'object' && reactions !== null && 'total_count' in reactions && Number(reactions.total_count) > 0
}

/** Comments on commits come as a plain list; few repositories have any. */
export const commitComments: RepositoryPart = {
  name: 'commitComments',
  swept: true,
  line: ({ commitComments: count }) => (count === 0 ? undefined : String(count)),
  async *read(reading) {
    const { github, path, state, signal, mapping } = reading
    const prefix = `comment/${mapping.place.id}/commit/`
    const rows = await github.list(refusedOf(reading, ofCommits.what), `${path}/comments?per_page=100`, signal)
    const seen = new Set<string>()
    for await (const change of mapped(reading, ofCommits, rows)) {
      if (change.type !== 'upsert') yield change
      else {
        const { id, revision } = change.item
        seen.add(id)
        if (state.items.get(id) !== revision.slice(0, 16)) yield change
        state.items.set(id, revision.slice(0, 16))
      }
    }
    for (const id of state.items.keys()) {
      if (!id.startsWith(prefix) || seen.has(id)) continue
      state.items.delete(id)
      yield { type: 'delete', id: commentId(mapping.place, 'commit', Number(id.slice(prefix.length))), evidence: 'absent-from-comments' }
    }
  },
}
