import { User } from '../directory/wire.ts'
import { filled, flag, type Json, object, text } from '../json.ts'

/**
 * Who reads a calendar, so that each is read once.
 * - `own`: this person, for everybody
 * - `copy`: nobody of the organisation owns it and nobody can be told to; each who has it keeps a copy of their own
 * - `others`: somebody else of the organisation
 * - `generated`: Google makes it (holidays, birthdays of contacts); nothing in it is anybody's
 * - `ask`: who may do what in it decides
 */
export type Reader = 'own' | 'copy' | 'others' | 'generated' | 'ask'

/** Addresses, in lower case, of people who own calendars, and the id of the person behind each. */
export type Colleagues = ReadonlyMap<string, string>

/** Everybody in the directory who can be asked: in the name of the suspended nothing is read, so others read what was theirs. */
export function colleaguesOf(users: readonly object[]): Colleagues {
  const colleagues = new Map<string, string>()
  for (const raw of users) {
    const user = User.safeParse(raw)
    if (!user.success || user.data.suspended === true || user.data.archived === true) continue
    for (const address of [user.data.primaryEmail, ...user.data.aliases, ...user.data.nonEditableAliases])
      colleagues.set(address.toLowerCase(), user.data.id)
  }
  return colleagues
}

/** What an entry of the list alone tells. A calendar has one `dataOwner`; its role `owner` may be given to many. */
export function readerOf(entry: Json, person: { readonly id: string; readonly address: string }, colleagues: Colleagues): Reader {
  const id = text(entry['id'])
  if (id.endsWith('@group.v.calendar.google.com')) return 'generated'
  if (flag(entry['primary'])) return 'own'
  const owner = (filled(entry['dataOwner']) ?? id).toLowerCase()
  if (owner === person.address.toLowerCase()) return 'own'
  const colleague = colleagues.get(owner)
  if (colleague !== undefined) return colleague === person.id ? 'own' : 'others'
  // Only those who may write are shown who may do what.
  const role = text(entry['accessRole'])
  return role === 'owner' || role === 'writer' ? 'ask' : 'copy'
}

const ranks: { readonly [role: string]: number } = { owner: 0, writer: 1, writerWithoutPrivateAccess: 2, reader: 3 }

/** Of all who are named, the first by role and address: everybody who asks comes to the same. */
export function readerByAccess(acl: readonly Json[], person: { readonly id: string }, colleagues: Colleagues): 'own' | 'copy' | 'others' {
  const named = acl.flatMap((rule) => {
    const who = text(object(rule['scope'])?.['value']).toLowerCase()
    const rank = ranks[text(rule['role'])]
    const colleague = colleagues.get(who)
    return rank === undefined || colleague === undefined ? [] : [{ rank, who, colleague }]
  })
  const [first] = named.toSorted((a, b) => a.rank - b.rank || (a.who < b.who ? -1 : 1))
  if (first === undefined) return 'copy'
  return first.colleague === person.id ? 'own' : 'others'
}
