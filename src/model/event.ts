import { z } from 'zod'
import { FileRef } from './file.ts'

/**
 * One event, or one whole series with everything that was changed in or taken out of it: what shares a UID in one calendar.
 * `ics` is an iCalendar object (RFC 5545), CRLF, folded, complete with VTIMEZONE, without METHOD, as text:
 * mapping stays a function of the item, and `ics` alone is a file any calendar opens. What the standard has no word for stands in `X-` properties.
 */
export const Event = z.strictObject({
  /** Item id of the calendar. */
  calendar: z.string(),
  uid: z.string(),
  ics: z.string(),
  /** First start: ISO 8601, UTC, or a date for whole days; null: cannot be told. */
  start: z.string().nullable(),
  recurring: z.boolean(),
  /** The ATTACH lines of `ics` name the same addresses. */
  attachments: z.array(FileRef),
})
export type Event = z.infer<typeof Event>
