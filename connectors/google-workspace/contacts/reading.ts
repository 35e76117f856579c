import { Fault } from '../../../src/fault.ts'
import type { Google, GooglePerson } from '../google.ts'
import { filled, type Json, object, objects, text } from '../json.ts'
import type { GroupNames } from '../map/contact.ts'
import { paged } from '../paged.ts'

/** Every field that may be asked for. Read 2026-11-25: https://developers.google.com/people/api/rest/v1/people.connections/list */
const personFields =
  'addresses,ageRanges,biographies,birthdays,calendarUrls,clientData,coverPhotos,emailAddresses,events,externalIds,genders,imClients,interests,locales,locations,memberships,metadata,miscKeywords,names,nicknames,occupations,organizations,phoneNumbers,photos,relations,sipAddresses,skills,urls,userDefined'
/** Of "other contacts" no more than this is given. Read 2026-11-25: https://developers.google.com/people/api/rest/v1/otherContacts/list */
const otherFields = 'emailAddresses,metadata,names,phoneNumbers,photos'
/** A list gives no more addresses than this of one contact. */
const mostAddresses = 100

export type Which = 'own' | 'other'
export interface PersonPage {
  readonly people: readonly Json[]
  readonly nextPageToken: string | undefined
  readonly nextSyncToken: string | undefined
}
export interface ListQuery {
  readonly syncToken?: string | undefined
  readonly pageToken?: string | undefined
}

/** The People API in one person's name, in the few ways it is used. */
export interface ContactReading {
  readonly google: Google
  readonly person: GooglePerson
  /** @throws Fault */
  list(which: Which, query: ListQuery, signal: AbortSignal): Promise<PersonPage>
  /** @throws Fault */
  groups(signal: AbortSignal): Promise<GroupNames>
}

export async function contactReading(google: Google, person: GooglePerson): Promise<ContactReading> {
  const { people, otherContacts, contactGroups } = await google.people(person)
  const whole = async (given: Json, signal: AbortSignal): Promise<Json> => {
    if (objects(given['emailAddresses']).length < mostAddresses) return given
    const resourceName = text(given['resourceName'])
    try {
      const whole = await google.call('Google refused a contact', (options) => people.get({ resourceName, personFields }, options), signal)
      return object(whole) ?? given
    } catch (error) {
      // Deleted while it was read: the next run hears of it.
      if (error instanceof Fault && error.code === 'gone') return given
      throw error
    }
  }
  return {
    google,
    person,
    async list(which, { syncToken, pageToken }, signal) {
      const query = {
        pageSize: 1000,
        requestSyncToken: true,
        ...(syncToken === undefined ? {} : { syncToken }),
        ...(pageToken === undefined ? {} : { pageToken }),
      }
      const answer = object(
        which === 'own'
          ? await google.call(
              'Google refused the contacts',
              (options) => people.connections.list({ resourceName: 'people/me', personFields, ...query }, options),
              signal,
            )
          : await google.call(
              'Google refused the other contacts',
              (options) => otherContacts.list({ readMask: otherFields, ...query }, options),
              signal,
            ),
      )
      const listed = objects(answer?.[which === 'own' ? 'connections' : 'otherContacts'])
      const all: Json[] = []
      for (const one of listed) all.push(which === 'own' ? await whole(one, signal) : one)
      return {
        people: all,
        nextPageToken: filled(answer?.['nextPageToken']) ?? undefined,
        nextSyncToken: filled(answer?.['nextSyncToken']) ?? undefined,
      }
    },
    async groups(signal) {
      const names = new Map<string, string | null>()
      const ask = async (pageToken: string | undefined) => {
        const query = { pageSize: 1000, groupFields: 'name,groupType,metadata', ...(pageToken === undefined ? {} : { pageToken }) }
        const page = object(await google.call('Google refused the contact groups', (options) => contactGroups.list(query, options), signal))
        return { page, next: filled(page?.['nextPageToken']) ?? undefined }
      }
      for await (const { page } of paged('contact groups', ask))
        for (const group of objects(page?.['contactGroups'])) {
          const resource = filled(group['resourceName'])
          if (resource !== null) names.set(resource, nameOf(group))
        }
      return new Map([...names].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    },
  }
}

/** Everybody is in My Contacts: that says nothing. */
function nameOf(group: Json): string | null {
  const name = filled(group['name'])
  if (text(group['groupType']) !== 'SYSTEM_CONTACT_GROUP') return name
  return name === 'myContacts' || name === 'all' ? null : (systemNames[name ?? ''] ?? name)
}

/** Google translates these into the language of whoever asks; a category must not depend on that. */
const systemNames: { readonly [name: string]: string } = {
  starred: 'Starred',
  friends: 'Friends',
  family: 'Family',
  coworkers: 'Coworkers',
  blocked: 'Blocked',
  chatBuddies: 'Chat contacts',
}
