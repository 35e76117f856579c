import { describe, expect, test } from 'vitest'
import { itemId } from '../../../../src/contract/ids.ts'
import { calendarsOf } from '../../../testbed/graph/groupware/parts.ts'
import type { CalendarStore } from '../../../testbed/graph/groupware/calendar-store.ts'
import type { GraphTestbed } from '../../../testbed/graph/testbed.ts'
import { bed, connect, emptyPass, linesOf, never, of, type Pass, run, said } from './reading.ts'

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

describe('faults', () => {
  test('an event deleted between list and get is gone, and its neighbours go on', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const first = await run(graph, 'calendars')
    const series = store.event('Jour fixe').id
    store.editEvent(series, { subject: 'zu spät' })
    store.addEvent('2026-04-01T08:00', 30, { subject: 'neu' })
    graph.before = (route) => void (route === 'events.get' && store.events.delete(series))
    const pass = await run(graph, 'calendars', first)
    expect(titles(pass)).toEqual(['neu'])
    expect(pass.deleted).toEqual([eventId(graph, series)])
  })

  test('an event the server cannot give is a loss, told once, and its neighbours go on', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const broken = store.event('Jour fixe')
    broken.broken = { status: 500, code: 'ErrorCorruptData' }
    const pass = await run(graph, 'calendars')
    expect(titles(pass)).toEqual(['Betriebsausflug', 'Budget', 'Zahnarzt'])
    expect(pass.losses).toMatchObject([{ item: eventId(graph, broken.id), code: 'withheld-by-source', effect: { type: 'dropped' } }])
    expect(said(await run(graph, 'calendars', pass))).toEqual([])
    broken.broken = undefined
    store.editEvent(broken.id, { subject: 'heil' })
    expect(titles(await run(graph, 'calendars', pass))).toEqual(['heil'])
  })

  test('throttling inside a series fails the run with what to do, and the next one has it all', async () => {
    await using graph = await bed()
    graph.faults.next('events.get', { type: 'status', status: 429, retryAfterS: 9, body: { error: { code: 'ApplicationThrottled' } } })
    await expect(run(graph, 'calendars')).rejects.toMatchObject({ code: 'throttled', retry: { type: 'after', ms: 9000 } })
    expect(titles(await run(graph, 'calendars'))).toHaveLength(4)
  })

  test('a person without a mailbox is a loss, told once, and what was read of it stays', async () => {
    await using graph = await bed()
    const first = await run(graph, 'calendars')
    graph.tenant.user('ada').refused = { status: 404, code: 'MailboxNotEnabledForRESTAPI' }
    const without = await run(graph, 'calendars', first)
    expect(said(without)).toMatchObject([{ type: 'loss', loss: { code: 'withheld-by-source' } }])
    expect(said(await run(graph, 'calendars', without))).toEqual([])
    const unread = emptyPass(new Map([[collectionOf(graph), 'of another version' as never]]))
    const kept = await run(graph, 'calendars', unread)
    expect(kept.resets).toEqual([])
    expect(kept.cursors).toEqual(unread.cursors)
    graph.tenant.user('ada').refused = undefined
    expect(said(await run(graph, 'calendars', without))).toEqual([])
  })

  test('an occurrence whose series is gone stays an event of its own', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    store.addEvent('2026-04-14T08:00', 30, {
      subject: 'einmal dabei',
      type: 'exception',
      seriesMasterId: 'AAkALgone',
      originalStart: '2026-04-14T07:00:00Z',
    })
    const pass = await run(graph, 'calendars')
    const lone = of(pass, 'event').find(({ body }) => body.ics.includes('einmal dabei'))
    expect(linesOf(lone?.body.ics ?? '')).toContain('RECURRENCE-ID:20260414T070000Z')
  })

  test('an occurrence that is listed beside its series is left to it', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const series = store.event('Jour fixe').id
    store.addEvent('2026-03-10T10:00', 60, { subject: 'doppelt', type: 'exception', seriesMasterId: series })
    expect(titles(await run(graph, 'calendars'))).not.toContain('doppelt')
  })
})

describe('attachments', () => {
  test('come as bytes of any size, as mails, or as links', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const { id } = store.event('Budget')
    const large = new Uint8Array(4 * 1024 * 1024).fill(7)
    store.attach(id, { '@odata.type': '#microsoft.graph.fileAttachment', name: 'groß.bin', contentType: 'application/x-large' }, large)
    store.attach(id, { '@odata.type': '#microsoft.graph.itemAttachment', name: 'Nachricht' }, Buffer.from('Subject: alt\r\n\r\nHallo'))
    store.attach(
      id,
      { '@odata.type': '#microsoft.graph.referenceAttachment', name: 'Plan.xlsx', sourceUrl: 'https://acme.sharepoint.com/p' },
      new Uint8Array(),
    )
    const pass = await run(graph, 'calendars')
    const item = pass.items.get(eventId(graph, id))
    expect(item?.kind === 'event' && item.body.attachments.map(({ state, url }) => [state, url?.slice(0, 30)])).toEqual([
      ['stored', 'https://graph.microsoft.com/v1'],
      ['stored', 'https://graph.microsoft.com/v1'],
      ['link', 'https://acme.sharepoint.com/p'],
    ])
    await using connector = connect(graph, ['calendars'])
    const bytes = async (at: number): Promise<Buffer> => {
      const blob = item?.blobs[at]
      if (blob?.type !== 'handle') throw new Error('no handle')
      return Buffer.concat(await Array.fromAsync(await connector.blob(blob.handle, never)))
    }
    expect((await bytes(0)).equals(large)).toBe(true)
    expect((await bytes(1)).toString()).toBe('Subject: alt\r\n\r\nHallo')
    expect(pass.losses).toEqual([])
  })

  test('that hold something harmful are refused for good, which the vault records', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const { id } = store.event('Budget')
    store.attach(id, { '@odata.type': '#microsoft.graph.fileAttachment', name: 'böse.exe' }, new Uint8Array(3), {
      status: 403,
      code: 'malwareDetected',
    })
    const item = (await run(graph, 'calendars')).items.get(eventId(graph, id))
    const [blob] = item?.blobs ?? []
    await using connector = connect(graph, ['calendars'])
    await expect(connector.blob(blob?.type === 'handle' ? blob.handle : '', never)).rejects.toMatchObject({
      code: 'rejected',
      retry: { type: 'never' },
    })
  })
})
