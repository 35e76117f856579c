import type { Change } from '../../../src/contract/connector.ts'
import { commentId } from '../map/item.ts'
import { conversation, mapped } from './comment-sorts.ts'
import { type Reading, refusedOf } from './reading.ts'

/** Everything that is written under one issue or change request, and what is not written there any more. */
export async function* commentsOf(reading: Reading, number: number): AsyncGenerator<Change> {
  const { github, path, state, signal, mapping } = reading
  const known = state.known.items.get(number)
  const before = [...(known?.comments.keys() ?? [])]
  known?.comments.clear()
  const rows = await github.list(refusedOf(reading, `comments of #${number}`), `${path}/issues/${number}/comments?per_page=100`, signal)
  yield* mapped(reading, conversation, rows)
  for (const id of before)
    if (known?.comments.has(id) === false)
      yield { type: 'delete', id: commentId(mapping.place, 'issue', id), evidence: `absent-from-comments of #${number}` }
}
