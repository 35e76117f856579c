import type { Loss } from '../contract/fidelity.ts'
import type { Item, Kind } from '../contract/item.ts'
import type { Ledger, Mapper, Operation, Stated } from '../contract/target.ts'
import type { SnapshotReader } from '../contract/vault.ts'
import { itemsInScope, type Scope } from './scope.ts'
import type { Spool } from './spool.ts'

/** What the mapping of a snapshot tells as it goes. */
export interface MappingSink {
  item(item: Item, operations: number): void
  loss(loss: Loss): void
}

/** People and places before what stands in them; what a person needs first in an emergency before the rest. Within a kind, collection by collection. */
const order: readonly Kind[] = [
  'account',
  'group',
  'emoji',
  'channel',
  'mailbox',
  'calendar',
  'addressbook',
  'tasklist',
  'repository',
  'lfs-object',
  'label',
  'milestone',
  'event',
  'contact',
  'task',
  'message',
  'issue',
  'change-request',
  'discussion',
  'thread',
  'review',
  'comment',
  'timeline-event',
  'release',
  'board',
  'repository-settings',
  'mail-settings',
  'mail',
]

/**
 * Every operation of a snapshot, each with what the ledger knows of it; then those that the ledger knows and the snapshot has no more.
 * `spool` remembers the keys only when there is a ledger to compare with. `scope`: of one person only.
 */
export async function* statedOperations(
  from: {
    readonly reader: SnapshotReader
    readonly mapper: Mapper<Operation>
    readonly ledger: Ledger & { readonly size: number }
    readonly kinds: ReadonlySet<Kind>
    readonly scope: Scope | undefined
  },
  spool: Spool,
  sink: MappingSink,
  signal: AbortSignal,
): AsyncGenerator<Stated<Operation>> {
  const { reader, mapper, ledger, kinds, scope } = from
  const fresh = ledger.size === 0
  for (const kind of order) {
    if (!kinds.has(kind)) continue
    for await (const item of itemsInScope(reader, kind, scope, signal)) {
      spool.plan(item)
      const { ops, losses } = mapper.map(item)
      for (const loss of losses) sink.loss(loss)
      sink.item(item, ops.length)
      for (const op of ops) {
        if (!fresh) spool.want(op.key)
        const known = fresh ? undefined : ledger.get(op.key)
        if (known === undefined) yield { state: 'new', op }
        else yield { state: known.state === 'applied' && known.revision === op.revision ? 'same' : 'changed', op, known }
      }
    }
  }
  if (fresh) return
  for (const known of ledger.entries({}))
    if (!spool.wants(known.key) && (scope === undefined || scope.collections.has(known.collection))) yield { state: 'gone', known }
}
