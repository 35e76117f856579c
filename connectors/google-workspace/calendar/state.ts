import { type Cursor, cursor } from '../../../src/contract/ids.ts'

/** What is known of one calendar. */
export interface CalendarState {
  /** Google's sync token; null: not everything was listed yet. */
  token: string | null
  /** Where a full listing goes on, if one was broken off. */
  page: string | null
  /** Series met on earlier pages of that listing, by their id: they are read again in the end. */
  pending: readonly string[]
  /** Hash of the entry in the person's list that the details were read for. */
  entry: string
  /** Revision of the calendar's item. */
  item: string
  /** Hash of the default reminders that are written into its events. */
  reminders: string
  /** When access was last read, ISO 8601. */
  readAt: string
  /** UIDs that do not follow from the event's id, by that id: a deleted event may say nothing but its id. */
  readonly odd: Map<string, string>
  /** Whether asking for a series by its UID names occurrences that were taken out of it: known once it was seen. */
  byUid: 'unknown' | 'whole' | 'without cancelled'
  /** Those occurrences by series, unless asking is enough: ends of their ids (`20260302T080000Z`). */
  readonly gone: Map<string, readonly string[]>
}

/** Who reads a calendar of several owners, and when that was last asked. */
export interface Standing {
  readonly mine: boolean
  readonly shared: boolean
  readonly at: string
}

/** Everything that a person's calendars are resumed from. */
export interface State {
  readonly calendars: Map<string, CalendarState>
  readonly standings: Map<string, Standing>
  /** Hash of the losses that are not of one event. */
  losses: string
  /** Something is gone and only a full listing can say what; a refused calendar was in the way of it. */
  owed: boolean
}

export const freshCalendar = (): CalendarState => ({
  token: null,
  page: null,
  pending: [],
  entry: '',
  item: '',
  reminders: '',
  readAt: '',
  odd: new Map(),
  byUid: 'unknown',
  gone: new Map(),
})
export const freshState = (): State => ({ calendars: new Map(), standings: new Map(), losses: '', owed: false })

export const encode = ({ calendars, standings, losses, owed }: State): Cursor =>
  cursor(
    JSON.stringify({
      v: 1,
      calendars: Object.fromEntries(
        [...calendars].map(([id, { odd, gone, ...rest }]) => [
          id,
          { ...rest, odd: Object.fromEntries(odd), gone: Object.fromEntries(gone) },
        ]),
      ),
      standings: Object.fromEntries(standings),
      losses,
      owed,
    }),
  )

/** Undefined: not written by this version. */
export function decode(since: Cursor): State | undefined {
  try {
    const read = JSON.parse(since) as {
      v: unknown
      calendars: Record<
        string,
        Omit<CalendarState, 'odd' | 'gone'> & { odd: Record<string, string>; gone: Record<string, readonly string[]> }
      >
      standings: Record<string, Standing>
      losses: string
      owed: boolean
    }
    if (read.v !== 1) return undefined
    return {
      calendars: new Map(
        Object.entries(read.calendars).map(([id, { odd, gone, ...rest }]) => [
          id,
          { ...rest, odd: new Map(Object.entries(odd)), gone: new Map(Object.entries(gone)) },
        ]),
      ),
      standings: new Map(Object.entries(read.standings)),
      losses: read.losses,
      owed: read.owed,
    }
  } catch {
    return undefined
  }
}
