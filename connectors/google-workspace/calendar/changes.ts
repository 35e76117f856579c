import type { Change } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { type CollectionId, collectionId, type Cursor, itemId } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import { GoogleFault } from '../google-fault.ts'
import type { Google, GooglePerson } from '../google.ts'
import { hashOf } from '../hash.ts'
import { flag, type Json, objects, text } from '../json.ts'
import { degraded, dropped } from '../map/item.ts'
import { refused, tokenLost } from '../token-lost.ts'
import { changedEvents } from './changed.ts'
import { details } from './details.ts'
import { everyEvent } from './full.ts'
import { type Colleagues, readerByAccess, readerOf } from './ownership.ts'
import { calendarReading, type CalendarReading, type Place } from './reading.ts'
import type { EventRun } from './series.ts'
import { decode, encode, freshCalendar, freshState, type State } from './state.ts'

interface Found {
  readonly place: Place
  readonly entry: Json
}
interface Run {
  readonly reading: CalendarReading
  readonly collection: CollectionId
  readonly state: State
  /** Said once, for as long as they stand. */
  readonly losses: Loss[]
  /** Between a reset and the end of its listing nothing may be called complete. */
  readonly whole: boolean
}

/** The calendars of one person and their events. */
export async function* calendarChanges(
  google: Google,
  person: GooglePerson,
  colleagues: Colleagues,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const reading = await calendarReading(google, person)
  const collection = collectionId(`calendars/${person.id}`)
  const read = since === undefined ? freshState() : decode(since)
  if (read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const run: Run = { reading, collection, state: read ?? freshState(), losses: [], whole: read === undefined }
  const found = await find(run, colleagues, signal)
  const standing = [...run.losses]
  const blocked = new Set<string>()
  const never = new Set<string>()
  for (const [native, each] of found) {
    const outcome = yield* one(run, each, signal)
    if (outcome === 'refused') blocked.add(native)
    if (outcome === 'never read') never.add(native)
  }
  // Of events in a calendar that vanished nobody says that they are gone; only a full listing does, by not naming them.
  for (const id of run.state.calendars.keys()) if (!found.has(id)) run.state.owed = true
  if (!run.state.owed) {
    yield* closing(run)
    return
  }
  if (blocked.size > 0) {
    for (const [native, each] of found)
      if (!blocked.has(native) && run.state.calendars.get(native)?.token === null) yield* one(run, each, signal)
    yield* closing(run)
    return
  }
  yield { type: 'reset', why: 'a calendar is no longer there, or Google forgot where its changes begin' }
  // What is not said again after a reset is gone, losses too.
  const again: Run = { ...run, state: { ...freshState(), standings: run.state.standings }, losses: standing, whole: true }
  for (const [native, each] of found) if ((yield* one(again, each, signal)) !== 'read' && !never.has(native)) throw brokenOff()
  yield* closing(again)
}

const brokenOff = (): Fault =>
  new Fault({
    code: 'unavailable',
    what: 'Google broke off a full listing of calendars',
    remedy: 'Run again later; what was read before is kept',
    retry: { type: 'backoff' },
  })

function* closing({ state, losses }: Run): Generator<Change> {
  const about = losses.length === 0 ? '' : hashOf(losses)
  if (about !== state.losses) for (const loss of losses) yield { type: 'loss', loss }
  state.losses = about
  yield { type: 'checkpoint', cursor: encode(state) }
}

/** The calendars that this person reads, in the order of the list. */
async function find({ reading, state, losses }: Run, colleagues: Colleagues, signal: AbortSignal): Promise<ReadonlyMap<string, Found>> {
  const { person, google } = reading
  const now = google.ports.clock.now()
  const found = new Map<string, Found>()
  for (const entry of await entriesOf(reading, state, losses, signal)) {
    const native = text(entry['id'])
    if (native === '' || flag(entry['deleted'])) continue
    let reader = readerOf(entry, person, colleagues)
    if (reader === 'ask') {
      const known = state.standings.get(native)
      if (known !== undefined && now.getTime() - Date.parse(known.at) < google.config.settingsDays * 86_400_000)
        reader = known.mine ? (known.shared ? 'copy' : 'own') : 'others'
      else {
        const acl = await reading.acl(native, signal).catch((error: unknown) => {
          if (refused(error)) return []
          throw error
        })
        reader = readerByAccess(acl, person, colleagues)
        state.standings.set(native, { mine: reader !== 'others', shared: reader === 'copy', at: now.toISOString() })
      }
    }
    if (reader === 'generated')
      losses.push(
        dropped(itemId('calendar', native), 'excluded-by-policy', 'Google makes this calendar for everybody; subscribe to it anew'),
      )
    if (reader !== 'own' && reader !== 'copy') continue
    const parts = reader === 'own' ? [native] : [native, person.id]
    found.set(native, { place: { native, parts, item: itemId('calendar', ...parts) }, entry })
  }
  return found
}

/** The list. Somebody who has no Google Calendar has none; a list without the person's own calendar is no list. */
async function entriesOf(reading: CalendarReading, state: State, losses: Loss[], signal: AbortSignal): Promise<readonly Json[]> {
  try {
    const entries = await reading.entries(signal)
    if (entries.some((entry) => flag(entry['primary'])) || state.calendars.size === 0) return entries
  } catch (error) {
    if (!(error instanceof GoogleFault) || error.reason !== 'notACalendarUser' || state.calendars.size > 0) throw error
    losses.push(dropped(itemId('calendar', reading.person.address), 'withheld-by-source', 'this person has no Google Calendar'))
    return []
  }
  throw new Fault({
    code: 'unavailable',
    what: "Google's list of calendars is incomplete",
    why: "the person's own calendar is missing in it",
    remedy: 'Run again later; what was read before is kept',
    retry: { type: 'backoff' },
  })
}

/**
 * One calendar: itself, then its events. What Google refuses of it stops nobody else and deletes nothing; `never read`: nothing of it
 * was there to be deleted.
 */
async function* one(run: Run, { place, entry }: Found, signal: AbortSignal): AsyncGenerator<Change, 'read' | 'refused' | 'never read'> {
  const { state, reading, collection } = run
  const known = state.calendars.get(place.native) ?? freshCalendar()
  state.calendars.set(place.native, known)
  yield* details(reading, place, entry, known, collection, signal)
  const reminders = objects(entry['defaultReminders'])
  const facts = {
    place: place.parts,
    item: place.item,
    address: reading.person.address,
    zone: text(entry['timeZone']) === '' ? null : text(entry['timeZone']),
    reminders,
  }
  const events: EventRun = { reading, native: place.native, facts, state: known, collection }
  try {
    const started = known.token !== null || known.page !== null
    if (known.token !== null) yield* changedEvents(events, signal)
    // Events that say "as usual" look different when what is usual does.
    if (started && known.page === null && known.reminders !== hashOf([reminders, facts.zone])) known.token = null
    if (known.token === null) {
      const usual = known.page === null ? hashOf([reminders, facts.zone]) : known.reminders
      for await (const change of everyEvent(events, signal)) {
        if (change !== undefined) yield change
        else if (!run.whole) {
          known.reminders = usual
          yield { type: 'checkpoint', cursor: encode(state) }
        }
      }
      known.reminders = usual
    }
    if (!run.whole) yield { type: 'checkpoint', cursor: encode(state) }
    return 'read'
  } catch (error) {
    if ((known.token !== null || known.page !== null) && tokenLost(error)) {
      if (run.whole) throw brokenOff()
      known.token = null
      known.page = null
      known.pending = []
      state.owed = true
      return 'read'
    }
    if (!refused(error)) throw error
    run.losses.push(degraded(place.item, 'events', 'withheld-by-source', `its events could not be read: ${error.message}`))
    return known.reminders === '' ? 'never read' : 'refused'
  }
}
