import { describe, expect, test } from 'vitest'
import type { Item, Kind } from '../../src/contract/item.ts'
import type { TargetDefinition } from '../../src/contract/target.ts'
import type { DavOperation } from '../../src/dav/target/operations.ts'
import type { Access, CommonSettings } from '../../src/dav/target/settings.ts'
import { openLedger } from '../../src/engine/ledger.ts'
import { definition as caldav } from '../../targets/caldav/definition.ts'
import { definition as carddav } from '../../targets/carddav/definition.ts'
import { applyAll, differences } from '../contract/target-run.ts'
import { card, event } from '../testbed/dav/bodies.ts'
import { ports, secret } from '../testbed/dav/ports.ts'
import { type RealServer, radicale, xandikos } from '../testbed/dav/real.ts'
import { sample } from '../testbed/dav/sample.ts'
import type { Source } from '../testbed/dav/source.ts'

const people: Access = {
  type: 'people',
  people: { 'ada@example.org': { password: secret('a') }, 'ken@example.org': { password: secret('k') } },
}
const servers: Readonly<Record<string, { readonly start: () => Promise<RealServer>; readonly access: Access }>> = {
  'Radicale, each with a password': {
    start: () => radicale({ 'ada@example.org': 'a', 'ken@example.org': 'k', root: 'r' }),
    access: people,
  },
  'Radicale, one login for all': {
    start: () => radicale({ 'ada@example.org': 'a', 'ken@example.org': 'k', root: 'r' }),
    access: { type: 'privileged', login: 'root', password: secret('r'), principal: '/{login}/', makeHomes: true },
  },
  Xandikos: { start: xandikos, access: { type: 'account', login: 'ada@example.org', password: secret('any') } },
}
const calendars = ['calendar', 'tasklist', 'event', 'task'] as const satisfies readonly Kind[]
const contacts = ['addressbook', 'contact'] as const satisfies readonly Kind[]
const signal = AbortSignal.timeout(600_000)

for (const [name, { start, access }] of Object.entries(servers))
  describe(name, () => {
    const scenario = async <S extends CommonSettings>(
      definition: TargetDefinition<string, S, DavOperation>,
      kinds: readonly Kind[],
      change: (source: Source) => void,
    ): Promise<void> => {
      await using server = await start()
      const source = sample()
      const account = { type: 'account', login: 'x', password: { env: 'NONE' } }
      const config: S = { ...definition.config.parse({ url: server.url, access: account }), access }
      using ledger = openLedger(':memory:')
      const once = async () => {
        await using target = await definition.open('dav', config, ports, signal)
        const mapper = definition.mapper(source.directory, config, await target.survey(source.directory, signal))
        const run = await applyAll({ items: source.ordered(kinds), blobs: source.blobs }, mapper, target, ledger, signal)
        const excused = new Set(run.losses.filter(({ stage }) => stage === 'apply').map((loss) => `${loss.item} ${loss.effect.type === 'dropped' ? '' : loss.effect.field}`))
        const judged = run.applied.map((one) => ({ ...one, expect: Object.fromEntries(Object.entries(one.expect).filter(([field]) => !excused.has(`${one.item} ${field}`))) }))
        return { ...run, wrong: differences(judged, await Array.fromAsync(target.observe(ledger, undefined, signal))) }
      }
      const first = await once()
      expect(first.wrong).toEqual([])
      expect(first.applied.filter(({ outcome }) => outcome !== 'created')).toEqual([])
      const second = await once()
      expect(second.wrong).toEqual([])
      expect(second.applied.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([])
      change(source)
      const third = await once()
      expect(third.wrong).toEqual([])
      expect(new Set(third.applied.map(({ outcome }) => outcome))).toEqual(new Set(['created', 'updated', 'unchanged', 'deleted']))

      const rehearsal = definition.scratch(config, 'run1')
      await using scratch = await definition.open('dav', rehearsal, ports, signal)
      using memory = openLedger(':memory:')
      const mapper = definition.mapper(source.directory, rehearsal, await scratch.survey(source.directory, signal))
      await applyAll({ items: source.ordered(kinds), blobs: source.blobs }, mapper, scratch, memory, signal)
      expect((await Array.fromAsync(scratch.observe(memory, undefined, signal))).length).toBeGreaterThan(0)
      await using again = await definition.open('dav', rehearsal, ports, signal)
      expect(await Array.fromAsync(again.scratch?.destroy(signal) ?? [])).toEqual([])
      expect(await Array.fromAsync(again.observe(memory, undefined, signal))).toEqual([])
      expect((await once()).wrong).toEqual([])
    }

    test('keeps calendars and tasks as they were given, twice, changed and rehearsed', () =>
      scenario(caldav, calendars, (source) => {
        source.edit<'event'>('event/ada/ada@example.org/e5' as never, (item: Item<'event'>) => ({
          ...item,
          body: { ...item.body, ics: event('allday@google.com', { summary: 'edited' }) },
        }))
        source.items.delete('event/ada/ada@example.org/e4' as never)
        source.event('calendar/ada/ada@example.org' as never, 'late', event('late@google.com'))
      }))

    test('keeps cards as they were given, twice, changed and rehearsed', () =>
      scenario(carddav, contacts, (source) => {
        source.edit<'contact'>('contact/ada/connections/c3' as never, (item: Item<'contact'>) => ({
          ...item,
          body: { ...item.body, vcf: card('c3', { formattedName: 'edited' }) },
        }))
        source.items.delete('contact/ada/connections/c1' as never)
        source.contact('addressbook/ada/connections' as never, 'late', card('late'))
      }))
  })
