import type { Change } from '../../../src/contract/connector.ts'
import { isMailbox, mailbox, mailboxId } from '../map/mailbox.ts'
import { ask, type Reading } from './reading.ts'
import { type Label, Labels } from './wire.ts'

/** All labels, Gmail's own among them: one request. */
export async function listLabels(reading: Reading): Promise<readonly Label[]> {
  const { gmail, person } = reading
  const { labels } = await ask(reading, 'labels.list', Labels, (options) => gmail.users.labels.list({ userId: person.address }, options))
  return labels
}

/** What changed about the mailboxes. Afterwards the state knows all of them. */
export async function* labelChanges(reading: Reading, listed?: readonly Label[]): AsyncGenerator<Change> {
  const { google, person, collection, state } = reading
  const labels = (listed ?? (await listLabels(reading))).filter(isMailbox)
  const names = new Set(labels.map(({ name }) => name))
  const seen = new Set<string>()
  for (const label of labels) {
    seen.add(label.id)
    const item = mailbox(label, names, person, collection, google.provenance(label.id, 'gmail.labels.list'))
    const brief = item.revision.slice(0, 16)
    if (state.labels.get(label.id) === brief) continue
    yield { type: 'upsert', item }
    state.labels.set(label.id, brief)
  }
  for (const id of state.labels.keys()) {
    if (seen.has(id)) continue
    state.labels.delete(id)
    state.orphans.add(id)
    yield { type: 'delete', id: mailboxId(person.id, id), evidence: 'absent-from-labels.list' }
  }
}
