import { describe, expect, test } from 'vitest'
import type { Access } from '../../src/dav/target/settings.ts'
import { definition as caldav } from '../../targets/caldav/definition.ts'
import { definition as carddav } from '../../targets/carddav/definition.ts'
import { secret } from '../testbed/dav/ports.ts'
import { type RealServer, radicale, xandikos } from '../testbed/dav/real.ts'
import { everything, story } from '../testbed/dav/story.ts'

/** Debian's servers; `apt install radicale xandikos` brings them. */
const passwords = { 'ada@example.org': 'a', 'ken@example.org': 'k', root: 'r' }
const people: Access = {
  type: 'people',
  people: { 'ada@example.org': { password: secret('a') }, 'ken@example.org': { password: secret('k') } },
}
const root: Access = { type: 'privileged', login: 'root', password: secret('r'), principal: '/{login}/', makeHomes: true }
const account: Access = { type: 'account', login: 'ada@example.org', password: secret('any') }
const servers: readonly { readonly name: string; readonly start: () => Promise<RealServer>; readonly access: Access }[] = [
  { name: 'Radicale, each with a password', start: () => radicale(passwords), access: people },
  { name: 'Radicale, one login for all', start: () => radicale(passwords), access: root },
  { name: 'Xandikos', start: xandikos, access: account },
]

describe.each(servers)('$name', ({ start, access }) => {
  test('keeps calendars and tasks as they were given, twice, changed and rehearsed', async () => {
    await using server = await start()
    expect(await story(caldav, server.url, { access })).toEqual(everything)
  })

  test('keeps cards as they were given, twice, changed and rehearsed', async () => {
    await using server = await start()
    expect(await story(carddav, server.url, { access })).toEqual(everything)
  })
})
