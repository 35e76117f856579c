import { type Line, line } from './lines.ts'
import { uriValue } from './text.ts'

/** Somebody invited, or who invites. `address`: e-mail address or a URI; null: not known. */
export interface Attendee {
  readonly address: string | null
  readonly name: string | null
  readonly role: 'required' | 'optional' | 'non-participant' | 'chair'
  readonly type: 'person' | 'group' | 'room' | 'resource'
  readonly status: 'needs-action' | 'accepted' | 'declined' | 'tentative' | 'delegated'
  /** What was said with the answer. */
  readonly comment: string | null
  /** Further parameters, `X-...`. */
  readonly params?: Readonly<Record<string, string>>
}

const roles = { required: null, optional: 'OPT-PARTICIPANT', 'non-participant': 'NON-PARTICIPANT', chair: 'CHAIR' } as const
const types = { person: null, group: 'GROUP', room: 'ROOM', resource: 'RESOURCE' } as const

export function attendeeLine(attendee: Attendee): Line {
  return line('ATTENDEE', calAddress(attendee.address), {
    CN: attendee.name,
    CUTYPE: types[attendee.type],
    ROLE: roles[attendee.role],
    PARTSTAT: attendee.status.toUpperCase(),
    // The parameter Google's own calendar files use.
    'X-RESPONSE-COMMENT': attendee.comment,
    ...attendee.params,
  })
}

export function organizerLine({ address, name, params }: Attendee): Line {
  return line('ORGANIZER', calAddress(address), { CN: name, ...params })
}

/** `invalid:nomail` is what calendars write for somebody without an address: the standard wants a URI. */
function calAddress(address: string | null): string {
  if (address === null || address.trim() === '') return 'invalid:nomail'
  const clean = uriValue(address)
  return /^[a-z][a-z0-9+.-]*:/i.test(clean) ? clean : `mailto:${clean}`
}
