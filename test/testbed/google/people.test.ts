import { people as client, type people_v1 } from 'googleapis/build/src/apis/people/index.js'
import { expect, test } from 'vitest'
import { refusalOf, through } from './sdk.ts'
import { googleTestbed, type GoogleTestbed } from './testbed.ts'

const who = 'ada@example.org'
const asAda = (bed: GoogleTestbed): people_v1.People =>
  client({ version: 'v1', ...through(bed, who, 'contacts.readonly', 'contacts.other.readonly') })
const query = {
  resourceName: 'people/me',
  personFields: 'names,metadata,emailAddresses,memberships,photos',
  requestSyncToken: true,
  pageSize: 1000,
}

/** people.connections.list to its end. */
async function all(
  api: people_v1.People,
  more: { syncToken?: string } = {},
): Promise<{ people: people_v1.Schema$Person[]; token: string }> {
  const people: people_v1.Schema$Person[] = []
  let pageToken: string | undefined
  for (;;) {
    const { data } = await api.people.connections.list({ ...query, ...more, ...(pageToken === undefined ? {} : { pageToken }) })
    people.push(...(data.connections ?? []))
    pageToken = data.nextPageToken ?? undefined
    if (pageToken === undefined) return { people, token: data.nextSyncToken ?? '' }
  }
}

test('people.connections.list gives everybody once, and the fields that were asked for', async () => {
  await using bed = await googleTestbed({ contactsEach: 50, groupwareStories: false })
  const { people } = await all(asAda(bed))
  expect(new Set(people.map(({ resourceName }) => resourceName)).size).toBe(50)
  const { data } = await asAda(bed).people.connections.list({ ...query, personFields: 'names' })
  expect(Object.keys(data.connections?.[0] ?? {}).toSorted()).toEqual(['etag', 'names', 'resourceName'])
  expect(await refusalOf(asAda(bed).people.connections.list({ resourceName: 'people/me' }))).toBe('400 invalid')
})

test('a sync token gives changes and deletions, holds for the same question, and seven days from the full listing', async () => {
  let now = Date.now()
  await using bed = await googleTestbed({ now: () => now })
  const { contacts } = bed.groupware
  const api = asAda(bed)
  const first = await all(api)
  contacts.deleteContact(who, first.people[0]?.resourceName ?? '')
  const second = await all(api, { syncToken: first.token })
  expect(second.people).toEqual([
    { resourceName: first.people[0]?.resourceName, etag: expect.any(String), metadata: { deleted: true, objectType: 'PERSON' } },
  ])
  expect(await refusalOf(api.people.connections.list({ ...query, personFields: 'names', syncToken: first.token }))).toBe('400 invalid')
  now += 4 * 86_400_000
  const third = await all(asAda(bed), { syncToken: second.token })
  expect(third.people).toEqual([])
  now += 4 * 86_400_000
  expect(await refusalOf(asAda(bed).people.connections.list({ ...query, syncToken: third.token }))).toBe('400 failedPrecondition')
  expect(bed.groupware.people.fullListings).toBe(1)
})

test('people.otherContacts.list gives few fields, and refuses the others', async () => {
  await using bed = await googleTestbed()
  const { data } = await asAda(bed).otherContacts.list({ readMask: 'emailAddresses,metadata' })
  expect(data.otherContacts).toMatchObject([{ emailAddresses: [{ value: 'once@stranger.example' }] }])
  expect(await refusalOf(asAda(bed).otherContacts.list({ readMask: 'birthdays' }))).toBe('400 invalid')
})

test('people.contactGroups.list has the groups that everybody has, and their own', async () => {
  await using bed = await googleTestbed()
  const names: (string | null | undefined)[] = []
  let pageToken: string | undefined
  do {
    const { data } = await asAda(bed).contactGroups.list({ pageSize: 1000, ...(pageToken === undefined ? {} : { pageToken }) })
    names.push(...(data.contactGroups ?? []).map(({ name }) => name))
    pageToken = data.nextPageToken ?? undefined
  } while (pageToken !== undefined)
  expect(names).toEqual(expect.arrayContaining(['myContacts', 'starred', 'Sailing, friends']))
})

test('people.get, and photos: those that are there, and no others', async () => {
  await using bed = await googleTestbed()
  const { people } = await all(asAda(bed))
  const grace = people.find(({ names }) => names?.[0]?.displayName === 'Dr. Grace Hopper')
  const { data } = await asAda(bed).people.get({ resourceName: grace?.resourceName ?? '', personFields: 'photos' })
  const picture = await fetch(data.photos?.[0]?.url ?? '')
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
  expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(50)
  expect((await fetch(`${bed.url}photos/none=s100`)).status).toBe(404)
  expect(await refusalOf(asAda(bed).people.get({ resourceName: 'people/none', personFields: 'names' }))).toBe('404 notFound')
})
