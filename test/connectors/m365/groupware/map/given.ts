import { WireEvent } from '../../../../../connectors/m365/calendar/wire.ts'
import { event, type EventGiven } from '../../../../../connectors/m365/map/event.ts'
import type { Mapped } from '../../../../../connectors/m365/map/mapped.ts'
import { linesOf } from '../reading.ts'

const mapping = { source: 'acme', fetchedAt: '2026-11-25T03:00:00Z', endpoint: 'users/events' }
export const utc = (dateTime: string) => ({ dateTime: `${dateTime}.0000000`, timeZone: 'UTC' })
export const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' },
  range: { type: 'noEnd', startDate: '2026-03-02', endDate: '0001-01-01', recurrenceTimeZone: 'W. Europe Standard Time' },
}
/** An hour on a Monday, as Graph gives it, and what is said otherwise. */
export const wire = (more: object): WireEvent =>
  WireEvent.parse({
    id: 'E1',
    type: 'singleInstance',
    iCalUId: '040000008200E00074C5B7101A82E008AA',
    subject: 'Treffen',
    start: utc('2026-03-02T08:00:00'),
    end: utc('2026-03-02T09:00:00'),
    originalStartTimeZone: 'W. Europe Standard Time',
    originalEndTimeZone: 'W. Europe Standard Time',
    lastModifiedDateTime: '2026-02-01T10:00:00Z',
    showAs: 'busy',
    ...more,
  })
export const map = (more: object, rest: Partial<EventGiven> = {}): Mapped<'event'> =>
  event(
    {
      person: { id: 'P', address: 'Ada@example.org' },
      calendar: 'C',
      event: wire(more),
      exceptions: [],
      cancelled: [],
      attached: [],
      raw: {},
      ...rest,
    },
    mapping,
  )
/** The content lines it becomes. */
export const lines = (more: object, rest?: Partial<EventGiven>): readonly string[] => linesOf(map(more, rest).item?.body.ics ?? '')
