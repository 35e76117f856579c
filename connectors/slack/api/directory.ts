import { hash } from 'node:crypto'
import type { Change } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { type Cursor, cursor, type ItemId, itemId } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import { account } from '../map/account.ts'
import { emoji } from '../map/emoji.ts'
import { group } from '../map/group.ts'
import { dropped, type Mapped } from '../map/item.ts'
import { SlackFault } from '../slack-fault.ts'
import { text, type Wire, whole, wire, wires } from '../wire.ts'
import type { Listed } from './listing.ts'
import type { Reader } from './reader.ts'

/** What the directory held: item id → the first half of its revision. Grows with people, groups and emoji. */
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

type DirectoryKind = 'account' | 'group' | 'emoji'
const methods = { account: 'users.list', group: 'usergroups.list', emoji: 'emoji.list' } as const

/** Accounts, groups and emoji, and what the token does not see. A part that may not be read is a loss and deletes nothing. */
export async function* directoryChanges(
  reader: Reader,
  listed: Listed,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const read = since === undefined ? { items: new Map<string, string>(), losses: '' } : decode(since)
  if (read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const state = read ?? { items: new Map<string, string>(), losses: '' }
  const losses: Loss[] = [...listed.losses]
  for (const kind of ['account', 'group', 'emoji'] as const) {
    const seen = new Set<ItemId>()
    try {
      for await (const { mapped, brief, whole: all } of partOf(kind, reader, signal)) {
        if (mapped.item === undefined) for (const loss of mapped.losses) yield { type: 'loss', loss }
        if (mapped.item === undefined || seen.has(mapped.item.id)) continue
        seen.add(mapped.item.id)
        if (state.items.get(mapped.item.id) === brief) continue
        const { item, losses: own } = await all()
        if (item !== undefined) yield { type: 'upsert', item }
        for (const loss of own) yield { type: 'loss', loss }
        state.items.set(mapped.item.id, brief)
      }
    } catch (error) {
      const loss = lossOf(kind, error)
      if (loss === undefined) throw error
      if (loss !== 'none') losses.push(loss)
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

/** People are needed for everything; groups and emoji may be out of sight. A free plan has no groups, which is no loss. */
function lossOf(kind: DirectoryKind, error: unknown): Loss | 'none' | undefined {
  if (kind === 'account' || !(error instanceof Fault) || error.code !== 'permission') return undefined
  if (error instanceof SlackFault && ['plan_upgrade_required', 'paid_teams_only'].includes(error.error)) return 'none'
  return dropped(itemId(kind, 'all'), 'withheld-by-source', error.message)
}

/** One entry as its list gives it, what tells whether it changed, and the whole of it, which may cost a call. */
interface Found {
  readonly mapped: Mapped<DirectoryKind>
  readonly brief: string
  readonly whole: () => Promise<Mapped<DirectoryKind>>
}
const found = (mapped: Mapped<DirectoryKind>): Found => ({
  mapped,
  brief: mapped.item?.revision.slice(0, 16) ?? '',
  whole: async () => mapped,
})

async function* partOf(kind: DirectoryKind, reader: Reader, signal: AbortSignal): AsyncGenerator<Found> {
  const mapping = reader.mapping(methods[kind])
  switch (kind) {
    case 'account': {
      const labels = await profileLabels(reader, signal)
      for await (const page of reader.list('users.list', 'members', { limit: 500, include_locale: true }, signal))
        for (const user of wires(page)) {
          const mapped = account(user, labels, mapping)
          const brief = `${found(mapped).brief} ${whole(user['updated']) ?? 0}`
          yield {
            mapped,
            brief,
            whole: async () => (labels.size === 0 ? mapped : account(await withProfile(reader, user, signal), labels, mapping)),
          }
        }
      return
    }
    case 'group': {
      const answer = await reader.call('usergroups.list', { include_users: true, include_disabled: true, include_count: true }, signal)
      for (const entry of wires(answer['usergroups'])) yield found(group(entry, mapping))
      return
    }
    case 'emoji': {
      const answer = await reader.call('emoji.list', {}, signal)
      for (const [name, value] of Object.entries(wire(answer['emoji']) ?? {})) yield found(emoji(name, value, mapping))
    }
  }
}

/** Custom profile fields are in no list; they are asked for when somebody is new or their `updated` moved. */
async function withProfile(reader: Reader, user: Wire, signal: AbortSignal): Promise<Wire> {
  if (user['deleted'] === true || user['is_bot'] === true || user['id'] === 'USLACKBOT') return user
  try {
    const profile = wire((await reader.call('users.profile.get', { user: text(user['id']) ?? '' }, signal))['profile'])
    return { ...user, profile: { ...wire(user['profile']), fields: profile?.['fields'] ?? {} } }
  } catch (error) {
    if (error instanceof Fault && (error.code === 'permission' || error.code === 'rejected' || error.code === 'gone')) return user
    throw error
  }
}

async function profileLabels(reader: Reader, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  try {
    const profile = wire((await reader.call('team.profile.get', {}, signal))['profile'])
    return new Map(wires(profile?.['fields']).map((field) => [text(field['id']) ?? '', text(field['label']) ?? '']))
  } catch (error) {
    if (error instanceof Fault && (error.code === 'permission' || error.code === 'rejected')) return new Map()
    throw error
  }
}
