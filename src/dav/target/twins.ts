import { canonicalJson } from '../../model/canonical.ts'
import type { RemoteId } from '../../contract/ids.ts'
import type { Format } from './format.ts'
import { type ObjectOperation, objectRemote, remoteOfHash, shortHash } from './operations.ts'
import type { Group, ObjectSpool, Waiting } from './spool.ts'

/** How one object of a place is to be written. */
export interface Planned {
  readonly waiting: Waiting
  /** Of its own: null keeps the one that it has. Another object of the place has, or had, the same. */
  readonly uid: string | null
  readonly remote: RemoteId
  /** It equals this one: nothing is written for it. */
  readonly twinOf: Waiting | null
}
type Spool = Pick<ObjectSpool, 'read'>

/**
 * A place holds a UID once, and sources hold it more often: seven hundred times in one calendar of Office 365 (vdirsyncer 1093). What is equal
 * becomes one object; what differs gets a UID of its own. Which of several keeps the UID does not change once it has been written.
 */
export function planned(group: Group, spool: Spool, format: Format): readonly Planned[] {
  const plans: Planned[] = []
  for (const sharing of Map.groupBy(group.waiting, ({ uid }) => uid).values()) {
    const [only] = sharing
    if (only === undefined) continue
    const plain = remoteOfHash(group.login, group.place, only.uid)
    if (sharing.length === 1 && written(only) !== undefined && written(only) !== plain) plans.push(alone(only, plain, spool))
    else if (sharing.length === 1) plans.push({ waiting: only, uid: null, remote: plain, twinOf: null })
    else plans.push(...apart(sharing, plain, spool, format))
  }
  return plans
}

/** Where it was written for itself, as the ledger says. */
const written = ({ known }: Waiting): RemoteId | undefined => (known?.notes['twin'] === undefined ? known?.remote : undefined)

/** The only one that is left of several keeps what it was given. */
function alone(waiting: Waiting, plain: RemoteId, spool: Spool): Planned {
  const op = spool.read(waiting)
  const own = objectRemote(op.login, op.place, ownUid(op))
  return written(waiting) === own
    ? { waiting, uid: ownUid(op), remote: own, twinOf: null }
    : { waiting, uid: null, remote: plain, twinOf: null }
}

function apart(sharing: readonly Waiting[], plain: RemoteId, spool: Spool, format: Format): readonly Planned[] {
  const seen = new Map<string, { readonly waiting: Waiting; readonly remote: RemoteId }>()
  const rank = (one: Waiting): number => (written(one) === plain ? 0 : 1)
  let free = true
  return sharing
    .toSorted((a, b) => rank(a) - rank(b) || (a.item < b.item ? -1 : 1))
    .map((waiting) => {
      const op = spool.read(waiting)
      const content = canonicalJson([format.fieldsOf(op.text), op.fills.map(({ slot, blob }) => [slot, blob.sha256])])
      const twin = seen.get(content)
      if (twin !== undefined) return { waiting, uid: null, remote: twin.remote, twinOf: twin.waiting }
      const own = objectRemote(op.login, op.place, ownUid(op))
      const keeps = !free || written(waiting) === own
      const remote = keeps ? own : plain
      if (!keeps) free = false
      seen.set(content, { waiting, remote })
      return { waiting, uid: keeps ? ownUid(op) : null, remote, twinOf: null }
    })
}

const ownUid = ({ uid, item }: ObjectOperation): string => `${uid}-${shortHash(item).slice(0, 8)}`
