import { z } from 'zod'
import { Address, DateTimeZone, flag, ItemBody, listOf, number, PostalAddress, Recurrence, text, texts } from '../fields.ts'

const Response = z.object({ response: text, time: text }).nullable().catch(null)
const Recipient = z.object({ emailAddress: Address })
const Attendee = Recipient.extend({ type: text, status: Response })
const Location = z.object({
  displayName: text,
  locationType: text,
  locationEmailAddress: text,
  locationUri: text,
  address: PostalAddress,
  coordinates: z.object({ latitude: number, longitude: number }).nullable().catch(null),
})
const Phone = z.object({ number: text })
const OnlineMeeting = z
  .object({ joinUrl: text, conferenceId: text, tollNumber: text, tollFreeNumbers: texts, phones: listOf(Phone) })
  .nullable()
  .catch(null)

/** An `event` of Graph: https://learn.microsoft.com/graph/api/resources/event (read 2026-11-25). */
export const WireEvent = z.object({
  id: z.string().min(1),
  type: text,
  seriesMasterId: text,
  occurrenceId: text,
  originalStart: text,
  originalStartTimeZone: text,
  originalEndTimeZone: text,
  iCalUId: text,
  changeKey: text,
  createdDateTime: text,
  lastModifiedDateTime: text,
  subject: text,
  body: ItemBody,
  start: DateTimeZone,
  end: DateTimeZone,
  isAllDay: flag,
  isCancelled: flag,
  isDraft: flag,
  isOnlineMeeting: flag,
  isOrganizer: flag,
  isReminderOn: flag,
  reminderMinutesBeforeStart: number,
  hasAttachments: flag,
  hideAttendees: flag,
  allowNewTimeProposals: flag,
  responseRequested: flag,
  importance: text,
  sensitivity: text,
  showAs: text,
  categories: texts,
  location: Location.nullable().catch(null),
  locations: listOf(Location),
  organizer: Recipient.nullable().catch(null),
  attendees: listOf(Attendee),
  responseStatus: Response,
  recurrence: Recurrence,
  onlineMeeting: OnlineMeeting,
  onlineMeetingProvider: text,
  onlineMeetingUrl: text,
})
export type WireEvent = z.infer<typeof WireEvent>
export type WireAttendee = WireEvent['attendees'][number]

/** What is asked for of an event: everything that is read and no more. */
export const eventFields = Object.keys(WireEvent.shape).join(',')

/** A series with what was changed in it and taken out of it. Exceptions that cannot be read are `null`. */
export const WireSeries = z.object({
  exceptionOccurrences: z.array(WireEvent.nullable().catch(null)).catch([]),
  cancelledOccurrences: texts,
})

/** https://learn.microsoft.com/graph/api/resources/attachment (read 2026-11-25). */
export const WireAttachment = z.object({
  '@odata.type': text,
  id: z.string().min(1),
  name: text,
  contentType: text,
  size: number,
  isInline: flag,
  lastModifiedDateTime: text,
  sourceUrl: text,
})
export type WireAttachment = z.infer<typeof WireAttachment>

/** https://learn.microsoft.com/graph/api/resources/calendar (read 2026-11-25). */
export const WireCalendar = z.object({
  id: z.string().min(1),
  name: text,
  color: text,
  hexColor: text,
  changeKey: text,
  isDefaultCalendar: flag,
  canShare: flag,
  owner: Address,
})
export type WireCalendar = z.infer<typeof WireCalendar>

/** https://learn.microsoft.com/graph/api/resources/calendarpermission (read 2026-11-25). */
export const WirePermission = z.object({ emailAddress: Address, role: text, isInsideOrganization: flag })
export type WirePermission = z.infer<typeof WirePermission>
