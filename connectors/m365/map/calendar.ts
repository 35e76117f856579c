import type { Loss } from '../../../src/contract/fidelity.ts'
import { collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { Access, Calendar } from '../../../src/model/calendar.ts'
import type { WireCalendar, WirePermission } from '../calendar/wire.ts'
import { filled } from '../fields.ts'
import { degraded, itemOf, type Mapped, type Mapping } from './mapped.ts'

export const calendarId = (person: string, native: string): ItemId => itemId('calendar', person, native)

const roles: Readonly<Record<string, Access['role']>> = {
  freeBusyRead: 'free-busy',
  // Sees titles and places too, which the model has no role for: less, never more.
  limitedRead: 'free-busy',
  read: 'reader',
  write: 'writer',
  delegateWithoutPrivateEventAccess: 'writer',
  delegateWithPrivateEventAccess: 'writer',
}
const colors: Readonly<Record<string, string>> = {
  lightBlue: '#0078d4',
  lightGreen: '#107c10',
  lightOrange: '#ca5010',
  lightGray: '#69797e',
  lightYellow: '#c19c00',
  lightTeal: '#038387',
  lightPink: '#e3008c',
  lightBrown: '#8e562e',
  lightRed: '#d13438',
}

/** A calendar and who may see it. `permissions` undefined: they were not given. */
export function calendar(
  person: { readonly id: string; readonly address: string; readonly account: ItemId },
  given: WireCalendar,
  permissions: readonly WirePermission[] | undefined,
  raw: unknown,
  mapping: Mapping,
): Mapped<'calendar'> {
  const id = calendarId(person.id, given.id)
  const losses: Loss[] = []
  if (permissions === undefined) losses.push(degraded(id, 'access', 'withheld-by-source', 'who may see this calendar was not given'))
  if (permissions?.some(({ role }) => role === 'custom') === true)
    losses.push(degraded(id, 'access', 'no-such-concept', 'somebody has rights of their own making on this calendar'))
  if (permissions?.some(({ role }) => role === 'limitedRead') === true)
    losses.push(
      degraded(id, 'access', 'access-narrowed', 'somebody who may see titles and places is kept as one who sees free and busy times'),
    )
  const domain = person.address.slice(person.address.lastIndexOf('@') + 1).toLowerCase()
  const body: Calendar = {
    owner: person.account,
    name: filled(given.name) ?? 'Calendar',
    description: '',
    color: filled(given.hexColor) ?? colors[given.color ?? ''] ?? null,
    timezone: null,
    primary: given.isDefaultCalendar === true,
    hidden: false,
    access: accessOf(permissions ?? [], person.address, domain),
    reminders: [],
  }
  const collection = collectionId(`calendars/${person.id}`)
  return { item: itemOf({ kind: 'calendar', id, nativeId: given.id, collection, body, raw, blobs: [] }, mapping), losses }
}

function accessOf(permissions: readonly WirePermission[], owner: string, domain: string): Access[] {
  const access: Access[] = [{ scope: 'person', who: owner, role: 'owner' }]
  for (const { emailAddress, role } of permissions) {
    const granted = roles[role ?? '']
    const who = filled(emailAddress?.address ?? null)
    if (granted === undefined || who?.toLowerCase() === owner.toLowerCase()) continue
    // "My Organization" has no address.
    access.push(who === null ? { scope: 'domain', who: domain, role: granted } : { scope: 'person', who, role: granted })
  }
  const order = (each: Access): string => `${each.scope} ${each.who ?? ''} ${each.role}`
  return access.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
}
