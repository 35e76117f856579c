import type { Change } from '../../../src/contract/connector.ts'
import { commentId } from '../map/item.ts'
import { mapped, ofLines } from './comment-sorts.ts'
import { type Reading, refusedOf } from './reading.ts'

/** All comments on lines of one change request, and those that are there no more. */
export async function* lineComments(reading: Reading, number: number): AsyncGenerator<Change> {
  const { github, path, state, signal, mapping } = reading
  const { lines } = state.known.of(number, 'change-request')
  const before = [...lines.keys()]
  lines.clear()
  const what = refusedOf(reading, `comments on lines of #${number}`)
  yield* mapped(reading, ofLines, await github.list(what, `${path}/pulls/${number}/comments?per_page=100`, signal))
  for (const id of before)
    if (!lines.has(id)) yield { type: 'delete', id: commentId(mapping.place, 'review', id), evidence: `absent-from-comments of #${number}` }
}
