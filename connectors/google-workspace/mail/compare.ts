import type { Change } from '../../../src/contract/connector.ts'
import { isMailbox } from '../map/mailbox.ts'
import { idPages, profileOf } from './full.ts'
import { labelChanges, listLabels } from './labels.ts'
import { type Errand, mails, type Mark, newTally } from './mails.ts'
import type { Reading } from './reading.ts'
import { encode } from './state.ts'

const stride = 500

/**
 * Compares the whole mailbox with what is known, for when Gmail has forgotten our point of history. Costs a list for each label and one
 * of all mails (5 units for 500 ids), and a request for each mail that differs: none for those that do not, and no bytes twice.
 */
export async function* comparison(reading: Reading): AsyncGenerator<Change> {
  const { state } = reading
  // Before the lists: what happens while they are read is in the history since then.
  const { historyId } = await profileOf(reading)
  const labels = await listLabels(reading)
  const before = new Set(state.labels.keys())
  yield* labelChanges(reading, labels)
  const there = new Map<string, string[]>()
  for await (const { ids } of idPages(reading, null)) for (const id of ids) there.set(id, [])
  for (const label of labels)
    for await (const { ids } of idPages(reading, null, label.id)) for (const id of ids) there.get(id)?.push(label.id)
  // Labels of Gmail's own that it does not list are out of sight here; people's that it lists no more were deleted.
  const counts = new Set([...labels.map(({ id }) => id), ...before, ...labels.filter(isMailbox).map(({ id }) => id)])
  const differs = (id: string, now: readonly string[]): boolean => {
    const known = state.known.labels(id).filter((label) => counts.has(label))
    return known.length !== now.length || known.some((label) => !now.includes(label))
  }
  let done = 0
  async function* errands(): AsyncGenerator<Errand | Mark> {
    const why = 'absent-from-messages.list'
    for (const [id, now] of there) {
      if (!state.known.has(id)) yield { id, type: 'whole', why }
      else if (differs(id, now)) yield { id, type: 'marks', why }
      else continue
      if (++done % stride === 0) yield { type: 'mark', act: () => ({ type: 'checkpoint', cursor: encode(state) }) }
    }
    for (const id of [...state.known.ids()]) if (!there.has(id)) yield { id, type: 'gone', why }
  }
  yield* mails(reading, errands(), newTally())
  state.history = historyId
}
