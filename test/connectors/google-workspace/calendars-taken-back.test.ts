import { describe, expect, test } from 'vitest'
import { at, event, ids, nights } from './ada-calendars.ts'

describe('what Google takes back', () => {
  test('a sync token: a full listing of this collection, and what is not in it is gone', async () => {
    await using ada = await nights()
    await ada.night()
    const { calendars } = ada.bed.groupware
    calendars.deleteEvent('ada@example.org', 'story0lunch')
    calendars.expireTokens('ada@example.org')
    const held = await ada.night()
    expect(held.of('reset')).toHaveLength(1)
    expect(held.items.has(event('story0lunch'))).toBe(false)
    expect(held.items.has(event('story0series'))).toBe(true)
    // What is not said again after a reset is taken for gone, losses too.
    expect(held.losses).toContain('calendar/de.german#holiday@group.v.calendar.google.com excluded-by-policy')
    expect((await ada.night()).changes.filter(({ type }) => type !== 'checkpoint')).toEqual([])
  })

  test('a whole calendar: everything in it is gone', async () => {
    await using ada = await nights()
    await ada.night()
    ada.bed.groupware.calendars.deleteCalendar('c_team@group.calendar.google.com')
    const held = await ada.night()
    expect(ids(held).filter((id) => id.includes('c_team'))).toEqual([])
    expect(held.items.has(event('story0lunch'))).toBe(true)
  })

  test('one calendar that is refused leaves the others alone and loses nothing', async () => {
    await using ada = await nights()
    await ada.night()
    const { calendars } = ada.bed.groupware
    const before = ids(ada.held)
    calendars.calendar('c_team@group.calendar.google.com').refuses = 403
    calendars.addEvent('ada@example.org', { id: 'fresh', ...at('2026-05-01T08:00') })
    const held = await ada.night()
    expect(ada.said).toEqual([`+ ${event('fresh')}`])
    expect(held.losses).toContain('calendar/c_team@group.calendar.google.com withheld-by-source')
    expect(ids(held)).toEqual([...before, event('fresh')].toSorted())
    expect((await ada.night()).losses).toEqual([])
  })

  test('a token while another calendar is refused: all is read anew, and nothing of the refused one is taken for gone', async () => {
    await using ada = await nights()
    await ada.night()
    const { calendars } = ada.bed.groupware
    const team = calendars.calendar('c_team@group.calendar.google.com')
    team.refuses = 403
    calendars.deleteEvent('ada@example.org', 'story0lunch')
    calendars.addEvent('ada@example.org', { id: 'fresh', ...at('2026-05-01T08:00') })
    calendars.expireTokens('ada@example.org')
    const held = await ada.night()
    expect(held.of('reset')).toEqual([])
    expect(held.items.has(event('fresh'))).toBe(true)
    expect(ids(held).filter((id) => id.startsWith('event/c_team'))).toHaveLength(1)
    team.refuses = undefined
    await ada.night()
    expect(held.of('reset')).toHaveLength(1)
    expect(held.items.has(event('story0lunch'))).toBe(false)
    expect(ids(held).filter((id) => id.startsWith('event/c_team'))).toHaveLength(1)
  })

  test('an answer that breaks off, a busy moment, a token that was rotated: it goes on', async () => {
    await using ada = await nights()
    const { faults, desk } = ada.bed
    faults.next('calendar.events.list', {
      type: 'status',
      status: 403,
      body: { error: { code: 403, message: 'slow', errors: [{ reason: 'rateLimitExceeded' }] } },
    })
    desk.expireTokens()
    expect((await ada.night()).items.size).toBeGreaterThan(8)
    expect(faults.unused).toEqual([])
  })

  test('the list without the own calendar is no list: nothing is deleted', async () => {
    await using ada = await nights()
    await ada.night()
    ada.bed.groupware.calendars.unsubscribe('ada@example.org', 'ada@example.org')
    await expect(ada.night()).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('a calendar that is deleted while it is read stops nobody', async () => {
    await using ada = await nights()
    const { hooks, groupware } = ada.bed
    hooks.before('calendar.acl.list', () => groupware.calendars.deleteCalendar('c_team@group.calendar.google.com'))
    const held = await ada.night()
    expect(held.losses).toContain('calendar/c_team@group.calendar.google.com withheld-by-source')
    expect(held.items.has(event('story0lunch'))).toBe(true)
  })
})
