import type { JsonValue } from '../../../src/contract/json.ts'
import { canonicalJson } from '../../../src/model/canonical.ts'
import type { Conference } from '../../../src/standards/conference.ts'
import type { Extra } from '../../../src/standards/extra.ts'
import { filled, flag, type Json, object, objects, text } from '../json.ts'

/** Google's eleven event colours by the nearest word that the standard knows; the number stands in X-GOOGLE-COLOR-ID. */
const colors: { readonly [id: string]: string } = {
  1: 'mediumslateblue',
  2: 'mediumseagreen',
  3: 'darkorchid',
  4: 'salmon',
  5: 'gold',
  6: 'orangered',
  7: 'deepskyblue',
  8: 'dimgray',
  9: 'royalblue',
  10: 'seagreen',
  11: 'crimson',
}
export const colorOf = (event: Json): string | null => colors[text(event['colorId'])] ?? null

/** Ways into an online meeting; codes to dial go to the notes. */
export function conferences(event: Json): readonly Conference[] {
  const given = object(event['conferenceData'])
  const said = filled(given?.['notes'])
  const points = objects(given?.['entryPoints']).flatMap((point): readonly Conference[] => {
    const url = filled(point['uri'])
    if (url === null) return []
    const codes = ['meetingCode', 'accessCode', 'passcode', 'password', 'pin', 'regionCode'].flatMap((name) => {
      const value = filled(point[name])
      return value === null ? [] : [`${name}: ${value}`]
    })
    const kind = text(point['entryPointType'])
    const type = kind === 'video' || kind === 'phone' || kind === 'sip' ? kind : 'more'
    return [{ url, label: filled(point['label']), type, notes: codes.length === 0 ? null : codes.join(', ') }]
  })
  const old = filled(event['hangoutLink'])
  const all =
    old === null || points.some(({ url }) => url === old)
      ? points
      : [...points, { url: old, label: null, type: 'video' as const, notes: null }]
  return all.map((point, at) =>
    at > 0 || said === null ? point : { ...point, notes: [point.notes, said].filter((note) => note !== null).join('\n') },
  )
}

/** What an event says that the standard has no word for. What is as it usually is, is not said. */
export function eventExtra(event: Json): readonly Extra[] {
  const extra: Extra[] = []
  const add = (name: string, value: string | null, params?: Extra['params']): void =>
    void (value === null || extra.push({ name, value, ...(params === undefined ? {} : { params }) }))
  const type = filled(event['eventType'])
  add('X-GOOGLE-EVENT-TYPE', type === 'default' ? null : type)
  add('X-GOOGLE-COLOR-ID', filled(event['colorId']))
  add('X-GOOGLE-EVENT-LABEL-ID', filled(event['eventLabelId']))
  if (text(event['visibility']) === 'public') add('CLASS', 'PUBLIC')
  for (const [field, usual] of usually)
    if (typeof event[field] === 'boolean' && event[field] !== usual) add(`X-GOOGLE-${upper(field)}`, usual ? 'FALSE' : 'TRUE')
  for (const field of structured)
    if (object(event[field]) !== undefined) add(`X-GOOGLE-${upper(field)}`, canonicalJson(event[field] as JsonValue))
  const conference = object(event['conferenceData'])
  add('X-GOOGLE-CONFERENCE-ID', filled(conference?.['conferenceId']))
  add('X-GOOGLE-CONFERENCE-SOLUTION', filled(object(conference?.['conferenceSolution'])?.['name']))
  const source = object(event['source'])
  const title = filled(source?.['title'])
  add('X-GOOGLE-SOURCE', filled(source?.['url']) ?? title, title === null ? undefined : { 'X-TITLE': title })
  const creator = filled(object(event['creator'])?.['email'])
  if (creator !== filled(object(event['organizer'])?.['email'])) add('X-GOOGLE-CREATOR', creator)
  if (flag(object(event['reminders'])?.['useDefault'])) add('X-GOOGLE-DEFAULT-REMINDERS', 'TRUE')
  for (const scope of ['private', 'shared'])
    for (const [key, value] of Object.entries(object(object(event['extendedProperties'])?.[scope]) ?? {}).toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    ))
      if (typeof value === 'string') add('X-GOOGLE-EXTENDED-PROPERTY', value, { 'X-SCOPE': scope, 'X-KEY': key })
  return extra
}

const usually = [
  ['guestsCanInviteOthers', true],
  ['guestsCanModify', false],
  ['guestsCanSeeOtherGuests', true],
  ['anyoneCanAddSelf', false],
  ['privateCopy', false],
  ['locked', false],
  ['endTimeUnspecified', false],
] as const
const structured = ['birthdayProperties', 'focusTimeProperties', 'outOfOfficeProperties', 'workingLocationProperties', 'gadget'] as const
const upper = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `-${letter}`).toUpperCase()
