import { describe, expect, test } from 'vitest'
import { itemId } from '../../../../src/contract/ids.ts'
import { calendarsOf } from '../../../testbed/graph/groupware/parts.ts'
import type { CalendarStore } from '../../../testbed/graph/groupware/calendar-store.ts'
import type { GraphTestbed } from '../../../testbed/graph/testbed.ts'
import { bed, connect, emptyPass, linesOf, never, of, type Pass, run, said, take, testPorts } from './reading.ts'

const week = 8 * 86_400_000
const storeOf = (graph: GraphTestbed): CalendarStore => calendarsOf(graph.tenant, 'ada')
const eventId = (graph: GraphTestbed, id: string) => itemId('event', graph.tenant.user('ada').id, id)
const titles = (pass: Pass): readonly string[] =>
  of(pass, 'event')
    .flatMap(
      ({ body }) =>
        linesOf(body.ics)
          .find((line) => line.startsWith('SUMMARY:'))
          ?.slice(8) ?? [],
    )
    .toSorted()
const collectionOf = (graph: GraphTestbed) => itemId('calendars', graph.tenant.user('ada').id) as never

describe('the first run', () => {
  test('gives calendars, events, and of a series one item with its exceptions', async () => {
    await using graph = await bed()
    const pass = await run(graph, 'calendars')
    expect(of(pass, 'calendar').map(({ body }) => [body.name, body.primary, body.color])).toEqual([
      ['Kalender', true, null],
      ['Vereine', false, '#107c10'],
    ])
    expect(titles(pass)).toEqual(['Betriebsausflug', 'Budget', 'Jour fixe', 'Zahnarzt'])
    const series = linesOf(of(pass, 'event').find(({ body }) => body.recurring)?.body.ics ?? '')
    expect(series).toEqual(
      expect.arrayContaining([
        'RRULE:FREQ=WEEKLY;UNTIL=20260630T215959Z;BYDAY=TU;WKST=MO',
        'EXDATE;TZID=Europe/Berlin:20260317T090000',
        'RECURRENCE-ID;TZID=Europe/Berlin:20260310T090000',
        'SUMMARY:Jour fixe\\, verlegt',
      ]),
    )
    expect(pass.losses).toEqual([])
    expect(graph.mutable).toEqual([])
  })

  test('lists many events whole, by pages, and asks for series and for a few by themselves', async () => {
    await using graph = await bed({ pages: 'full' })
    for (let at = 0; at < 120; at += 1) storeOf(graph).addEvent('2026-04-01T08:00', 30, { subject: `e${at}` })
    const pass = await run(graph, 'calendars')
    expect(of(pass, 'event')).toHaveLength(124)
    expect(graph.calls.byRoute).toMatchObject({ 'calendars.list': 1, 'events.get': 1 + 1, 'events.list': 2 + 3 })
  })

  test('keeps what it knows of an event in few bytes', async () => {
    await using graph = await bed({ pages: 'full' })
    for (let at = 0; at < 1000; at += 1) storeOf(graph).addEvent('2026-04-01T08:00', 30, { subject: `e${at}` })
    const cursor = (await run(graph, 'calendars')).cursors.get(collectionOf(graph)) ?? ''
    expect(cursor.length).toBeLessThan(60_000)
  })

  test('gives who may see a calendar', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const share = (address: string, role: 'read' | 'write' | 'custom' | 'limitedRead'): void =>
      store.share(store.primary, { emailAddress: { address }, role })
    share('ken.tanaka@example.org', 'write')
    share('erika@example.org', 'read')
    share('olena@example.org', 'custom')
    const pass = await run(graph, 'calendars')
    expect(of(pass, 'calendar').find(({ body }) => body.primary)?.body.access).toEqual([
      { scope: 'domain', who: 'example.org', role: 'free-busy' },
      { scope: 'person', who: 'ada@example.org', role: 'owner' },
      { scope: 'person', who: 'erika@example.org', role: 'reader' },
      { scope: 'person', who: 'ken.tanaka@example.org', role: 'writer' },
    ])
    expect(pass.losses).toMatchObject([{ code: 'no-such-concept', effect: { field: 'access' } }])
  })

  test("leaves somebody else's shared calendar to its owner, and says so", async () => {
    await using graph = await bed()
    const shared = storeOf(graph).addCalendar('Kens', { owner: { address: 'ken.tanaka@example.org' }, canShare: false })
    storeOf(graph).addEvent('2026-04-01T08:00', 30, { subject: 'Kens Termin' }, shared)
    const pass = await run(graph, 'calendars')
    expect(titles(pass)).not.toContain('Kens Termin')
    expect(pass.losses).toMatchObject([{ code: 'excluded-by-policy', item: itemId('calendar', graph.tenant.user('ada').id, shared) }])
    expect((await run(graph, 'calendars', pass)).losses).toEqual([])
  })
})

describe('the next run', () => {
  test('costs one request for each calendar and one for the list when nothing changed', async () => {
    await using graph = await bed({ pages: 'full' })
    const first = await run(graph, 'calendars')
    graph.calls.clear()
    const pass = await run(graph, 'calendars', first)
    expect(said(pass)).toEqual([])
    expect(graph.calls.byRoute).toEqual({ token: 1, 'users.list': 1, 'groups.list': 1, 'calendars.list': 1, 'events.list': 2 })
    expect(pass.cursors).toEqual(first.cursors)
  })

  test('finds what is new, edited and deleted, and asks for nothing else', async () => {
    await using graph = await bed({ pages: 'full' })
    const store = storeOf(graph)
    const first = await run(graph, 'calendars')
    const added = store.addEvent('2026-04-01T08:00', 30, { subject: 'neu' })
    store.editEvent(store.event('Budget').id, { subject: 'Budget II' })
    const gone = store.event('Zahnarzt').id
    store.deleteEvent(gone)
    graph.calls.clear()
    const pass = await run(graph, 'calendars', first)
    expect(titles(pass)).toEqual(['Budget II', 'neu'])
    expect(pass.items.has(eventId(graph, added.id))).toBe(true)
    expect(pass.changes).toContainEqual({ type: 'delete', id: eventId(graph, gone), evidence: 'not-found' })
    expect(graph.calls.byRoute['events.get']).toBe(3)
    expect(said(await run(graph, 'calendars', pass))).toEqual([])
  })

  test('finds a changed occurrence and a deleted one', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const series = store.event('Jour fixe').id
    const first = await run(graph, 'calendars')
    store.addException(series, '2026-03-24T08:00', { subject: 'Ostern' })
    const second = await run(graph, 'calendars', first)
    expect(linesOf(of(second, 'event')[0]?.body.ics ?? '')).toContain('SUMMARY:Ostern')
    store.cancelOccurrence(series, '2026-04-07')
    const third = await run(graph, 'calendars', second)
    expect(linesOf(of(third, 'event')[0]?.body.ics ?? '')).toContain('EXDATE;TZID=Europe/Berlin:20260407T090000')
    expect([second, third].map((pass) => said(pass).length)).toEqual([1, 1])
  })

  test('looks at every series once a week, though its version says that nothing changed', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const series = store.event('Jour fixe')
    const first = await run(graph, 'calendars')
    const { changeKey } = series.wire
    store.cancelOccurrence(series.id, '2026-04-07')
    series.wire = { ...series.wire, changeKey: changeKey ?? null }
    store.share(store.primary, { emailAddress: { address: 'ken.tanaka@example.org' }, role: 'read' })
    expect(said(await run(graph, 'calendars', first))).toEqual([])
    const ports = testPorts()
    ports.advance(week)
    const swept = await run(graph, 'calendars', first, ports)
    expect(of(swept, 'event')).toHaveLength(1)
    expect(of(swept, 'calendar').map(({ body }) => body.name)).toEqual(['Kalender'])
    expect(swept.deleted).toEqual([])
  })

  test('an event that moved to another calendar is moved, not deleted', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const first = await run(graph, 'calendars')
    const { id } = store.event('Zahnarzt')
    store.moveEvent(id, store.calendar('Vereine'))
    const pass = await run(graph, 'calendars', first)
    expect(pass.deleted).toEqual([])
    expect(of(pass, 'event').map(({ body }) => body.calendar)).toEqual([
      itemId('calendar', graph.tenant.user('ada').id, store.calendar('Vereine')),
    ])
  })

  test('a calendar that is gone takes its events with it, except those that moved before', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const kept = store.addEvent('2026-05-01T08:00', 30, { subject: 'bleibt' }, store.calendar('Vereine'))
    const first = await run(graph, 'calendars')
    const [budget, calendar] = [store.event('Budget').id, store.calendar('Vereine')]
    store.moveEvent(kept.id, store.primary)
    store.deleteCalendar(calendar)
    const pass = await run(graph, 'calendars', first)
    expect(pass.deleted.toSorted()).toEqual([eventId(graph, budget), itemId('calendar', graph.tenant.user('ada').id, calendar)].toSorted())
  })

  test('a page that misses an event deletes nothing', async () => {
    await using graph = await bed({ pages: 'full' })
    const first = await run(graph, 'calendars')
    const { id } = storeOf(graph).event('Zahnarzt')
    graph.after = (route, json) =>
      route === 'events.list' && typeof json === 'object' && json !== null && 'value' in json && Array.isArray(json.value)
        ? { ...json, value: json.value.filter((event: unknown) => (event as { id: string }).id !== id) }
        : json
    const pass = await run(graph, 'calendars', first)
    expect(said(pass)).toEqual([])
    expect(pass.cursors).toEqual(first.cursors)
  })

  test('killed in the middle of the first run, it goes on and ends the same', async () => {
    await using graph = await bed()
    for (let at = 0; at < 60; at += 1) storeOf(graph).addEvent('2026-04-01T08:00', 30, { subject: `e${at}` })
    const whole = await run(graph, 'calendars')
    await using one = connect(graph, ['calendars'])
    const [, calendars] = await Array.fromAsync(one.collections(never))
    if (calendars === undefined) throw new Error('nothing listed')
    const pass = emptyPass()
    for await (const change of one.changes(calendars, undefined, never)) {
      take(pass, calendars.id, change)
      if (change.type === 'checkpoint') break
    }
    const before = pass.items.size
    expect(before).toBeLessThan(whole.items.size)
    await using two = connect(graph, ['calendars'])
    const rest = emptyPass()
    for await (const change of two.changes(calendars, pass.cursors.get(calendars.id), never)) take(rest, calendars.id, change)
    expect(rest.items.size + before).toBe(whole.items.size)
    expect(said(await run(graph, 'calendars', rest))).toEqual([])
  })
})
