import { afterAll, describe, expect, test } from 'vitest'
import type { ItemId } from '../../src/contract/ids.ts'
import { DavClient } from '../../src/dav/client.ts'
import { discoverHome } from '../../src/dav/discover.ts'
import { listObjects, removeObject } from '../../src/dav/objects.ts'
import { placesIn } from '../../src/dav/places.ts'
import { trashedObjects } from '../../src/dav/trash.ts'
import { definition as caldav } from '../../targets/caldav/definition.ts'
import { definition as carddav } from '../../targets/carddav/definition.ts'
import { card, event } from '../testbed/dav/bodies.ts'
import { importing } from '../testbed/dav/importing.ts'
import { ports, secret } from '../testbed/dav/ports.ts'
import { Source } from '../testbed/dav/source.ts'
import { everything, story } from '../testbed/dav/story.ts'
import { smtpSink } from '../testbed/smtp/sink.ts'

const url = process.env['FALLREEP_LIVE_NEXTCLOUD_URL']
const user = process.env['FALLREEP_LIVE_NEXTCLOUD_USER']
const password = process.env['FALLREEP_LIVE_NEXTCLOUD_PASSWORD']
/** Of a mail server on this machine to which that Nextcloud sends: then what it sends is seen. The person's address must be USER@example.org. */
const smtpPort = process.env['FALLREEP_LIVE_NEXTCLOUD_SMTP_PORT']
const never = AbortSignal.timeout(3_600_000)
const stamp = (Date.now() % 46_656_000).toString(36)
let count = 0

describe('against a real Nextcloud', { timeout: 600_000 }, () => {
  test('the server and a person are named in the environment', () => {
    expect([url, user, password]).not.toContain(undefined)
  })
  if (url === undefined || user === undefined || password === undefined) return
  const access = { type: 'people', people: { [user]: { password: secret(password) } } } as const
  const client = new DavClient(url, { login: user, password: secret(password) }, ports)
  /** Throw-away names of its own for each test, removed at the end. */
  const runs: string[] = []
  const scratch = (): string => {
    const run = `${stamp}${++count}`
    runs.push(run)
    return run
  }
  const person = (source: Source): void => {
    source.account(user)
    source.people.set(`account/${user}` as ItemId, { name: user, addresses: [], accounts: { dav: user } })
  }
  const destroyed = async (run: string) => {
    const all = []
    for (const definition of [caldav, carddav]) {
      const parsed = definition.config.parse({ url, access: { type: 'account', login: 'x', password: { env: 'NONE' } } })
      const config = { ...parsed, access, scratch: run } as never
      await using target = await definition.open('dav', config, ports, never)
      all.push(...(await Array.fromAsync(target.scratch?.destroy(never) ?? [])))
    }
    return all
  }
  afterAll(async () => {
    for (const run of runs) await destroyed(run)
  })

  test('calendars and tasks are kept as they were given, twice, changed and rehearsed', async () => {
    expect(await story(caldav, url, { access, scratch: scratch() }, { ada: user })).toEqual(everything)
  })

  test('cards are kept as they were given, twice, changed and rehearsed', async () => {
    expect(await story(carddav, url, { access, scratch: scratch() }, { ada: user })).toEqual(everything)
  })

  test('events that lie in the trash bin come back, and a rehearsal leaves nothing in it', async () => {
    const source = new Source()
    person(source)
    const calendar = source.calendar(user, 'Trash')
    for (const name of ['a', 'b', 'c']) source.event(calendar, name, event(`${stamp}-${name}`))
    const run = scratch()
    using first = importing(caldav, url, source, { access, scratch: run })
    expect((await first.once()).wrong).toEqual([])
    const home = await discoverHome(client, 'calendar', url, never)
    const place = (await placesIn(client, 'calendar', home, never)).find(({ path }) => path.includes(`rehearsal-${run}-`))
    for (const { path } of await listObjects(client, place?.path ?? '', never)) await removeObject(client, path, null, never)
    const trashed = async () => (await trashedObjects(client, home, never)).filter(({ place }) => place.startsWith(`rehearsal-${run}-`))
    expect((await trashed()).length).toBe(3)
    using second = importing(caldav, url, source, { access, scratch: run })
    const again = await second.once()
    expect([again.wrong, new Set(again.applied.map(({ outcome }) => outcome))]).toEqual([[], new Set(['created'])])
    expect(await destroyed(run)).toEqual([])
    expect(await trashed()).toEqual([])
  })

  test('an event with a UID that another one of the calendar has gets its own, and nothing else is lost', async () => {
    const source = new Source()
    person(source)
    const calendar = source.calendar(user, 'Twins')
    const [a, b, c] = ['one', 'two', 'one'].map((summary, n) =>
      source.event(calendar, `e${n}`, event(`${stamp}:weird/uid @x`, { summary })),
    )
    using job = importing(caldav, url, source, { access, scratch: scratch() })
    const run = await job.once()
    expect([run.wrong, run.lost(a ?? ''), run.lost(b ?? ''), run.lost(c ?? '')]).toEqual([[], [], ['name-changed'], []])
  })

  test('an object that the server refuses is a loss of its own', async () => {
    const source = new Source()
    person(source)
    const calendar = source.calendar(user, 'Bad')
    const bad = source.event(calendar, 'bad', event('bad').replace(/DTSTART.*\r\n/, ''))
    const good = source.event(calendar, 'good', event('good'))
    const book = source.addressbook(user, 'Cards')
    source.contact(book, 'a', card('a'))
    using job = importing(caldav, url, source, { access, scratch: scratch() })
    const run = await job.once()
    console.log(run.losses.map(({ detail }) => detail))
    expect([run.outcome(good), run.wrong]).toEqual(['created', []])
    expect([run.outcome(bad) === 'created', run.lost(bad).length > 0]).toContain(true)
  })

  if (smtpPort === undefined) return
  test('nobody is mailed, though that server mails', async () => {
    await using sink = await smtpSink(Number(smtpPort))
    const guest = (name: string) =>
      ({ address: `${name}@example.org`, name, role: 'required', type: 'person', status: 'needs-action', comment: null }) as const
    const meeting = (summary: string): string =>
      event(`${stamp}-meeting`, {
        summary,
        start: { type: 'utc', at: '2031-01-01T10:00:00Z' },
        end: { type: 'utc', at: '2031-01-01T11:00:00Z' },
        organizer: guest(user),
        attendees: [guest(user), guest('stranger')],
      })
    const source = new Source()
    person(source)
    const id = source.event(source.calendar(user, 'Meetings'), 'm', meeting('one'))
    const run = scratch()
    using job = importing(caldav, url, source, { access, scratch: run })
    expect((await job.once()).wrong).toEqual([])
    source.edit<'event'>(id, (item) => ({ ...item, body: { ...item.body, ics: meeting('two') } }))
    expect((await job.once()).outcome(id)).toBe('updated')
    source.items.delete(id)
    expect((await job.once()).outcome(id)).toBe('deleted')
    expect(sink.mails).toEqual([])
    // Without our headers it does mail: the sink is really where its mail goes.
    const home = await discoverHome(client, 'calendar', url, never)
    const place = (await placesIn(client, 'calendar', home, never)).find(({ path }) => path.includes(`rehearsal-${run}-`))
    const text = meeting('by hand').replaceAll(`${stamp}-meeting`, `${stamp}-by-hand`)
    await client.request(
      { method: 'PUT', path: `${place?.path ?? ''}x.ics`, body: text, headers: { 'content-type': 'text/calendar' } },
      never,
    )
    expect(sink.mails.flatMap(({ to }) => to)).toEqual(['stranger@example.org'])
  })
})
