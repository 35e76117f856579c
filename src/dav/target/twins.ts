import { canonicalJson } from '../../model/canonical.ts'
import type { Format } from './format.ts'
import { type ObjectOperation, objectRemote, shortHash } from './operations.ts'
import type { Group, ObjectSpool, Waiting } from './spool.ts'

/** How one object of a place is to be written. */
export interface Planned {
  readonly waiting: Waiting
  /** Of its own: null keeps the one that it has. Another object of the place has the same. */
  readonly uid: string | null
  /** It equals this one: nothing is written for it. */
  readonly twinOf: Waiting | null
}

/**
 * A place holds a UID once, and sources hold it more often: seven hundred times in one calendar of Office 365 (vdirsyncer 1093). What is equal
 * becomes one object; what differs gets a UID of its own. Which of several keeps the UID does not change once it has been written.
 */
export function planned(group: Group, spool: Pick<ObjectSpool, 'read'>, format: Format): readonly Planned[] {
  const plans: Planned[] = []
  for (const sharing of Map.groupBy(group.waiting, ({ uid }) => uid).values()) {
    const [only] = sharing
    if (only !== undefined && sharing.length === 1) plans.push({ waiting: only, uid: null, twinOf: null })
    else plans.push(...apart(sharing, spool, format))
  }
  return plans
}

function apart(sharing: readonly Waiting[], spool: Pick<ObjectSpool, 'read'>, format: Format): readonly Planned[] {
  const seen = new Map<string, Waiting>()
  return sharing
    .toSorted((a, b) => rank(a, spool) - rank(b, spool) || (a.item < b.item ? -1 : 1))
    .map((waiting) => {
      const op = spool.read(waiting)
      const content = canonicalJson([format.fieldsOf(op.text), op.fills.map(({ slot, blob }) => [slot, blob.sha256])])
      const twinOf = seen.get(content)
      if (twinOf !== undefined) return { waiting, uid: null, twinOf }
      const uid = seen.size === 0 ? null : ownUid(op)
      seen.set(content, waiting)
      return { waiting, uid, twinOf: null }
    })
}

/** Whoever was written under the plain UID keeps it. */
function rank(waiting: Waiting, spool: Pick<ObjectSpool, 'read'>): number {
  const { known } = waiting
  if (known === undefined || known.notes['twin'] !== undefined) return 1
  const { login, place, uid } = spool.read(waiting)
  return known.remote === objectRemote(login, place, uid) ? 0 : 1
}

const ownUid = ({ uid, item }: ObjectOperation): string => `${uid}-${shortHash(item).slice(0, 8)}`
