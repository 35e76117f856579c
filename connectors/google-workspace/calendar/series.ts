import type { Change } from '../../../src/contract/connector.ts'
import type { CollectionId } from '../../../src/contract/ids.ts'
import type { Json } from '../json.ts'
import { filled } from '../json.ts'
import { baseOf, eventId, madeUid } from '../map/event-id.ts'
import { type CalendarFacts, event, isCancelled } from '../map/event.ts'
import { dropped, itemOf } from '../map/item.ts'
import { GoogleFault } from '../google-fault.ts'
import { paged } from '../paged.ts'
import type { CalendarReading } from './reading.ts'
import type { CalendarState } from './state.ts'
import { completed, remember } from './taken-out.ts'

/** One calendar while its events are read. */
export interface EventRun {
  readonly reading: CalendarReading
  readonly native: string
  readonly facts: CalendarFacts
  readonly state: CalendarState
  readonly collection: CollectionId
}

/** The UID of what shares an id: said by one of its parts, remembered, or made from the id as Google makes it. */
export function uidOfBase(base: string, parts: readonly Json[], state: CalendarState): string {
  const said = parts.map((part) => filled(part['iCalUID'])).find((uid) => uid !== null)
  if (said === undefined || said === null) return state.odd.get(base) ?? madeUid(base)
  if (said !== madeUid(base)) state.odd.set(base, said)
  return said
}

/** The event as an item, or that it is gone, or why it cannot be carried. */
export function* eventChanges(run: EventRun, uid: string, parts: readonly Json[], evidence: string): Generator<Change> {
  const { reading, native, facts, collection } = run
  const { id, body, losses } = event(uid, parts, facts)
  if (body !== undefined) {
    const raw = parts.length === 1 && parts[0] !== undefined ? parts[0] : { items: parts }
    const provenance = reading.google.provenance(`${native}/${uid}`, 'events.list')
    yield { type: 'upsert', item: itemOf({ kind: 'event', id, collection, body, raw, blobs: [], provenance }) }
  } else if (losses.length === 0) yield { type: 'delete', id, evidence }
  for (const loss of losses) yield { type: 'loss', loss }
}

/**
 * A series as it is now, whole. Reading by UID and sync tokens exclude each other, so this is a question of its own. A UID that Google
 * cannot be asked for is a loss of that event, and what was read of it before stays. `bases`: ids of the series with this UID; `inHand`:
 * all of it as a listing gave it, if one did.
 */
export async function* rereadChanges(
  run: EventRun,
  uid: string,
  bases: readonly string[],
  inHand: readonly Json[],
  evidence: string,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const parts: Json[] = []
  try {
    const ask = async (pageToken: string | undefined) => {
      const page = await run.reading.events(run.native, { iCalUID: uid, pageToken }, signal)
      return { page, next: page.nextPageToken }
    }
    for await (const { page } of paged('events', ask)) parts.push(...page.items)
  } catch (error) {
    if (!(error instanceof GoogleFault) || error.code !== 'rejected') throw error
    if (inHand.length > 0) yield* eventChanges(run, uid, inHand, evidence)
    else yield { type: 'loss', loss: dropped(eventId(run.facts.place, uid), 'withheld-by-source', error.message) }
    return
  }
  yield* eventChanges(run, uid, ordered(completed(run.state, bases, parts)), evidence)
}

/** Google's order is not promised: the series first, then its occurrences by id. */
export const ordered = (parts: readonly Json[]): readonly Json[] =>
  parts.toSorted((a, b) => String(a['id']).length - String(b['id']).length || (String(a['id']) < String(b['id']) ? -1 : 1))

/** Parts that share a UID, whatever id they are under. */
export function byUid(groups: ReadonlyMap<string, readonly Json[]>, state: CalendarState): ReadonlyMap<string, readonly Json[]> {
  const found = new Map<string, Json[]>()
  for (const [base, parts] of groups) {
    const uid = uidOfBase(base, parts, state)
    found.set(uid, [...(found.get(uid) ?? []), ...parts])
  }
  return found
}

/** Collects parts by the id of their series. */
export function gather(groups: Map<string, Json[]>, part: Json, state: CalendarState): void {
  remember(state, part)
  const base = baseOf(part)
  const parts = groups.get(base)
  if (parts === undefined) groups.set(base, [part])
  else parts.push(part)
}

export const deleted = (part: Json): boolean => isCancelled(part) && filled(part['recurringEventId']) === null

/** Neither id nor UID: nothing can be asked or said of it again. */
export function* nameless(run: EventRun, part: Json): Generator<Change, boolean> {
  if (filled(part['id']) !== null || filled(part['iCalUID']) !== null) return false
  yield { type: 'loss', loss: dropped(eventId(run.facts.place, 'unnamed'), 'invalid-at-source', 'an event without an id') }
  return true
}
