import { calendar as client, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import { expect, test } from 'vitest'
import { refusalOf, through } from './sdk.ts'
import { googleTestbed, type GoogleTestbed } from './testbed.ts'

const who = 'ada@example.org'
const asAda = (bed: GoogleTestbed, ...scopes: readonly string[]): calendar_v3.Calendar =>
  client({ version: 'v3', ...through(bed, who, ...(scopes.length === 0 ? ['calendar.readonly', 'calendar.acls.readonly'] : scopes)) })
const query = { calendarId: who, singleEvents: false, showDeleted: true, maxResults: 2500 }

/** calendar.events.list to its end: every event, and the token for what comes. */
async function all(
  api: calendar_v3.Calendar,
  more: calendar_v3.Params$Resource$Events$List = {},
): Promise<{ items: calendar_v3.Schema$Event[]; token: string; pages: number }> {
  const items: calendar_v3.Schema$Event[] = []
  let pageToken: string | undefined
  for (let pages = 1; ; pages++) {
    const { data } = await api.events.list({ ...query, ...more, ...(pageToken === undefined ? {} : { pageToken }) })
    items.push(...(data.items ?? []))
    pageToken = data.nextPageToken ?? undefined
    // Only the last page has the token.
    if (pageToken === undefined) return { items, token: data.nextSyncToken ?? '', pages }
    expect(data.nextSyncToken).toBeUndefined()
  }
}
const idsOf = (items: readonly calendar_v3.Schema$Event[]): readonly string[] => items.map(({ id }) => id ?? '').toSorted()

test('calendar.events.list gives every event once over short pages, some of them empty', async () => {
  await using bed = await googleTestbed({ eventsEach: 60, groupwareStories: false })
  const { items, pages } = await all(asAda(bed))
  expect(new Set(idsOf(items)).size).toBe(60)
  expect(items).toHaveLength(60)
  expect(pages).toBeGreaterThan(6)
  await using full = await googleTestbed({ eventsEach: 60, groupwareStories: false, pages: 'full' })
  expect((await all(asAda(full))).pages).toBe(1)
})

test('a sync token gives what changed since, deletions as stubs, and nothing twice', async () => {
  await using bed = await googleTestbed({ pages: 'full' })
  const { calendars } = bed.groupware
  const api = asAda(bed)
  const { token } = await all(api)
  expect((await all(api, { syncToken: token })).items).toEqual([])
  calendars.editEvent(who, 'story0lunch', { summary: 'Late lunch' })
  calendars.deleteEvent(who, 'story0days', 'stub')
  calendars.cancelOccurrence(who, 'story0series', '20260504T080000Z')
  const changed = await all(api, { syncToken: token })
  expect(idsOf(changed.items)).toEqual(['story0days', 'story0lunch', 'story0series_20260504T080000Z'])
  const stub = changed.items.find(({ id }) => id === 'story0days')
  expect(Object.keys(stub ?? {}).toSorted()).toEqual(['etag', 'id', 'kind', 'status'])
  expect((await all(api, { syncToken: changed.token })).items).toEqual([])
})

test('a sync token holds for the same question only, takes no iCalUID with it, and can expire', async () => {
  await using bed = await googleTestbed({ pages: 'full' })
  const api = asAda(bed)
  const { token } = await all(api)
  expect(await refusalOf(api.events.list({ ...query, syncToken: token, iCalUID: 'x' }))).toBe('400 invalid')
  expect(await refusalOf(api.events.list({ ...query, syncToken: token, singleEvents: true }))).toBe('400 invalid')
  bed.groupware.calendars.expireTokens(who)
  expect(await refusalOf(api.events.list({ ...query, syncToken: token }))).toBe('410 fullSyncRequired')
})

test('by iCalUID a series comes whole: itself, what was changed and what was taken out', async () => {
  await using bed = await googleTestbed({ pages: 'full' })
  const { items, token } = await all(asAda(bed), { iCalUID: 'story0series@google.com' })
  expect(idsOf(items)).toEqual(['story0series', 'story0series_20260316T080000Z', 'story0series_20260323T080000Z'])
  expect(token).toBe('')
})

test('calendar.events.get gives a deleted event too', async () => {
  await using bed = await googleTestbed()
  bed.groupware.calendars.deleteEvent(who, 'story0lunch')
  expect((await asAda(bed).events.get({ calendarId: who, eventId: 'story0lunch' })).data).toMatchObject({
    status: 'cancelled',
    summary: 'Lunch',
  })
  expect(await refusalOf(asAda(bed).events.get({ calendarId: who, eventId: 'none' }))).toBe('404 notFound')
})

test('calendar.calendarList.list shows each their own look, hidden ones only when asked', async () => {
  await using bed = await googleTestbed({ pages: 'full' })
  const { calendars } = bed.groupware
  calendars.subscribe(who, 'c_team@group.calendar.google.com', { hidden: true, summaryOverride: 'Us' })
  const shown = (await asAda(bed).calendarList.list()).data.items ?? []
  expect(shown.map(({ id }) => id)).not.toContain('c_team@group.calendar.google.com')
  const all = (await asAda(bed).calendarList.list({ showHidden: true })).data.items ?? []
  expect(all.find(({ id }) => id === 'c_team@group.calendar.google.com')).toMatchObject({ summaryOverride: 'Us', accessRole: 'owner' })
  const ken = client({ version: 'v3', ...through(bed, 'ken.tanaka@example.org', 'calendar.readonly') })
  const kens = (await ken.calendarList.list({ showHidden: true })).data.items ?? []
  expect(kens.map(({ summary, accessRole }) => [summary, accessRole])).toEqual([
    ['ken.tanaka@example.org', 'owner'],
    ['Team', 'writer'],
  ])
})

test('calendar.acl.list has a scope of its own and answers those who may write', async () => {
  await using bed = await googleTestbed()
  const team = { calendarId: 'c_team@group.calendar.google.com' }
  expect((await asAda(bed).acl.list(team)).data.items).toHaveLength(4)
  expect(await refusalOf(asAda(bed, 'calendar.readonly').acl.list(team))).toBe('403 insufficientPermissions')
  expect(await refusalOf(asAda(bed).acl.list({ calendarId: 'c_partner@group.calendar.google.com' }))).toBe('403 forbidden')
})

test('calendar.calendars.get, and what a stranger sees of somebody’s calendar', async () => {
  await using bed = await googleTestbed()
  expect((await asAda(bed).calendars.get({ calendarId: 'primary' })).data).toMatchObject({ id: who, timeZone: 'Europe/Berlin' })
  const stranger = client({ version: 'v3', ...through(bed, 'olena@example.org', 'calendar.readonly') })
  expect(await refusalOf(stranger.events.list({ calendarId: who }))).toBe('404 notFound')
  bed.groupware.calendars.grant(who, 'user', 'olena@example.org', 'freeBusyReader')
  const { items } = (await stranger.events.list({ calendarId: who })).data
  expect(items?.some((event) => 'summary' in event)).toBe(false)
  expect(items?.length).toBeGreaterThan(0)
})
