import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DavClient } from '../../../src/dav/client.ts'
import { discoverHome, homeOfPrincipal } from '../../../src/dav/discover.ts'
import {
  changesSince,
  etagsOf,
  findByUid,
  getObjects,
  listObjects,
  putObject,
  readObjects,
  removeObject,
} from '../../../src/dav/objects.ts'
import { findPlace, makePlace, patchPlace, placesIn, removePlace } from '../../../src/dav/places.ts'
import { Fault } from '../../../src/fault.ts'
import { event } from '../../testbed/dav/bodies.ts'
import { ports, secret } from '../../testbed/dav/ports.ts'
import { type DavTestbed, davTestbed } from '../../testbed/dav/testbed.ts'

const signal = AbortSignal.timeout(60_000)
const properties = { title: 'A & B', description: 'about <it>', color: '#112233', timezone: null, components: ['VEVENT'] }
const ics = { mediaType: 'text/calendar; charset=utf-8' }
const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
  const error = await work.catch((error: unknown) => error)
  if (error instanceof Fault) return error
  throw new Error('it was expected to fail')
}

for (const mode of ['generic', 'nextcloud', 'radicale'] as const)
  describe(`a DAV client on ${mode}`, () => {
    let bed: DavTestbed
    let client: DavClient
    beforeEach(async () => {
      bed = await davTestbed({ mode })
      bed.state.person('ada@example.org', 'pass: wörd')
      client = new DavClient(bed.url, { login: 'ada@example.org', password: secret('pass: wörd') }, ports)
    })
    afterEach(() => bed[Symbol.asyncDispose]())

    test('finds the home from the bare address, from the DAV address and from a principal', async () => {
      const home = bed.mode.calendars('ada@example.org')
      expect(await discoverHome(client, 'calendar', bed.url, signal)).toBe(home)
      expect(await discoverHome(client, 'calendar', `${bed.url}${bed.mode.root}`, signal)).toBe(home)
      expect(await homeOfPrincipal(client, 'addressbook', bed.mode.principal('ada@example.org'), signal)).toBe(
        bed.mode.addressbooks('ada@example.org'),
      )
    })

    test('makes, shows, changes and removes a place', async () => {
      const home = bed.mode.calendars('ada@example.org')
      const path = `${home}cal/`
      expect(await makePlace(client, 'calendar', path, properties, signal)).toBe(true)
      expect(await makePlace(client, 'calendar', path, properties, signal)).toBe(false)
      expect(await findPlace(client, 'calendar', path, signal)).toMatchObject({ ...properties, type: 'calendar', path })
      await patchPlace(client, 'calendar', path, { title: null, description: 'other', color: null, timezone: null }, signal)
      expect(await placesIn(client, 'calendar', home, signal)).toMatchObject([{ title: 'A & B', description: 'other', color: '#112233' }])
      await removePlace(client, path, true, signal)
      await removePlace(client, path, true, signal)
      expect(await findPlace(client, 'calendar', path, signal)).toBeUndefined()
    })

    test('writes only where nothing is, changes only what it knows, and sees what changed since', async () => {
      const place = `${bed.mode.calendars('ada@example.org')}cal/`
      await makePlace(client, 'calendar', place, properties, signal)
      const path = `${place}x.ics`
      const first = await putObject(client, path, { ...ics, text: event('u1'), condition: { type: 'new' } }, signal)
      const etag = (await etagsOf(client, 'calendar', place, [path], signal)).get(decodeURIComponent(path))
      expect(first).toBe(mode === 'nextcloud' ? null : etag)
      const start = await changesSince(client, place, undefined, signal)
      expect((await faultOf(putObject(client, path, { ...ics, text: event('u1'), condition: { type: 'new' } }, signal))).code).toBe(
        'conflict',
      )
      const stale = { ...ics, text: event('u1', { summary: 'new' }), condition: { type: 'etag', etag: '"stale"' } } as const
      expect((await faultOf(putObject(client, path, stale, signal))).code).toBe('conflict')
      await putObject(client, path, { ...stale, condition: { type: 'etag', etag: etag ?? '' } }, signal)
      await putObject(client, `${place}y.ics`, { ...ics, text: event('u2'), condition: { type: 'new' } }, signal)
      expect((await listObjects(client, place, signal)).map((one) => one.path.split('/').at(-1))).toEqual(['x.ics', 'y.ics'])
      expect((await getObjects(client, 'calendar', place, [path, `${place}none.ics`], signal)).map(({ text }) => text)).toEqual([
        stale.text,
      ])
      expect((await Array.fromAsync(readObjects(client, 'calendar', place, signal))).length).toBe(2)
      expect((await findByUid(client, 'calendar', 'VEVENT', place, 'u2', signal)).map((one) => one.path)).toEqual([`${place}y.ics`])
      expect((await faultOf(removeObject(client, path, '"stale"', signal))).code).toBe('conflict')
      await removeObject(client, path, null, signal)
      const later = await changesSince(client, place, start.token, signal)
      expect([later.changed, later.removed]).toEqual([[`${place}y.ics`], [path]])
    })

    test('says what to do about a wrong password, and about a server that has no room for another calendar', async () => {
      const other = new DavClient(bed.url, { login: 'ada@example.org', password: secret('wrong') }, ports)
      const fault = await faultOf(discoverHome(other, 'calendar', bed.url, signal))
      expect([fault.code, fault.remedy]).toEqual(['auth', expect.stringContaining('app password')])
      expect(fault.message).not.toContain('wrong')
      bed.faults.next('MKCALENDAR place', { type: 'status', status: 429 })
      const slow = await faultOf(makePlace(client, 'calendar', `${bed.mode.calendars('ada@example.org')}c/`, properties, signal))
      expect([slow.code, slow.remedy]).toEqual(['throttled', expect.stringContaining('rateLimitCalendarCreation')])
    })
  })

describe('a DAV client', () => {
  test('follows redirects on its server, and sends its password to no other', async () => {
    const seen: string[] = []
    const elsewhere = createServer((request, response) => {
      seen.push(request.url ?? '')
      response.end()
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const address = elsewhere.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const server = createServer((_, response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/dav/` }).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const own = server.address()
    try {
      const url = `http://127.0.0.1:${typeof own === 'object' && own !== null ? own.port : 0}`
      const client = new DavClient(url, { login: 'a', password: secret('b') }, ports)
      const fault = await faultOf(discoverHome(client, 'calendar', url, signal))
      expect([fault.code, fault.message]).toEqual(['rejected', expect.stringContaining(`redirected to http://127.0.0.1:${port}`)])
      expect(seen).toEqual([])
    } finally {
      server.close()
      elsewhere.close()
    }
  })

  test('names a page that is no DAV answer for what it is', async () => {
    await using bed = await davTestbed()
    bed.state.person('ada', 'x')
    bed.faults.next('PROPFIND nothing', { type: 'html' })
    bed.faults.next('PROPFIND root', { type: 'html' })
    const client = new DavClient(bed.url, { login: 'ada', password: secret('x') }, ports)
    const fault = await faultOf(discoverHome(client, 'calendar', bed.url, signal))
    expect([fault.code, fault.remedy]).toEqual(['unavailable', expect.stringContaining('login page')])
  })
})
