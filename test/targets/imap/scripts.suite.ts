import { describe, expect, test } from 'vitest'
import type { MailSettings } from '../../../src/model/mail-settings.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import { definition } from '../../../targets/imap/definition.ts'
import type { Settings } from '../../../targets/imap/settings.ts'
import { openScripts } from '../../../targets/imap/sieve/place.ts'
import { company } from './company.ts'
import { ports, run, settingsFor, signal } from './world.ts'

/** A mail server that takes scripts too. */
export interface ScriptServer extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly sievePort: number
}

const filters: MailSettings['filters'] = [
  {
    nativeId: '1',
    name: 'Rechnungen',
    enabled: true,
    stop: true,
    conditions: [{ field: 'subject', header: null, match: 'contains', values: ['Rechnung', 'Büro "Süd"'], negated: false }],
    exceptions: [],
    actions: [
      { type: 'move', mailbox: 'mailbox/ada/work', value: null },
      { type: 'mark-seen', mailbox: null, value: null },
    ],
    unsupported: [],
  },
]
const vacation = {
  enabled: true,
  subject: 'Weg',
  text: 'Bis Montag.\r\nGrüße',
  internal: null,
  from: null,
  until: '2027-01-07T00:00:00Z',
  audience: 'everyone',
} as const

/** Filters and automatic replies on a server: brought, read back, changed, removed; and what is somebody's own stays. */
export function scriptScenarios(name: string, start: (people: readonly string[]) => Promise<ScriptServer>): void {
  const configured = (server: ScriptServer, more: Partial<Settings> = {}, activate = false): Settings =>
    settingsFor(server, { sieve: { via: 'managesieve', port: server.sievePort, security: 'plain', activate, forwards: false }, ...more })
  const scriptOf = async (settings: Settings, script = 'fallreep') => {
    await using place = await openScripts(settings, 'ada@example.test', signal)
    return await place.find(script)
  }

  describe(`scripts on ${name}`, () => {
    test('arrive, are read back, and change with the source; unchanged they are left alone', async () => {
      await using server = await start(['ada@example.test', 'ben@example.test'])
      using ledger = openLedger(':memory:')
      const world = company()
      world.settings('ada', { filters, vacation })
      const settings = configured(server)
      const first = await run(world, settings, ledger)
      expect(first.wrong).toEqual([])
      const found = await scriptOf(settings)
      expect(found).toMatchObject({ active: false })
      expect(found?.text).toContain('fileinto "Work"')
      expect(
        (await run(world, settings, ledger)).applied.filter(({ item }) => item.startsWith('mail-settings')).map(({ outcome }) => outcome),
      ).toEqual(['unchanged'])
      world.settings('ada', { filters: [{ ...(filters[0] ?? never()), enabled: false }], vacation })
      expect((await run(world, settings, ledger)).wrong).toEqual([])
      expect((await scriptOf(settings))?.text).toContain('switched off at the source')
    })

    test('run when they are to, but never instead of somebody’s own', async () => {
      await using server = await start(['ada@example.test', 'ben@example.test'])
      const world = company()
      world.settings('ada', { filters })
      using ledger = openLedger(':memory:')
      expect((await run(world, configured(server, {}, true), ledger)).wrong).toEqual([])
      expect(await scriptOf(configured(server))).toMatchObject({ active: true })

      await using other = await start(['ada@example.test', 'ben@example.test'])
      await using place = await openScripts(configured(other), 'ada@example.test', signal)
      await place.put('mine', 'keep;\r\n')
      await place.activate('mine')
      using second = openLedger(':memory:')
      const outcome = await run(world, configured(other, {}, true), second)
      expect(outcome.wrong).toEqual([])
      expect(outcome.losses.filter(({ item }) => item.startsWith('mail-settings'))).toMatchObject([
        { stage: 'apply', code: 'excluded-by-policy' },
      ])
      expect(await place.find('mine')).toEqual({ text: 'keep;\r\n', active: true })
    })

    test('a script of the same name that no import made stays, and a rehearsal takes only its own away', async () => {
      await using server = await start(['ada@example.test', 'ben@example.test'])
      const settings = configured(server)
      await using place = await openScripts(settings, 'ada@example.test', signal)
      await place.put('fallreep', 'stop;\r\n')
      const world = company()
      world.settings('ada', { filters })
      using ledger = openLedger(':memory:')
      const outcome = await run(world, settings, ledger)
      expect(outcome.losses.filter(({ item }) => item.startsWith('mail-settings'))).toMatchObject([
        { stage: 'apply', code: 'rejected-by-target' },
      ])
      expect((await place.find('fallreep'))?.text).toBe('stop;\r\n')

      const scratch = definition.scratch(configured(server, {}, true), 'r1')
      using rehearsal = openLedger(':memory:')
      expect((await run(world, scratch, rehearsal)).wrong).toEqual([])
      expect(await scriptOf(scratch, 'fallreep-rehearsal-r1')).toMatchObject({ active: false })
      await using target = await definition.open('post', scratch, ports, signal)
      await target.survey(world.directory, signal)
      expect(await Array.fromAsync(target.scratch?.destroy(signal) ?? [])).toEqual([])
      expect(await scriptOf(scratch, 'fallreep-rehearsal-r1')).toBeUndefined()
      expect((await place.find('fallreep'))?.text).toBe('stop;\r\n')
    })
  })
}

function never(): never {
  throw new Error('there is a filter')
}
