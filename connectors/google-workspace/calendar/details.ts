import type { Change } from '../../../src/contract/connector.ts'
import type { CollectionId } from '../../../src/contract/ids.ts'
import { hashOf } from '../hash.ts'
import type { Json } from '../json.ts'
import { calendar } from '../map/calendar.ts'
import { itemOf } from '../map/item.ts'
import { refused } from '../token-lost.ts'
import type { CalendarReading, Place } from './reading.ts'
import type { CalendarState } from './state.ts'

/** What of an entry says that the calendar changed. */
export const entryHash = (entry: Json): string => hashOf({ ...entry, etag: null })

/**
 * The calendar itself and who may see it, read when its entry in the list changed and every `settingsDays`: a change of access alone
 * shows nowhere. Read 2026-11-25: https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list (syncToken)
 */
export async function* details(
  reading: CalendarReading,
  place: Place,
  entry: Json,
  state: CalendarState,
  collection: CollectionId,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const { google, person } = reading
  const now = google.ports.clock.now()
  const due = state.readAt === '' || now.getTime() - Date.parse(state.readAt) >= google.config.settingsDays * 86_400_000
  const known = entryHash(entry)
  if (known === state.entry && !due) return
  const acl = await optional(() => reading.acl(place.native, signal))
  const whole = await optional(() => reading.calendar(place.native, signal))
  const { body, losses } = calendar(entry, acl, person.account, place.item)
  const raw = { calendarListEntry: entry, ...(acl === undefined ? {} : { acl }), ...(whole === undefined ? {} : { calendar: whole }) }
  const provenance = google.provenance(place.native, 'calendarList.list')
  const item = itemOf({ kind: 'calendar', id: place.item, collection, body, raw, blobs: [], provenance })
  if (item.revision !== state.item) {
    yield { type: 'upsert', item }
    for (const loss of losses) yield { type: 'loss', loss }
  }
  state.item = item.revision
  state.entry = known
  state.readAt = now.toISOString()
}

/** A part that may not be read is left out, and the item says so. */
async function optional<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (refused(error)) return undefined
    throw error
  }
}
