import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { Item } from '../../../src/contract/item.ts'
import { definition } from '../../../targets/caldav/definition.ts'
import type { Settings } from '../../../targets/caldav/settings.ts'
import { access, peopled } from '../../testbed/dav/bench.ts'
import { event } from '../../testbed/dav/bodies.ts'
import { type Importing, importing } from '../../testbed/dav/importing.ts'
import type { Mode } from '../../testbed/dav/mode.ts'
import { Source } from '../../testbed/dav/source.ts'
import type { Place, StoredObject } from '../../testbed/dav/state.ts'
import type { DavTestbed } from '../../testbed/dav/testbed.ts'

const ADA = 'ada@example.org'
let bed: DavTestbed
let source: Source
let calendar: ItemId
let job: Importing
const start = async (mode: Mode['name'], settings: Partial<Settings> = {}, options: Parameters<typeof peopled>[1] = {}): Promise<void> => {
  bed = await peopled(mode, options)
  source = new Source()
  source.account('ada')
  calendar = source.calendar('ada', 'Work')
  job = importing(definition, bed.url, source, { access, ...settings })
}
afterEach(async () => {
  job[Symbol.dispose]()
  await bed[Symbol.asyncDispose]()
})
const ours = (login = ADA): readonly Place[] =>
  bed.state
    .placesOf(login, 'calendar')
    .filter(({ name }) => name.startsWith('fallreep-') && !bed.state.find(login, 'calendar', name)?.trashed)
const objects = (): readonly StoredObject[] => ours().flatMap((place) => [...place.objects.values()])
const edit = (id: ItemId, ics: string): void =>
  source.edit<'event'>(id, (item: Item<'event'>) => ({ ...item, body: { ...item.body, ics } }))

describe('the trash bin of Nextcloud', () => {
  test('that keeps the UID of an event is emptied of that one event', async () => {
    await start('nextcloud', {}, { limits: { uidsInTrash: true } })
    const id = source.event(calendar, 'a', event('a'))
    source.event(calendar, 'b', event('b'))
    await job.once()
    const [place] = ours()
    if (place !== undefined) for (const name of [...place.objects.keys()]) bed.state.remove(place, name, true)
    edit(id, event('a', { summary: 'new' }))
    const run = await job.once()
    // Deleted there by a person: it is not brought back behind their back.
    expect([run.outcome(id), bed.state.trash.length]).toEqual(['failed', 2])
    using again = importing(definition, bed.url, source, { access })
    expect((await again.once()).wrong).toEqual([])
    expect([objects().length, bed.state.trash.length]).toEqual([2, 0])
  })

  test('holds nothing of a rehearsal afterwards', async () => {
    await start('nextcloud')
    source.event(calendar, 'a', event('a'))
    expect(await job.rehearse('r1')).toEqual([])
    expect([bed.state.trash, bed.state.placesOf(ADA, 'calendar').map(({ name }) => name)]).toEqual([[], ['personal']])
  })

  test('with the calendar itself in it is told, and nothing is taken out of it', async () => {
    await start('nextcloud')
    await job.once()
    const [place] = ours()
    if (place !== undefined) place.trashed = true
    using again = importing(definition, bed.url, source, { access })
    const run = await again.once()
    expect([run.outcome(calendar), run.losses[0]?.detail]).toEqual(['failed', expect.stringContaining('trash bin')])
    expect(place?.trashed).toBe(true)
  })
})

describe('events that share a UID in one calendar', () => {
  beforeEach(() => start('nextcloud'))

  test('become one if they are equal, and it lasts as long as any of them', async () => {
    const [first, second] = ['a', 'b'].map((name) => source.event(calendar, name, event('same')))
    expect((await job.once()).wrong).toEqual([])
    expect(objects().length).toBe(1)
    if (first !== undefined) source.items.delete(first)
    const run = await job.once()
    expect([run.wrong, run.outcome(second ?? ''), objects().length]).toEqual([[], 'unchanged', 1])
    if (second !== undefined) edit(second, event('same', { summary: 'changed' }))
    expect([(await job.once()).wrong, objects()[0]?.text.includes('changed')]).toEqual([[], true])
    if (second !== undefined) source.items.delete(second)
    await job.once()
    expect(objects()).toEqual([])
  })

  test('get a UID of their own if they differ, now or later, and the first keeps its own', async () => {
    const late = source.event(calendar, 'b', event('same', { summary: 'b' }))
    await job.once()
    const early = source.event(calendar, 'a', event('same', { summary: 'a' }))
    const run = await job.once()
    expect([run.wrong, run.outcome(late), run.outcome(early), run.lost(early)]).toEqual([[], 'unchanged', 'created', ['name-changed']])
    expect(objects().map(({ uid }) => uid === 'same')).toEqual([true, false])
    edit(early, event('same', { summary: 'b' }))
    const joined = await job.once()
    expect([joined.wrong, joined.lost(early), objects().length]).toEqual([[], [], 1])
    edit(early, event('same', { summary: 'apart again' }))
    expect([(await job.once()).wrong, objects().length]).toEqual([[], 2])
    const twin = source.event(calendar, 'c', event('same', { summary: 'apart again' }))
    const shared = await job.once()
    expect([shared.wrong, shared.lost(twin), objects().length]).toEqual([[], ['name-changed'], 2])
    source.items.delete(early)
    const left = await job.once()
    expect([left.wrong, left.outcome(twin), objects().length]).toEqual([[], 'created', 2])
    source.items.delete(late)
    const alone = await job.once()
    expect([alone.wrong, alone.outcome(twin), objects().length]).toEqual([[], 'unchanged', 1])
  })
})

describe('people', () => {
  test('whose password is wrong, or who have none here, are losses; the others arrive', async () => {
    await start('nextcloud')
    const kens = source.event(source.calendar('ken', 'Ken'), 'k', event('k'))
    source.account('ken')
    source.account('nobody')
    const nobodys = source.event(source.calendar('nobody', 'N'), 'n', event('n'))
    const adas = source.event(calendar, 'a', event('a'))
    const ken = bed.state.people.get('ken@example.org')
    if (ken !== undefined) ken.password = 'changed'
    const run = await job.once()
    expect([run.outcome(adas), run.lost(kens), run.lost(nobodys), run.wrong]).toEqual([
      'created',
      ['rejected-by-target'],
      ['excluded-by-policy'],
      [],
    ])
  })

  test('are found under the name that the people map gives them, and move with it', async () => {
    await start('radicale')
    source.event(calendar, 'a', event('a'))
    await job.once()
    source.people.set('account/ada' as ItemId, { name: 'Ada', addresses: [], accounts: { dav: 'ken@example.org' } })
    expect((await job.once()).wrong).toEqual([])
    expect([ours().length, ours('ken@example.org').flatMap((place) => [...place.objects]).length]).toEqual([0, 1])
  })
})

describe('a new place on a server that takes it whole', () => {
  test('is filled with one request, looks as asked, and changes like any other', async () => {
    await start('radicale')
    const ids = ['a', 'b', 'c'].map((name) =>
      source.event(calendar, name, event(name, { start: { type: 'utc', at: '2026-03-01T08:00:00Z' }, end: null })),
    )
    const zoned = source.event(calendar, 'z', event('z'))
    expect((await job.once()).wrong).toEqual([])
    expect([bed.calls.count('PUT place'), bed.calls.count('PUT object')]).toEqual([1, 1])
    edit(ids[0] ?? zoned, event('a', { summary: 'changed' }))
    source.items.delete(ids[1] ?? zoned)
    const run = await job.once()
    expect([run.wrong, objects().length]).toEqual([[], 3])
  })

  test('is not touched whole when somebody put something into it first', async () => {
    await start('radicale')
    for (const name of ['a', 'b']) source.event(calendar, name, event(name, { start: { type: 'date', date: '2026-03-01' }, end: null }))
    bed.faults.next('PUT place', { type: 'status', status: 412 })
    expect((await job.once()).wrong).toEqual([])
    expect(bed.calls.count('PUT object')).toBe(2)
  })

  test('that loses its connection on the way is finished one by one', async () => {
    await start('radicale')
    for (const name of ['a', 'b']) source.event(calendar, name, event(name, { start: { type: 'date', date: '2026-03-01' }, end: null }))
    bed.faults.next('PUT place', { type: 'lost-answer' })
    const run = await job.once()
    expect([run.wrong, objects().length]).toEqual([[], 2])
    expect(run.losses).toEqual([])
  })

  test('gets its title and colour back after a crash right behind that request', async () => {
    await start('radicale')
    for (const name of ['a', 'b']) source.event(calendar, name, event(name, { start: { type: 'date', date: '2026-03-01' }, end: null }))
    bed.faults.next('PROPPATCH place', { type: 'status', status: 500 })
    await expect(job.once()).rejects.toThrow('500')
    const run = await job.once()
    expect([run.wrong, run.losses, objects().length, [...(ours()[0]?.props.keys() ?? [])].length]).toEqual([[], [], 2, 3])
  })
})
