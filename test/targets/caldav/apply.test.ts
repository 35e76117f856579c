import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { Item } from '../../../src/contract/item.ts'
import { Fault } from '../../../src/fault.ts'
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
const meeting = (uid: string, summary = 'Meeting'): string => {
  const guest = (name: string) =>
    ({ address: `${name}@example.org`, name, role: 'required', type: 'person', status: 'needs-action', comment: null }) as const
  return event(uid, { summary, organizer: guest('ada'), attendees: [guest('ada'), guest('ken'), guest('stranger')] })
}

describe.each(['generic', 'nextcloud'] as const)('on a server that mails guests itself (%s)', (mode) => {
  test('nobody is told when a meeting is brought, changed, removed or rehearsed', async () => {
    await start(mode)
    const id = source.event(calendar, 'm', meeting('m'))
    expect((await job.once()).wrong).toEqual([])
    edit(id, meeting('m', 'changed'))
    expect((await job.once()).outcome(id)).toBe('updated')
    expect(await job.rehearse('r1')).toEqual([])
    source.items.delete(id)
    expect((await job.once()).outcome(id)).toBe('deleted')
    expect(bed.smtp.mails).toEqual([])
    // The server would have told them: a request of somebody else does.
    const place = ours()[0]
    const path = `${bed.url}${bed.mode.calendars(ADA)}${place?.name ?? ''}/x.ics`
    await fetch(path, { method: 'PUT', body: meeting('x'), headers: { authorization: `Basic ${btoa(`${ADA}:ada-pass`)}` } })
    expect(bed.smtp.mails.map(({ to }) => to[0])).toEqual(['ken@example.org', 'stranger@example.org'])
  })
})

describe('what stands on the server', () => {
  test('is adopted if it is the same, after a ledger was lost', async () => {
    await start('nextcloud')
    source.event(calendar, 'a', event('a'))
    await job.once()
    const before = objects()
    using again = importing(definition, bed.url, source, { access })
    const { applied, wrong } = await again.once()
    expect([wrong, applied.map(({ outcome }) => outcome)]).toEqual([[], ['created', 'created']])
    expect(objects().map(({ etag }) => etag)).toEqual(before.map(({ etag }) => etag))
  })

  test('stays when somebody changed it there, and the report says so each time', async () => {
    await start('generic')
    const id = source.event(calendar, 'a', event('a'))
    await job.once()
    const [place] = ours()
    const name = objects()[0]?.name ?? ''
    if (place !== undefined) bed.state.put(place, name, event('a', { summary: 'by hand' }))
    edit(id, event('a', { summary: 'from the source' }))
    for (const _ of [1, 2]) {
      const run = await job.once()
      expect([run.outcome(id), run.lost(id), run.wrong]).toEqual(['unchanged', ['rejected-by-target'], []])
    }
    expect(objects()[0]?.text).toContain('by hand')
    source.items.delete(id)
    const last = await job.once()
    expect([last.outcome(id), last.lost(id)]).toEqual(['failed', ['rejected-by-target']])
    expect(objects()[0]?.text).toContain('by hand')
  })

  test('is changed although its etag is another one, if it says what we wrote', async () => {
    await start('generic')
    const id = source.event(calendar, 'a', event('a'))
    await job.once()
    for (const object of objects()) object.etag = '"touched"'
    edit(id, event('a', { summary: 'new' }))
    expect((await job.once()).outcome(id)).toBe('updated')
    expect(objects()[0]?.text).toContain('new')
  })

  test('keeps a title that somebody gave it there', async () => {
    await start('generic')
    await job.once()
    ours()[0]?.props.set('displayname', 'By hand')
    source.edit<'calendar'>(calendar, (item: Item<'calendar'>) => ({ ...item, body: { ...item.body, name: 'Renamed', color: '#ffffff' } }))
    const run = await job.once()
    expect([run.wrong, run.outcome(calendar), run.lost(calendar)]).toEqual([[], 'updated', ['rejected-by-target']])
    expect(Object.fromEntries(ours()[0]?.props ?? [])).toMatchObject({ displayname: 'By hand', 'calendar-color': '#ffffff' })
  })

  test('goes with its calendar when the calendar is gone, but for what others put there', async () => {
    await start('nextcloud')
    const other = source.calendar('ada', 'Old')
    const kept = source.calendar('ada', 'Shared')
    source.event(other, 'a', event('a'))
    source.event(kept, 'b', event('b'))
    await job.once()
    const shared = ours().find(({ props }) => props.get('displayname') === 'Shared')
    if (shared !== undefined) bed.state.put(shared, 'hers.ics', event('hers'))
    for (const id of [other, kept, 'event/ada/Old/a' as ItemId, 'event/ada/Shared/b' as ItemId]) source.items.delete(id)
    const run = await job.once()
    expect([run.outcome(other), run.outcome(kept)]).toEqual(['deleted', 'failed'])
    expect(objects().map(({ uid }) => uid)).toEqual(['hers'])
  })

  test('stays when the configuration says so', async () => {
    await start('generic', { deletions: 'keep' })
    const id = source.event(calendar, 'a', event('a'))
    await job.once()
    source.items.delete(id)
    for (const _ of [1, 2]) expect((await job.once()).lost(id)).toEqual(['excluded-by-policy'])
    expect(objects().length).toBe(1)
  })
})

describe('one that cannot be written', () => {
  beforeEach(() => start('nextcloud', {}, { limits: { maxBytes: 3000 } }))

  test('too large, or refused for its content, is a loss of its own', async () => {
    const large = source.event(calendar, 'large', event('large', { description: 'x'.repeat(5000) }))
    const broken = source.event(calendar, 'broken', event('broken').replace('END:VCALENDAR', 'X-BAD:\u0001\r\nEND:VCALENDAR'))
    const good = source.event(calendar, 'good', event('good'))
    const run = await job.once()
    expect([run.lost(large), run.lost(broken), run.outcome(good), run.wrong]).toEqual([
      ['too-large'],
      ['rejected-by-target'],
      'created',
      [],
    ])
  })

  test('because the server stumbles over it alone is a loss, and its neighbours go on', async () => {
    const bad = source.event(calendar, 'a', event('a'))
    const good = source.event(calendar, 'b', event('b'))
    bed.faults.next('PUT object', ...Array.from({ length: 1 }, () => ({ type: 'status', status: 500 }) as const))
    expect((await job.once()).outcome(bad)).toBe('created')
    edit(bad, event('a', { summary: 'again' }))
    bed.faults.next('PUT object', ...Array.from({ length: 5 }, () => ({ type: 'status', status: 500 }) as const))
    const run = await job.once()
    expect([run.outcome(bad), run.lost(bad), run.outcome(good)]).toEqual(['failed', ['rejected-by-target'], 'unchanged'])
    expect((await job.once()).outcome(bad)).toBe('updated')
  })

  test('because the calendar could not be made is a loss of that calendar only', async () => {
    for (let n = 0; n < 29; n++) bed.state.add(ADA, 'calendar', `c${n}`, `C${n}`)
    const id = source.event(calendar, 'a', event('a'))
    source.account('ken')
    const kens = source.event(source.calendar('ken', 'Ken'), 'k', event('k'))
    const run = await job.once()
    expect([run.outcome(calendar), run.outcome(id), run.outcome(kens), run.wrong]).toEqual(['failed', 'failed', 'created', []])
    expect(run.losses.find(({ item }) => item === calendar)?.detail).toContain('maximumCalendarsSubscriptions')
  })
})

describe('a run that is cut off', () => {
  test('after the server did it and before it could say so ends as if nothing had been', async () => {
    await start('generic')
    const id = source.event(calendar, 'a', event('a'))
    bed.faults.next('MKCALENDAR place', { type: 'lost-answer' })
    bed.faults.next('PUT object', { type: 'lost-answer' })
    const run = await job.once()
    expect([run.wrong, run.outcome(id), objects().length, ours().length]).toEqual([[], 'created', 1, 1])
    edit(id, event('a', { summary: 'two' }))
    bed.faults.next('PUT object', { type: 'lost-answer' })
    const second = await job.once()
    expect([second.wrong, second.outcome(id)]).toEqual([[], 'updated'])
    expect(bed.faults.unused).toEqual([])
  })

  test('in the middle of a change is finished by the next, whatever the source says by then', async () => {
    await start('generic')
    const id = source.event(calendar, 'a', event('a', { summary: 'one' }))
    await job.once()
    for (const summary of ['two', 'three', 'four']) {
      edit(id, event('a', { summary }))
      const stop = new AbortController()
      // The server has it, and we die before we hear of it.
      bed.faults.next('PUT object', { type: 'lost-answer' }, ...Array.from({ length: 4 }, () => ({ type: 'reset' }) as const))
      await job.once(stop.signal).catch(() => undefined)
    }
    const run = await job.once()
    expect([run.wrong, run.lost(id)]).toEqual([[], []])
    expect(objects()[0]?.text).toContain('four')
  })

  test('because too many calendars were made is told with what to do, and goes on later', async () => {
    let now = 0
    await start('nextcloud', {}, { now: () => now, limits: { placesPerHour: 1 } })
    source.calendar('ada', 'Second')
    const error = await job.once().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(Fault)
    expect((error as Fault).remedy).toContain('rateLimitCalendarCreation')
    now += 3_600_001
    expect((await job.once()).wrong).toEqual([])
    expect(ours().length).toBe(2)
  })
})
