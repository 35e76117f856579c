import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { type Cursor, cursor, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { Graph } from '../graph.ts'
import { account } from '../map/account.ts'
import { group } from '../map/group.ts'
import { dropped, type Mapped } from '../map/mapped.ts'
import type { Listed } from './listing.ts'
import { membersOf } from './members.ts'
import { photosOf } from './photos.ts'

/** What the directory held: item id → the first half of its revision. Grows with people and groups. */
const State = z.object({ v: z.literal(1), items: z.record(z.string(), z.string()), losses: z.string() })
interface Held {
  readonly items: Map<string, string>
  losses: string
}

function decode(since: Cursor): Held | undefined {
  try {
    const { items, losses } = State.parse(JSON.parse(since))
    return { items: new Map(Object.entries(items)), losses }
  } catch {
    return undefined
  }
}
const encode = ({ items, losses }: Held): Cursor =>
  cursor(JSON.stringify({ v: 1, items: Object.fromEntries([...items].toSorted(([a], [b]) => (a < b ? -1 : 1))), losses }))

/** Accounts and groups: what was listed, and a request for each twenty people and groups for their pictures and members. */
export async function* directoryChanges(
  graph: Graph,
  listed: Listed,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const read = since === undefined ? { items: new Map<string, string>(), losses: '' } : decode(since)
  if (read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const held = read ?? { items: new Map<string, string>(), losses: '' }
  const losses: Loss[] = []
  if (listed.unnamed > 0) losses.push(dropped(itemId('account', 'unnamed'), 'invalid-at-source', `${listed.unnamed} entries without an id`))
  const seen = new Set<ItemId>()
  const tell = function* ({ item, losses: own }: Mapped<'account' | 'group'>): Generator<Change> {
    losses.push(...own)
    if (item === undefined) return
    seen.add(item.id)
    const brief = item.revision.slice(0, 16)
    if (held.items.get(item.id) === brief) return
    held.items.set(item.id, brief)
    yield { type: 'upsert', item }
  }
  const photos = await photosOf(graph, listed, signal)
  for (const { id, raw } of listed.users) {
    signal.throwIfAborted()
    yield* tell(account(id, raw, photos.get(id), graph.provenance(id, '/users')))
  }
  for await (const { id, raw, members } of membersOf(graph, listed, signal))
    yield* tell(group(id, raw, members, graph.provenance(id, '/groups')))
  for (const id of held.items.keys()) {
    if (seen.has(id as ItemId)) continue
    held.items.delete(id)
    yield { type: 'delete', id: id as ItemId, evidence: id.startsWith('group/') ? 'absent-from /groups' : 'absent-from /users' }
  }
  const about = hash('sha256', JSON.stringify(losses)).slice(0, 16)
  if (about !== held.losses) for (const loss of losses) yield { type: 'loss', loss }
  held.losses = about
  yield { type: 'checkpoint', cursor: encode(held) }
}
