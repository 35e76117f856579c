import { describe, expect, test } from 'vitest'
import { DAVClient } from 'tsdav'
import { card, event } from './bodies.ts'
import { davTestbed } from './testbed.ts'

describe('the emulated server, through a client that is not ours', () => {
  test.each(['generic', 'nextcloud', 'radicale'] as const)('%s: tsdav finds its way, writes, reads, changes and removes', async (mode) => {
    await using bed = await davTestbed({ mode })
    bed.state.person('ada', 'pass')
    const login = { credentials: { username: 'ada', password: 'pass' }, authMethod: 'Basic' } as const
    const calendars = new DAVClient({ serverUrl: `${bed.url}${bed.mode.root}`, defaultAccountType: 'caldav', ...login })
    await calendars.login()
    await calendars.makeCalendar({ url: `${bed.url}${bed.mode.calendars('ada')}mine/`, props: { displayname: 'Mine & others' } })
    const [calendar] = await calendars.fetchCalendars()
    expect(calendar?.displayName).toBe('Mine & others')
    if (calendar === undefined) return
    await calendars.createCalendarObject({ calendar, filename: 'one.ics', iCalString: event('one') })
    const [object] = await calendars.fetchCalendarObjects({ calendar })
    expect(String(object?.data).replaceAll('\r', '').trim()).toBe(event('one').replaceAll('\r', '').trim())
    if (object === undefined) return
    const updated = await calendars.updateCalendarObject({ calendarObject: { ...object, data: event('one', { summary: 'changed' }) } })
    expect(updated.status).toBe(204)
    const stale = await calendars.updateCalendarObject({ calendarObject: { ...object, data: event('one') } })
    expect(stale.status).toBe(412)
    const [now] = await calendars.fetchCalendarObjects({ calendar })
    expect((await calendars.deleteCalendarObject({ calendarObject: now ?? object })).status).toBe(204)
    expect(await calendars.fetchCalendarObjects({ calendar })).toEqual([])

    bed.state.add('ada', 'addressbook', 'people', 'People')
    const books = new DAVClient({ serverUrl: `${bed.url}${bed.mode.root}`, defaultAccountType: 'carddav', ...login })
    await books.login()
    const [book] = await books.fetchAddressBooks()
    expect(book?.displayName).toBe('People')
    if (book === undefined) return
    await books.createVCard({ addressBook: book, filename: 'one.vcf', vCardString: card('one') })
    expect((await books.fetchVCards({ addressBook: book })).map(({ data }) => String(data).includes('UID:one'))).toEqual([true])
  })
})
