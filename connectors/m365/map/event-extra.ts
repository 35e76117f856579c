import type { Extra } from '../../../src/standards/extra.ts'
import type { WireEvent } from '../calendar/wire.ts'
import { wordy } from './event-text.ts'

const busy: Readonly<Record<string, string>> = {
  free: 'FREE',
  tentative: 'TENTATIVE',
  busy: 'BUSY',
  oof: 'OOF',
  workingElsewhere: 'WORKINGELSEWHERE',
}

/**
 * What iCalendar has no word for, under the names that Outlook's own calendar files use where it has some
 * (https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcical, read 2026-11-25).
 */
export function extrasOf(event: WireEvent): readonly Extra[] {
  const html = wordy(event.body) ? (event.body?.content ?? '') : ''
  const status = busy[event.showAs ?? '']
  const importance = event.importance === 'high' ? '2' : event.importance === 'low' ? '0' : undefined
  const yes = (when: boolean, name: string, value = 'TRUE'): readonly Extra[] => (when ? [{ name, value }] : [])
  return [
    ...(html === '' ? [] : [{ name: 'X-ALT-DESC', value: html, params: { FMTTYPE: 'text/html' } }]),
    ...(status === undefined ? [] : [{ name: 'X-MICROSOFT-CDO-BUSYSTATUS', value: status }]),
    ...(importance === undefined ? [] : [{ name: 'X-MICROSOFT-CDO-IMPORTANCE', value: importance }]),
    ...yes(event.sensitivity === 'personal', 'X-MICROSOFT-SENSITIVITY', 'PERSONAL'),
    ...yes(event.hideAttendees === true, 'X-MICROSOFT-HIDE-ATTENDEES'),
    ...yes(event.allowNewTimeProposals === false, 'X-MICROSOFT-DISALLOW-COUNTER'),
    ...yes(event.responseRequested === false, 'X-MICROSOFT-RESPONSE-REQUESTED', 'FALSE'),
    ...yes(event.isDraft === true, 'X-MICROSOFT-ISDRAFT'),
    ...placesOf(event),
  ]
}

/** Outlook's own notation, where a place has more than its name. */
function placesOf({ locations }: WireEvent): readonly Extra[] {
  const telling = locations.some(({ address, coordinates, locationEmailAddress }) => address ?? coordinates ?? locationEmailAddress)
  if (locations.length < 2 && !telling) return []
  const places = locations.map(({ displayName, locationEmailAddress, locationUri, address, coordinates }) => ({
    DisplayName: displayName ?? '',
    LocationSmtpAddress: locationEmailAddress ?? '',
    LocationUri: locationUri ?? '',
    LocationStreet: address?.street ?? '',
    LocationCity: address?.city ?? '',
    LocationState: address?.state ?? '',
    LocationCountry: address?.countryOrRegion ?? '',
    LocationPostalCode: address?.postalCode ?? '',
    ...(coordinates?.latitude == null ? {} : { Latitude: coordinates.latitude, Longitude: coordinates.longitude }),
  }))
  return [{ name: 'X-MICROSOFT-LOCATIONS', value: JSON.stringify(places) }]
}
