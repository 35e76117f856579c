import { describe, expect, test } from 'vitest'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { FileRef } from '../../../src/model/file.ts'
import type { ObjectOperation, PlaceOperation } from '../../../src/dav/target/operations.ts'
import { definition } from '../../../targets/caldav/definition.ts'
import type { Settings } from '../../../targets/caldav/settings.ts'
import { access } from '../../testbed/dav/bench.ts'
import { event } from '../../testbed/dav/bodies.ts'
import { Source } from '../../testbed/dav/source.ts'
import { secret } from '../../testbed/dav/ports.ts'

const settings = (more: Partial<Settings> = {}): Settings => ({
  ...definition.config.parse({ url: 'https://dav.example', access: { type: 'account', login: 'x', password: { env: 'NONE' } } }),
  access,
  ...more,
})
const nextcloud: JsonObject = { nextcloud: true, autoSchedule: true }
const radicale: JsonObject = { nextcloud: false, autoSchedule: false }
const scheduling: JsonObject = { nextcloud: false, autoSchedule: true }
function mapped(source: Source, id: ItemId, more: Partial<Settings> = {}, survey: JsonObject | undefined = radicale) {
  const item = source.items.get(id)
  if (item === undefined) throw new Error(`there is no ${id}`)
  const { ops, losses } = definition.mapper(source.directory, settings(more), survey).map(item)
  return {
    op: ops[0],
    text: (ops[0] as ObjectOperation | undefined)?.text ?? '',
    losses: losses.map(({ code, effect }) => `${code} ${effect.type === 'dropped' ? '' : effect.field}`.trim()),
  }
}
const world = (): { readonly source: Source; readonly calendar: ItemId } => {
  const source = new Source()
  source.account('ada')
  return { source, calendar: source.calendar('ada', 'Work') }
}

describe('an event', () => {
  test('gets a description of every time zone it names, and loses what would make it a message', () => {
    const { source, calendar } = world()
    const bare = event('a')
      .replace(/BEGIN:VTIMEZONE[\s\S]*?END:VTIMEZONE\r\n/, '')
      .replace('VERSION:2.0\r\n', 'VERSION:2.0\r\nMETHOD:REQUEST\r\n')
    const { text, losses } = mapped(source, source.event(calendar, 'a', bare))
    expect([/BEGIN:VTIMEZONE\r\nTZID:Europe\/Berlin\r\n/.test(text), text.includes('METHOD'), losses]).toEqual([true, false, []])
  })

  test('marks its guests only where the server would mail them and cannot be told otherwise', () => {
    const { source, calendar } = world()
    const ken = { address: 'ken@example.org', name: null, role: 'required', type: 'person', status: 'accepted', comment: null } as const
    const id = source.event(calendar, 'a', event('a', { organizer: ken, attendees: [ken] }))
    const alone = source.event(calendar, 'b', event('b'))
    const marks = (survey: JsonObject | undefined, more: Partial<Settings> = {}) => {
      const { text, losses } = mapped(source, id, more, survey)
      return [text.match(/SCHEDULE-AGENT=NONE/g)?.length ?? 0, ...losses]
    }
    expect(marks(radicale)).toEqual([0])
    expect(marks(nextcloud)).toEqual([0])
    expect(marks(scheduling)).toEqual([2, 'excluded-by-policy scheduling'])
    expect(marks({})).toEqual([2, 'excluded-by-policy scheduling'])
    expect(marks(radicale, { guests: 'never-by-server' })).toEqual([2, 'excluded-by-policy scheduling'])
    expect(mapped(source, alone, {}, scheduling).losses).toEqual([])
  })

  test('takes the bytes of its attachments as far as they fit, and says of each other why not', () => {
    const { source, calendar } = world()
    const file = (n: number, more: Partial<FileRef>): FileRef => ({ nativeId: `f${n}`, name: `f${n}`, title: null, mediaType: 'text/plain', form: 'upload', owner: null, bytes: 4, state: 'stored', blob: null, url: `https://x.example/${n}`, ...more }) // prettier-ignore
    const bytes_ = new TextEncoder().encode('four')
    const attachments = ['https://x.example/a file', 'https://x.example/2'].map((url) => ({ url, name: 'f', mediaType: null }))
    const id = source.event(calendar, 'a', event('a', { attachments }), [
      { ...file(1, { url: 'https://x.example/a file' }), bytes_ },
      { ...file(2, {}), bytes_ },
      file(3, { state: 'link' }),
      file(4, { state: 'withheld' }),
      { ...file(5, { url: null }), bytes_ },
    ])
    const { op, losses } = mapped(source, id, { attachments: { inlineUpTo: 7 } })
    expect((op as ObjectOperation).fills.map(({ slot }) => slot)).toEqual(['https://x.example/a%20file'])
    expect(losses).toEqual(['too-large ATTACH', 'withheld-by-source ATTACH', 'invalid-at-source ATTACH'])
    expect(mapped(source, id, { attachments: { inlineUpTo: 0 } }).losses[0]).toBe('too-large ATTACH')
  })

  test.each([
    ['without a UID', event('x').replace(/UID:.*\r\n/, '')],
    ['with two UIDs', event('x').replace('END:VCALENDAR', 'BEGIN:VEVENT\r\nUID:y\r\nEND:VEVENT\r\nEND:VCALENDAR')],
    ['without an event', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n'],
    ['that is not one', 'hello'],
    ['that is empty', ''],
  ])('%s is a loss', (_, ics) => {
    const { source, calendar } = world()
    const { op, losses } = mapped(source, source.event(calendar, 'a', ics))
    expect([op, losses]).toEqual([undefined, ['invalid-at-source']])
  })

  test('of a calendar that nobody described, or of somebody without an address, is a loss', () => {
    const { source } = world()
    source.account('none', { email: null })
    const lost = source.event('calendar/ada/Unknown' as ItemId, 'a', event('a'))
    const nobodys = source.event(source.calendar('none', 'N'), 'a', event('a'))
    expect([mapped(source, lost).losses, mapped(source, nobodys).losses]).toEqual([['invalid-at-source'], ['withheld-by-source']])
  })

  test('is the same operation whichever way the vendor writes its id', () => {
    const { source, calendar } = world()
    const { op } = mapped(source, source.event(calendar, 'a', event('040000008200E00074C5B7101A82E008:a/b c@x')))
    expect([op?.key, (op as ObjectOperation).uid]).toEqual([`event/ada/Work/a`, '040000008200E00074C5B7101A82E008:a/b c@x'])
  })
})

describe('a calendar', () => {
  test('keeps colour, description and time zone, and says what CalDAV has no word for', () => {
    const { source } = world()
    const id = source.calendar('ada', 'A\nB', { color: '#ABCDEFff', description: 'x', timezone: 'Mars/Olympus', hidden: true, reminders: [{ method: 'popup', minutes: 5 }], access: [{ scope: 'domain', who: 'example.org', role: 'free-busy' }] }) // prettier-ignore
    const { op, losses } = mapped(source, id)
    expect((op as PlaceOperation).properties).toEqual({
      title: 'A B',
      color: '#abcdef',
      description: 'x',
      timezone: null,
      components: ['VEVENT'],
    })
    expect(losses).toEqual([
      'name-changed title',
      'access-narrowed access',
      'no-such-concept reminders',
      'no-such-concept hidden',
      'no-such-concept timezone',
    ])
  })

  test('of several people in one account says whose it is; the main one has the name that was chosen', () => {
    const { source } = world()
    const id = source.calendar('ada', 'ada@example.org', { primary: true })
    const title = (more: Partial<Settings>) => (mapped(source, id, more).op as PlaceOperation).properties.title
    const one = { type: 'account', login: 'archive', password: secret('x') } as const
    expect([
      title({}),
      title({ primaryTitle: 'Personal' }),
      title({ access: one }),
      title({ access: { ...one, login: 'ADA@example.org' } }),
    ]).toEqual(['ada@example.org', 'Personal', 'ada@example.org (Ada)', 'ada@example.org'])
  })

  test('of a rehearsal stands beside the real one', () => {
    const { source, calendar } = world()
    const real = mapped(source, calendar).op as PlaceOperation
    const item = source.items.get(calendar)
    const rehearsal = definition.scratch(settings(), '26-1125 AbC')
    const scratch =
      item === undefined ? undefined : (definition.mapper(source.directory, rehearsal, radicale).map(item).ops[0] as PlaceOperation)
    expect([real.place.startsWith('fallreep-'), scratch?.place.startsWith('rehearsal-261125abc-'), scratch?.properties.title]).toEqual([
      true,
      true,
      'Rehearsal 261125abc: Work',
    ])
  })
})
