import type { Attendee } from '../../../src/standards/attendee.ts'
import type { WireAttendee, WireEvent } from '../calendar/wire.ts'
import { filled } from '../fields.ts'

const statuses: Readonly<Record<string, Attendee['status']>> = {
  organizer: 'accepted',
  accepted: 'accepted',
  tentativelyAccepted: 'tentative',
  declined: 'declined',
}

/** `mailbox`: address of the person whose calendar it is. Of the others' answers an invited copy knows nothing; of its own it says more elsewhere. */
export function attendee(given: WireAttendee, event: WireEvent, mailbox: string): Attendee {
  const address = filled(given.emailAddress?.address ?? null)
  const own =
    address !== null && address.toLowerCase() === mailbox.toLowerCase() ? statuses[event.responseStatus?.response ?? ''] : undefined
  const resource = given.type === 'resource'
  return {
    address,
    name: filled(given.emailAddress?.name ?? null),
    role: resource ? 'non-participant' : given.type === 'optional' ? 'optional' : 'required',
    type: !resource ? 'person' : isRoom(address, event) ? 'room' : 'resource',
    status: own ?? statuses[given.status?.response ?? ''] ?? 'needs-action',
    comment: null,
  }
}

const isRoom = (address: string | null, event: WireEvent): boolean =>
  event.locations.some(
    ({ locationType, locationEmailAddress }) =>
      locationType === 'conferenceRoom' && locationEmailAddress?.toLowerCase() === address?.toLowerCase(),
  )

/** An appointment without guests names its owner as organizer; in a calendar file that would make it a meeting. */
export function organizer(event: WireEvent): Attendee | null {
  const { name = null, address = null } = event.organizer?.emailAddress ?? {}
  if (event.organizer === null || (event.attendees.length === 0 && event.isOrganizer !== false)) return null
  return { address: filled(address), name: filled(name), role: 'chair', type: 'person', status: 'accepted', comment: null }
}
