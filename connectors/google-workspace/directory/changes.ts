import { hash } from 'node:crypto'
import type { Change } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { type Cursor, cursor, type ItemId, itemId } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import type { Google } from '../google.ts'
import { account, ownAccount } from '../map/account.ts'
import { dropped, type Mapped } from '../map/item.ts'
import { groups } from './groups.ts'
import type { Listed } from './listing.ts'

/** What the directory held: item id → the first half of its revision. Grows with people and groups. */
interface State {
  readonly items: Map<string, string>
  losses: string
}
const decode = (since: Cursor): State | undefined => {
  try {
    const read = JSON.parse(since) as { v: unknown; items: Record<string, string>; losses: unknown }
    return read.v === 1 ? { items: new Map(Object.entries(read.items)), losses: String(read.losses) } : undefined
  } catch {
    return undefined
  }
}
const encode = ({ items, losses }: State): Cursor =>
  cursor(JSON.stringify({ v: 1, items: Object.fromEntries([...items].toSorted(([a], [b]) => (a < b ? -1 : 1))), losses }))

type DirectoryKind = 'account' | 'group'
const methods = { account: 'users.list', group: 'groups.list' } as const

/** Accounts and groups, and what cannot be seen of them. Groups that may not be read are a loss and delete nothing. */
export async function* directoryChanges(
  google: Google,
  listed: Listed,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const read = since === undefined ? { items: new Map<string, string>(), losses: '' } : decode(since)
  if (read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const state = read ?? { items: new Map<string, string>(), losses: '' }
  const losses: Loss[] = []
  for (const kind of ['account', 'group'] as const) {
    const seen = new Set<ItemId>()
    try {
      for await (const { item, losses: own } of partOf(kind, google, listed, signal)) {
        losses.push(...own)
        if (item === undefined || seen.has(item.id)) continue
        seen.add(item.id)
        const brief = item.revision.slice(0, 16)
        if (state.items.get(item.id) === brief) continue
        yield { type: 'upsert', item }
        state.items.set(item.id, brief)
      }
    } catch (error) {
      if (kind === 'account' || !(error instanceof Fault) || error.code !== 'permission') throw error
      losses.push(dropped(itemId(kind, 'all'), 'withheld-by-source', error.message))
      continue
    }
    for (const id of state.items.keys()) {
      if (!id.startsWith(`${kind}/`) || seen.has(id as ItemId)) continue
      state.items.delete(id)
      yield { type: 'delete', id: id as ItemId, evidence: `absent-from-${methods[kind]}` }
    }
  }
  const about = hash('sha256', JSON.stringify(losses)).slice(0, 16)
  if (about !== state.losses) for (const loss of losses) yield { type: 'loss', loss }
  state.losses = about
  yield { type: 'checkpoint', cursor: encode(state) }
}

async function* partOf(
  kind: DirectoryKind,
  google: Google,
  { users, own }: Listed,
  signal: AbortSignal,
): AsyncGenerator<Mapped<'account'> | Mapped<'group'>> {
  if (own !== undefined) {
    if (kind === 'account') yield ownAccount(own.profile, own.raw, google.provenance(own.profile.id, 'oauth2.userinfo'))
  } else if (kind === 'group') yield* groups(google, users, signal)
  else for (const raw of users) yield account(raw, google.provenance(nativeId(raw), methods.account))
}

const nativeId = (raw: object): string => ('id' in raw && typeof raw.id === 'string' ? raw.id : '')
