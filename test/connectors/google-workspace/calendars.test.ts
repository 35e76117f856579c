import { describe, expect, test } from 'vitest'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import { at, event, icsOf, ids, nights, zone } from './ada-calendars.ts'
import { linesOf } from './map/facts.ts'
import { Held, never, open, run } from './world.ts'

describe('the first night', () => {
  test('gives what the person owns, what nobody here owns as a copy, and nothing of what others own', async () => {
    await using ada = await nights()
    const held = await ada.night()
    const { id } = ada.bed.company.user('ada')
    expect(ids(held).filter((item) => item.startsWith('calendar/'))).toEqual([
      'calendar/ada@example.org',
      'calendar/c_partner@group.calendar.google.com/' + id,
      'calendar/c_team@group.calendar.google.com',
    ])
    expect(held.losses).toContain('calendar/de.german#holiday@group.v.calendar.google.com excluded-by-policy')
    await using connector = await open(ada.bed)
    const ken = await run(connector, `calendars/${ada.bed.company.user('ken.tanaka').id}`)
    expect(ids(ken)).toEqual(['calendar/ken.tanaka@example.org'])
  })

  test('a calendar whose owner left is read by one of those who may write in it, and copied by whoever may only look', async () => {
    await using ada = await nights({ groupwareStories: false })
    const { calendars } = ada.bed.groupware
    const left = calendars.addCalendar(null, {
      id: 'c_left@group.calendar.google.com',
      summary: 'Left behind',
      dataOwner: 'frida@example.org',
    })
    calendars.addEvent(left, { id: 'old', ...at('2026-05-01T08:00') })
    for (const [who, role] of [
      ['ada@example.org', 'writer'],
      ['ken.tanaka@example.org', 'owner'],
      ['olena@example.org', 'reader'],
    ] as const) {
      calendars.grant(left, 'user', who, role)
      calendars.subscribe(who, left)
    }
    await using connector = await open(ada.bed)
    const read = async (name: string): Promise<readonly string[]> =>
      ids(await run(connector, `calendars/${ada.bed.company.user(name).id}`)).filter((id) => id.startsWith('event/'))
    const olena = ada.bed.company.user('olena').id
    expect([await read('ada'), await read('ken.tanaka'), await read('olena')]).toEqual([
      [],
      [`event/${left}/old@google.com`],
      [`event/${left}/${olena}/old@google.com`],
    ])
  })

  test('one account alone keeps a copy of what others share with it', async () => {
    await using ada = await nights()
    process.env['FALLREEP_TEST_KENS_TOKEN'] = ada.bed.desk.issue('ken.tanaka@example.org', [
      ...['calendar.readonly', 'calendar.acls.readonly', 'userinfo.email', 'userinfo.profile'].map(
        (name) => `https://www.googleapis.com/auth/${name}`,
      ),
    ])
    await using connector = await open(ada.bed, {
      auth: { type: 'access-token', token: { env: 'FALLREEP_TEST_KENS_TOKEN' } },
      services: ['calendars'],
    })
    const { id } = ada.bed.company.user('ken.tanaka')
    expect(ids(await run(connector, `calendars/${id}`))).toEqual([
      `calendar/c_team@group.calendar.google.com/${id}`,
      'calendar/ken.tanaka@example.org',
      expect.stringContaining(`event/c_team@group.calendar.google.com/${id}/sha256-`),
    ])
  })

  test('says who may do what, and more than Google means to nobody', async () => {
    await using ada = await nights()
    ada.bed.groupware.calendars.grant('c_team@group.calendar.google.com', 'user', 'erika@example.org', 'writerWithoutPrivateAccess')
    const held = await ada.night()
    const team = held.items.get('calendar/c_team@group.calendar.google.com' as ItemId) as SourceItem<'calendar'>
    expect(team.body).toMatchObject({
      name: 'Team',
      primary: false,
      timezone: zone,
      color: '#9fe1e7',
      reminders: [{ method: 'popup', minutes: 10 }],
      access: [
        { scope: 'domain', who: 'example.org', role: 'reader' },
        { scope: 'everyone', who: null, role: 'free-busy' },
        { scope: 'person', who: 'ada@example.org', role: 'owner' },
        { scope: 'person', who: 'erika@example.org', role: 'reader' },
        { scope: 'person', who: 'ken.tanaka@example.org', role: 'writer' },
      ],
    })
    expect(held.losses).toContain('calendar/c_team@group.calendar.google.com access-narrowed')
  })

  test('keeps the same event of two calendars twice, and does not stumble over what was deleted before', async () => {
    await using ada = await nights()
    const events = ids(await ada.night()).filter((id) => /\/sha256-/.test(id))
    expect(events).toHaveLength(2)
    expect(ids(ada.held).filter((id) => id.includes('story0gone'))).toEqual([])
  })

  test('puts a series together from whatever pages its parts are on', async () => {
    await using ada = await nights({ pages: 'small', groupwareStories: false })
    const { calendars } = ada.bed.groupware
    const address = 'ada@example.org'
    const cancelled = { id: 'late_20260309T080000Z', status: 'cancelled', recurringEventId: 'late', iCalUID: null }
    calendars.addEvent(address, cancelled)
    for (let n = 0; n < 40; n++) calendars.addEvent(address, { id: `e${n}`, ...at(`2026-04-01T08:${10 + n}`) })
    calendars.addEvent(address, { id: 'late', iCalUID: 'from elsewhere', recurrence: ['RRULE:FREQ=WEEKLY'], ...at('2026-03-02T08:00') })
    const held = await ada.night()
    const series = [...held.items.values()].filter((item) => item.kind === 'event' && item.body.uid === 'from elsewhere')
    expect(series).toHaveLength(1)
    expect(ada.bed.calls.count('calendar.events.list')).toBeGreaterThan(3)
    expect(linesOf((series[0] as SourceItem<'event'>).body.ics)).toContain('EXDATE;TZID=Europe/Berlin:20260309T090000')
    expect(held.items.size).toBe(42)
  })

  test('killed on any page it goes on there, and ends the same', async () => {
    await using ada = await nights({ pages: 'small', eventsEach: 30 })
    await using connector = await open(ada.bed)
    const whole = await run(connector, ada.collection)
    const stops = whole.changes.filter(({ type }) => type === 'checkpoint').length
    expect(stops).toBeGreaterThan(4)
    for (let stop = 1; stop < stops; stop++) {
      const held = new Held()
      let met = 0
      for await (const change of connector.changes({ id: ada.collection as never, title: '', kinds: [] }, undefined, never)) {
        held.take(change)
        if (change.type === 'checkpoint' && (met += 1) === stop) break
      }
      await run(connector, ada.collection, held)
      const revisions = (of: Held): object => Object.fromEntries([...of.items].map(([id, { revision }]) => [id, revision]))
      expect(revisions(held)).toEqual(revisions(whole))
    }
  })
})

describe('the next night', () => {
  test('costs one request for the list and one per calendar when nothing changed', async () => {
    await using ada = await nights()
    await ada.night()
    const held = await ada.night()
    expect(held.changes.filter(({ type }) => type !== 'checkpoint')).toEqual([])
    expect(ada.bed.calls.byRoute).toEqual({
      token: 2,
      'directory.users.list': 1,
      'calendar.calendarList.list': 1,
      'calendar.events.list': 3,
    })
  })

  test('brings what is new, what was changed and what was deleted, and nothing else', async () => {
    await using ada = await nights()
    await ada.night()
    const { calendars } = ada.bed.groupware
    calendars.addEvent('ada@example.org', { id: 'fresh', ...at('2026-05-01T08:00') })
    calendars.editEvent('ada@example.org', 'story0lunch', { summary: 'Early lunch' })
    calendars.deleteEvent('ada@example.org', 'story0days')
    await ada.night()
    expect(ada.said.toSorted()).toEqual([`+ ${event('fresh')}`, `+ ${event('story0lunch')}`, `- ${event('story0days')}`].toSorted())
    expect(ada.held.items.has(event('story0days'))).toBe(false)
  })

  test('reads a series whole when one occurrence of it moves or is taken out', async () => {
    await using ada = await nights()
    await ada.night()
    const { calendars } = ada.bed.groupware
    calendars.changeOccurrence('ada@example.org', 'story0series', '20260406T080000Z', { summary: 'Easter' })
    calendars.cancelOccurrence('ada@example.org', 'story0series', '20260413T080000Z')
    await ada.night()
    expect(ada.said).toEqual([`+ ${event('story0series')}`])
    const lines = icsOf(ada.held, event('story0series'))
    expect(lines.filter((line) => line.startsWith('BEGIN:VEVENT'))).toHaveLength(3)
    expect(lines.filter((line) => line.startsWith('EXDATE'))).toHaveLength(2)
    expect(lines).toContain('SUMMARY:Easter')
  })

  test.each([true, false])('keeps out what was taken out long ago, whether asking by UID names it: %s', async (named) => {
    await using ada = await nights()
    const { calendars } = ada.bed.groupware
    calendars.cancelledByUid = named
    const gone = (): readonly string[] => icsOf(ada.held, event('story0series')).filter((line) => line.startsWith('EXDATE'))
    await ada.night()
    expect(gone()).toHaveLength(1)
    calendars.editEvent('ada@example.org', 'story0series', { summary: 'Sit-down' })
    await ada.night()
    expect(gone()).toHaveLength(1)
    calendars.cancelOccurrence('ada@example.org', 'story0series', '20260413T080000Z')
    await ada.night()
    expect(gone()).toHaveLength(2)
    // Somebody thinks better of it: the occurrence is back, moved.
    calendars.changeOccurrence('ada@example.org', 'story0series', '20260413T080000Z', at('2026-04-13T10:00'))
    await ada.night()
    expect(gone()).toHaveLength(1)
    calendars.deleteEvent('ada@example.org', 'story0series', 'stub')
    await ada.night()
    expect(ada.held.items.has(event('story0series'))).toBe(false)
  })

  test('knows a deleted event by its id alone, also where the UID does not follow from it', async () => {
    await using ada = await nights()
    await ada.night()
    const imported = ids(ada.held).find((id) => id.startsWith('event/ada@example.org/sha256-')) as ItemId
    const { calendars } = ada.bed.groupware
    calendars.deleteEvent('ada@example.org', 'imported1', 'stub')
    calendars.deleteEvent('ada@example.org', 'story0lunch', 'stub')
    calendars.deleteEvent('ada@example.org', 'story0series', 'stub')
    await ada.night()
    expect(ada.said.toSorted()).toEqual([`- ${event('story0lunch')}`, `- ${event('story0series')}`, `- ${imported}`].toSorted())
    expect(ada.held.of('delete')).toEqual(
      expect.arrayContaining([expect.objectContaining({ evidence: 'cancelled in events.list of ada@example.org' })]),
    )
  })

  test('forgets a stub of what was never there without a word about the rest', async () => {
    await using ada = await nights()
    await ada.night()
    const { calendars } = ada.bed.groupware
    calendars.addEvent('ada@example.org', { id: 'brief', ...at('2026-05-01T08:00') })
    calendars.deleteEvent('ada@example.org', 'brief', 'stub')
    const before = ids(ada.held)
    await ada.night()
    expect(ids(ada.held)).toEqual(before)
  })

  test('reads what an event without a UID is, and one whose date is broken is a loss beside its neighbours', async () => {
    await using ada = await nights()
    await ada.night()
    const { calendars } = ada.bed.groupware
    calendars.addEvent('ada@example.org', { id: 'nameless', iCalUID: null, ...at('2026-05-01T08:00') })
    calendars.addEvent('ada@example.org', { id: 'broken', start: { date: '2026-02-31' }, end: {} })
    calendars.addEvent('ada@example.org', { id: 'fine', ...at('2026-05-02T08:00') })
    await ada.night()
    expect(ada.said.toSorted()).toEqual([`+ ${event('fine')}`, `+ ${event('nameless')}`].toSorted())
    expect(ada.held.losses).toEqual([`${event('broken')} invalid-at-source`])
  })

  test('an event whose UID cannot be asked for is a loss beside its neighbours, and stays as it was', async () => {
    await using ada = await nights()
    await ada.night()
    const { calendars } = ada.bed.groupware
    calendars.cancelOccurrence('ada@example.org', 'story0series', '20260413T080000Z')
    calendars.addEvent('ada@example.org', { id: 'fresh', ...at('2026-05-01T08:00') })
    const body = { error: { code: 400, message: 'Bad Request', errors: [{ reason: 'badRequest' }] } }
    ada.bed.faults.next('calendar.events.list', { type: 'delay', ms: 0 }, { type: 'status', status: 400, body })
    await ada.night()
    expect(ada.said).toEqual([`+ ${event('fresh')}`])
    expect(ada.held.losses).toEqual([`${event('story0series')} withheld-by-source`])
    expect(ada.held.items.has(event('story0series'))).toBe(true)
  })

  test('writes reminders anew into every event of a calendar whose usual ones changed', async () => {
    await using ada = await nights()
    await ada.night()
    ada.bed.groupware.calendars.subscribe('ada@example.org', 'ada@example.org', { defaultReminders: [{ method: 'popup', minutes: 45 }] })
    await ada.night()
    expect(icsOf(ada.held, event('story0lunch'))).toContain('TRIGGER:-PT45M')
    expect(ada.said).toContain('+ calendar/ada@example.org')
    await ada.night()
    expect(ada.said).toEqual([])
  })

  test('sees that a calendar has another name at once, and that others may see it within a week', async () => {
    await using ada = await nights()
    await ada.night()
    const team = 'c_team@group.calendar.google.com'
    ada.bed.groupware.calendars.editCalendar(team, { summary: 'The team' })
    await ada.night()
    expect(ada.said).toEqual([`+ calendar/${team}`])
    ada.bed.groupware.calendars.revoke(team, 'default', '')
    await ada.night()
    expect(ada.said).toEqual([])
    ada.pass(8)
    await ada.night()
    expect(ada.said).toEqual([`+ calendar/${team}`])
  })
})
