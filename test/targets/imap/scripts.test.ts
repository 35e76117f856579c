import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLedger } from '../../../src/engine/ledger.ts'
import { imapTestbed } from '../../testbed/imap/testbed.ts'
import { sieveServer } from '../../testbed/sieve/server.ts'
import { company } from './company.ts'
import { scriptScenarios } from './scripts.suite.ts'
import { run, settingsFor } from './world.ts'

scriptScenarios('the emulators', async (people) => {
  const imap = await imapTestbed()
  for (const login of people) imap.store.account(login)
  const sieve = await sieveServer()
  return {
    host: imap.host,
    port: imap.port,
    sievePort: sieve.port,
    [Symbol.asyncDispose]: async () => {
      await imap[Symbol.asyncDispose]()
      await sieve[Symbol.asyncDispose]()
    },
  }
})

test('without a server for them, scripts are files for an administrator', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fallreep-sieve-'))
  try {
    await using imap = await imapTestbed()
    for (const name of ['ada', 'ben']) imap.store.account(`${name}@example.test`)
    const world = company()
    const vacation = { enabled: true, subject: null, text: 'away', internal: null, from: null, until: null, audience: 'everyone' } as const
    world.settings('ada', { vacation })
    using ledger = openLedger(':memory:')
    const settings = settingsFor(imap, { sieve: { via: 'file', directory, activate: false, forwards: false } })
    expect((await run(world, settings, ledger)).wrong).toEqual([])
    expect(await readFile(join(directory, 'ada@example.test', 'fallreep.sieve'), 'utf8')).toContain('vacation :days 7 "away";')
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('nothing says where scripts go: filters are a recorded loss, not silence', async () => {
  await using imap = await imapTestbed()
  for (const name of ['ada', 'ben']) imap.store.account(`${name}@example.test`)
  using ledger = openLedger(':memory:')
  const outcome = await run(company(), settingsFor(imap), ledger)
  expect(outcome.losses.filter(({ item }) => item.startsWith('mail-settings'))).toMatchObject([
    { code: 'excluded-by-policy', effect: { type: 'dropped' } },
  ])
})
