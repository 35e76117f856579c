import type { Mode } from './mode.ts'
import { type DavState, type Place, uidsIn, unfolded } from './state.ts'
import { inside, list, parse, textIn } from './xml.ts'

export interface Refusal {
  readonly status: number
  readonly message: string
  readonly condition?: string
}
export interface Limits {
  /** Largest object, in bytes. */
  readonly maxBytes: number
  readonly placesPerHour: number
  readonly maxPlaces: number
  /** True: a deleted object keeps its UID from being used again, as Nextcloud did before 24. */
  readonly uidsInTrash: boolean
}

/** Makes a place, as MKCALENDAR or extended MKCOL asks. */
export function make(
  on: { readonly mode: Mode; readonly state: DavState; readonly limits: Limits; readonly now: () => number },
  login: string,
  home: Place['kind'] | undefined,
  name: string,
  body: string,
): Refusal | Place {
  const { mode, state, limits } = on
  const tree = parse(body)
  const set = inside(tree, 'mkcalendar', 'set', 'prop') ?? inside(tree, 'mkcol', 'set', 'prop')
  const isCalendar = tree['mkcalendar'] !== undefined || inside(set, 'resourcetype', 'calendar') !== undefined
  const kind: Place['kind'] = isCalendar ? 'calendar' : 'addressbook'
  if (home !== undefined && home !== kind) return { status: 403, message: `no ${kind} can be made here` }
  if (state.find(login, home, name) !== undefined) return { status: 405, message: 'The resource you tried to create already exists' }
  const now = on.now()
  const recent = state.made.filter((one) => one.login === login && one.kind === kind && one.at > now - 3_600_000)
  if (mode.name === 'nextcloud' && recent.length >= limits.placesPerHour)
    return { status: 429, message: `Too many ${kind === 'calendar' ? 'calendars' : 'addressbooks'} created` }
  if (mode.name === 'nextcloud' && state.placesOf(login, kind).length >= limits.maxPlaces)
    return { status: 403, message: kind === 'calendar' ? 'Calendar limit reached' : 'AddressBook limit reached' }
  state.made.push({ login, kind, at: now })
  const place = state.add(login, kind, name, name)
  setProps(place, set)
  return place
}

export function setProps(place: Place, set: unknown): void {
  for (const name of ['displayname', 'calendar-description', 'addressbook-description', 'calendar-color', 'calendar-timezone']) {
    const value = inside(set, name)
    if (value !== undefined) place.props.set(name, textIn(value))
  }
  const components = list(inside(set, 'supported-calendar-component-set', 'comp')).map((comp) => String(inside(comp, '@name')))
  if (components.length > 0) place.components = components
}

/** Why an object may not be put, or undefined. */
export function objection(
  { mode, state, limits }: { readonly mode: Mode; readonly state: DavState; readonly limits: Limits },
  place: Place,
  name: string,
  text: string,
): Refusal | undefined {
  const bytes = Buffer.byteLength(text)
  if (mode.name === 'nextcloud' && bytes > limits.maxBytes)
    return { status: 403, message: `VEvent or VTodo object exceeds ${limits.maxBytes} bytes` }
  if (bytes > limits.maxBytes) return { status: 403, message: '', condition: 'max-resource-size' }
  const plain = unfolded(text)
  const shape = place.kind === 'calendar' ? /^BEGIN:VCALENDAR\r?\n[\s\S]*END:VCALENDAR\s*$/i : /^BEGIN:VCARD\r?\n[\s\S]*END:VCARD\s*$/i
  if (!shape.test(plain)) return { status: 415, message: 'This resource only supports valid data' }
  if (/^METHOD[;:]/im.test(plain)) return { status: 415, message: 'A METHOD may not be stored' }
  if (/[\u0000-\u0008\u000e-\u001f]/.test(plain)) return { status: 415, message: 'control letters in it' }
  const uids = uidsIn(text)
  if (uids.length !== 1) return { status: 415, message: 'one UID is needed' }
  if (place.kind === 'calendar' && !place.components.some((component) => plain.includes(`BEGIN:${component}`)))
    return { status: 403, message: 'not a component of this calendar', condition: 'supported-calendar-component' }
  const zones = new Set([...plain.matchAll(/TZID=(?:"([^"]*)"|([^;:]*))/g)].map((match) => match[1] ?? match[2] ?? ''))
  for (const zone of zones) if (!plain.includes(`TZID:${zone}`)) return { status: 415, message: `time zone ${zone} is not described` }
  const [uid] = uids
  for (const other of place.objects.values())
    if (other.uid === uid && other.name !== name)
      return mode.name === 'nextcloud'
        ? { status: 400, message: 'Calendar object with uid already exists in this calendar collection.' }
        : { status: 409, message: '', condition: 'no-uid-conflict' }
  const deleted = state.trash.find((one) => one.login === place.login && one.place === place.name && one.uid === uid)
  if (deleted !== undefined && limits.uidsInTrash && !place.objects.has(name))
    return { status: 400, message: 'Deleted calendar object with uid already exists in this calendar collection.' }
  return undefined
}

/** Replaces everything in a place by what stands in one text, each under its UID. */
export function putWhole(state: DavState, place: Place, text: string): Refusal | undefined {
  const plain = unfolded(text)
  const zones = [...plain.matchAll(/BEGIN:VTIMEZONE[\s\S]*?END:VTIMEZONE\r?\n/g)].map(([zone]) => zone)
  const parts =
    place.kind === 'addressbook'
      ? [...plain.matchAll(/BEGIN:VCARD[\s\S]*?END:VCARD\r?\n/g)].map(([card]) => card)
      : [...plain.matchAll(/BEGIN:(VEVENT|VTODO)\r?\n[\s\S]*?END:\1\r?\n/g)].map(([thing]) => thing)
  const byUid = Map.groupBy(parts, (part) => uidsIn(part)[0] ?? '')
  if (byUid.has('')) return { status: 400, message: 'without UID' }
  for (const name of [...place.objects.keys()]) state.remove(place, name, false)
  // A put of the whole sets the whole: title, colour and what it takes are gone.
  place.props.clear()
  if (place.kind === 'calendar') place.components = ['VEVENT', 'VJOURNAL', 'VTODO']
  for (const [uid, things] of byUid) {
    const used = zones.filter((zone) => things.some((thing) => thing.includes(/TZID:(.*)/.exec(zone)?.[1]?.trim() ?? ' ')))
    const whole =
      place.kind === 'addressbook'
        ? things.join('')
        : `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Emulator//EN\r\n${used.join('')}${things.join('')}END:VCALENDAR\r\n`
    state.put(place, `${uid.replaceAll(/[^\w@.-]/g, '_')}.${place.kind === 'calendar' ? 'ics' : 'vcf'}`, whole)
  }
  return undefined
}
