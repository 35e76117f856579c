import { describe, expect, test } from 'vitest'
import type { Item } from '../../src/contract/item.ts'
import type { TargetDefinition } from '../../src/contract/target.ts'
import type { DavOperation } from '../../src/dav/target/operations.ts'
import type { Access, CommonSettings } from '../../src/dav/target/settings.ts'
import { definition as caldav } from '../../targets/caldav/definition.ts'
import { definition as carddav } from '../../targets/carddav/definition.ts'
import { card, event } from '../testbed/dav/bodies.ts'
import { importing } from '../testbed/dav/importing.ts'
import { secret } from '../testbed/dav/ports.ts'
import { type RealServer, radicale, xandikos } from '../testbed/dav/real.ts'
import { sample } from '../testbed/dav/sample.ts'
import type { Source } from '../testbed/dav/source.ts'

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

interface Said {
  readonly wrong: readonly string[]
  readonly outcomes: readonly string[]
}
/** Brings the sample, again, changed, rehearses it, and looks whether it still stands. */
async function story<S extends CommonSettings>(
  definition: TargetDefinition<string, S, DavOperation>,
  { url }: RealServer,
  access: Access,
  change: (source: Source) => void,
): Promise<readonly Said[]> {
  const source = sample()
  using job = importing(definition, url, source, { access } as Partial<S> & Pick<CommonSettings, 'access'>)
  const said: Said[] = []
  const once = async (): Promise<void> => {
    const { wrong, applied } = await job.once()
    said.push({ wrong, outcomes: [...new Set(applied.map(({ outcome }) => outcome))].toSorted() })
  }
  await once()
  await once()
  change(source)
  await once()
  said.push({ wrong: (await job.rehearse('run1')).map(({ what }) => what), outcomes: [] })
  await once()
  return said
}
const everything: readonly Said[] = [
  { wrong: [], outcomes: ['created'] },
  { wrong: [], outcomes: ['unchanged'] },
  { wrong: [], outcomes: ['created', 'deleted', 'unchanged', 'updated'] },
  { wrong: [], outcomes: [] },
  { wrong: [], outcomes: ['unchanged'] },
]

describe.each(servers)('$name', ({ start, access }) => {
  test('keeps calendars and tasks as they were given, twice, changed and rehearsed', async () => {
    await using server = await start()
    const said = await story(caldav, server, access, (source) => {
      source.edit<'event'>('event/ada/ada@example.org/e5' as never, (item: Item<'event'>) => ({
        ...item,
        body: { ...item.body, ics: event('allday@google.com', { summary: 'edited' }) },
      }))
      source.items.delete('event/ada/ada@example.org/e4' as never)
      source.event('calendar/ada/ada@example.org' as never, 'late', event('late@google.com'))
    })
    expect(said).toEqual(everything)
  })

  test('keeps cards as they were given, twice, changed and rehearsed', async () => {
    await using server = await start()
    const said = await story(carddav, server, access, (source) => {
      source.edit<'contact'>('contact/ada/connections/c3' as never, (item: Item<'contact'>) => ({
        ...item,
        body: { ...item.body, vcf: card('c3', { formattedName: 'edited' }) },
      }))
      source.items.delete('contact/ada/connections/c1' as never)
      source.contact('addressbook/ada/connections' as never, 'late', card('late'))
    })
    expect(said).toEqual(everything)
  })
})
