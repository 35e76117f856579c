import type { Attendee } from '../../../src/standards/attendee.ts'
import { filled, flag, type Json, objects, object, text, whole } from '../json.ts'

const answers: { readonly [word: string]: Attendee['status'] } = { accepted: 'accepted', declined: 'declined', tentative: 'tentative' }

/** Everybody invited, in the order of their addresses: Google's order means nothing and varies. */
export function attendees(event: Json): readonly Attendee[] {
  return objects(event['attendees'])
    .map((given) => {
      const guests = whole(given['additionalGuests']) ?? 0
      return {
        address: filled(given['email']),
        name: filled(given['displayName']),
        role: flag(given['organizer']) ? ('chair' as const) : flag(given['optional']) ? ('optional' as const) : ('required' as const),
        type: flag(given['resource']) ? ('resource' as const) : ('person' as const),
        status: answers[text(given['responseStatus'])] ?? ('needs-action' as const),
        comment: filled(given['comment']),
        ...(guests > 0 ? { params: { 'X-NUM-GUESTS': String(guests) } } : {}),
      }
    })
    .toSorted((a, b) => compare(a.address ?? '', b.address ?? '') || compare(a.name ?? '', b.name ?? ''))
}

/** Nobody, where an event is only its owner's: an ORGANIZER would make it an invitation elsewhere. */
export function organizer(event: Json): Attendee | null {
  const given = object(event['organizer'])
  if (given === undefined || (flag(given['self']) && objects(event['attendees']).length === 0)) return null
  const address = filled(given['email'])
  const name = filled(given['displayName'])
  if (address === null && name === null) return null
  return { address, name, role: 'chair', type: 'person', status: 'accepted', comment: null }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
