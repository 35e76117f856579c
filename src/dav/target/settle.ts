import type { Loss } from '../../contract/fidelity.ts'
import type { Applied, Fields, LedgerEntry } from '../../contract/target.ts'
import { plainPath } from '../multistatus.ts'
import { type Draft, hashOf } from './draft.ts'
import { type ObjectOperation, objectRemote } from './operations.ts'
import { kept, refused } from './work.ts'
import { type Written, memoryOf } from './write.ts'

/** What is said of an object, and what the ledger keeps of it; undefined: what it has. */
export interface Settled {
  readonly applied: Applied
  readonly entry: LedgerEntry | undefined
}

/** `written` undefined: there was nothing to do. `etags`: those that answers did not tell, by plain path. */
export function settle(
  op: ObjectOperation,
  uid: string | null,
  draft: Draft,
  known: LedgerEntry | undefined,
  written: Written | undefined,
  etags: ReadonlyMap<string, string>,
): Settled {
  const remote = objectRemote(op.login, op.place, draft.uid)
  const renamed: readonly Loss[] = uid === null ? [] : [variant(op)]
  const result = (outcome: Applied['outcome'], expect: Fields, losses: readonly Loss[]): Applied => ({
    key: op.key,
    item: op.item,
    outcome,
    remote,
    expect,
    losses: [...renamed, ...losses],
  })
  if (written === undefined) {
    const why = known?.notes['kept']
    const applied = typeof why === 'string' ? result('unchanged', {}, [kept(op.item, 'text', why)]) : result('unchanged', draft.fields, [])
    return { applied, entry: undefined }
  }
  switch (written.type) {
    case 'written':
    case 'adopted': {
      const etag = written.etag ?? etags.get(plainPath(written.href)) ?? null
      const notes = { href: written.href, etag, hash: hashOf(draft.fields) }
      const outcome = memoryOf(known?.notes) === undefined ? 'created' : 'updated'
      return { applied: result(outcome, draft.fields, []), entry: entryOf(op, uid, 'applied', notes) }
    }
    case 'kept': {
      const entry = entryOf(op, uid, 'applied', { ...known?.notes, kept: `${written.why}: left as it is` })
      return { applied: result('unchanged', {}, [kept(op.item, 'text', `${written.why}: left as it is`)]), entry }
    }
    case 'refused':
      return { applied: failed(op, uid, [...renamed, refused(op.item, written.why, written.code)]), entry: undefined }
  }
}

export function entryOf(op: ObjectOperation, uid: string | null, state: LedgerEntry['state'], notes: LedgerEntry['notes']): LedgerEntry {
  const { key, item, collection, revision } = op
  return { key, item, collection, revision, remote: objectRemote(op.login, op.place, uid ?? op.uid), state, notes }
}
export const failed = (op: ObjectOperation, uid: string | null, losses: readonly Loss[]): Applied => ({
  key: op.key,
  item: op.item,
  outcome: 'failed',
  remote: objectRemote(op.login, op.place, uid ?? op.uid),
  expect: {},
  losses,
})
const variant = ({ item }: ObjectOperation): Loss => ({
  item,
  stage: 'apply',
  code: 'name-changed',
  effect: { type: 'substituted', field: 'UID' },
  detail: 'another one in the same place has, or had, the same UID and says something else: this one got a UID of its own',
})
