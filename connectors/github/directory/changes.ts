import { hash } from 'node:crypto'
import type { Change } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { type Cursor, cursor, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import { coverage } from '../coverage.ts'
import { refused } from '../github-fault.ts'
import type { Github } from '../github.ts'
import type { Listing } from '../listing.ts'
import { dropped } from '../map/item.ts'
import { readPeople } from './people.ts'
import { readTeams } from './teams.ts'

/** What the directory held: item id → the first half of its revision. Grows with people and teams. */
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

/** People and teams, and what the token does not see at all. A list that is refused is a loss and deletes nothing. */
export async function* directoryChanges(
  github: Github,
  listing: Listing,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const read = since === undefined ? undefined : decode(since)
  if (since !== undefined && read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const state = read ?? { items: new Map<string, string>(), losses: '' }
  const losses: Loss[] = [...(await coverage(github, listing, signal)).losses]
  const people = await readPeople(github, listing.isOrganisation, signal)
  losses.push(...people.losses)
  yield* compared(state, 'account', people.items, people.whole)
  if (listing.isOrganisation) {
    try {
      const teams = await readTeams(github, signal)
      losses.push(...teams.losses)
      yield* compared(state, 'group', teams.items, true)
    } catch (error) {
      if (!refused(error)) throw error
      losses.push(dropped(itemId('group', 'all'), 'withheld-by-source', error.message))
    }
  }
  const about = losses.length === 0 ? '' : hash('sha256', JSON.stringify(losses)).slice(0, 16)
  if (about !== state.losses) for (const loss of losses) yield { type: 'loss', loss }
  state.losses = about
  yield { type: 'checkpoint', cursor: encode(state) }
}

function* compared({ items }: State, kind: 'account' | 'group', found: readonly SourceItem[], whole: boolean): Generator<Change> {
  const seen = new Set<string>(found.map(({ id }) => id))
  for (const item of found) {
    const brief = item.revision.slice(0, 16)
    if (items.get(item.id) === brief) continue
    items.set(item.id, brief)
    yield { type: 'upsert', item }
  }
  if (!whole) return
  for (const id of items.keys()) {
    if (!id.startsWith(`${kind}/`) || seen.has(id)) continue
    items.delete(id)
    yield { type: 'delete', id: id as ItemId, evidence: kind === 'account' ? 'absent-from-members' : 'absent-from-teams' }
  }
}
