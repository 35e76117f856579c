import { describe, expect, test } from 'vitest'
import type { Collection } from '../../../src/contract/connector.ts'
import { collectionId, cursor, itemId } from '../../../src/contract/ids.ts'
import type { Item, Kind } from '../../../src/contract/item.ts'
import type { Person } from '../../../src/contract/target.ts'
import type { SnapshotReader } from '../../../src/contract/vault.ts'
import { readDirectory } from '../../../src/engine/directory.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import { Milestones } from '../../../src/engine/milestones.ts'
import { statedOperations } from '../../../src/engine/operations.ts'
import { carriedKinds, lossesInScope, narrowed, scopeOf, uncarried } from '../../../src/engine/scope.ts'
import { Spool } from '../../../src/engine/spool.ts'
import { definition as mattermost } from '../../../targets/mattermost/definition.ts'
import { accountOf, calendarOf, inboxOf, mailOf } from '../../support/mail-items.ts'
import { memoryVault } from '../../support/memory-vault.ts'

const never = new AbortController().signal
const directory: Collection = { id: collectionId('directory'), title: 'Directory', kinds: ['account'] }
const of = (service: 'mail' | 'calendars', person: string, kinds: readonly Kind[]): Collection => ({
  id: collectionId(`${service}/${person}`),
  title: `${person} ${service}`,
  kinds,
  owner: itemId('account', person),
})

/** Two people with a calendar and three mails each, one of the people also reachable under a second address. */
async function organisation(): Promise<SnapshotReader> {
  const vault = memoryVault()
  const writer = await vault.begin('acme', never)
  const put = async (collection: Collection, items: readonly Item[]): Promise<void> => {
    await writer.begin(collection)
    for (const item of items) await writer.write(collection.id, { type: 'upsert', item })
    await writer.write(collection.id, { type: 'checkpoint', cursor: cursor('1') })
  }
  await put(directory, [accountOf('ada', 'ada@acme.example', ['countess@acme.example']), accountOf('ken', 'ken@acme.example')])
  for (const person of ['ada', 'ken']) {
    await put(of('calendars', person, ['calendar', 'event']), [calendarOf(person, 'Work')])
    await put(of('mail', person, ['mailbox', 'mail']), [
      inboxOf(person),
      mailOf(person, '1', '2026-01-05T10:00:00.000000Z'),
      mailOf(person, '2', '2026-03-05T10:00:00.000000Z'),
      mailOf(person, '3', '2026-02-05T10:00:00.000000Z'),
    ])
  }
  const withheld = { stage: 'export', code: 'withheld-by-source', effect: { type: 'dropped' }, detail: '' } as const
  await writer.write(collectionId('mail/ada'), { type: 'loss', loss: { item: itemId('mail', 'ada', '9'), ...withheld } })
  await writer.write(collectionId('mail/ken'), { type: 'loss', loss: { item: itemId('mail', 'ken', '9'), ...withheld } })
  await writer.write(directory.id, { type: 'loss', loss: { item: itemId('scope', 'mail'), ...withheld } })
  const manifest = await writer.commit('complete')
  return vault.read(manifest.id, never)
}

const nobody: readonly Person[] = []
const everything = new Set<Kind>(['account', 'mailbox', 'mail', 'calendar', 'event'])

async function handedIn(reader: SnapshotReader, kinds: ReadonlySet<Kind>, person?: string): Promise<string[]> {
  const people = await readDirectory(reader, 'there', nobody, never)
  const scope = person === undefined ? undefined : await scopeOf(person, people, reader)
  using ledger = openLedger(':memory:')
  using spool = new Spool(':memory:', () => {})
  const seen: string[] = []
  const mapper = { map: () => ({ ops: [], losses: [] }) }
  const sink = { item: ({ id }: Item) => void seen.push(id), loss: () => {} }
  for await (const _ of statedOperations({ reader, mapper, ledger, kinds, scope }, spool, sink, never)) void _
  return seen
}

describe('what a run is about', () => {
  test('one person: their account, their calendar before their mail, their newest mail first, and nothing of anybody else', async () => {
    await using reader = await organisation()
    expect(await handedIn(reader, everything, 'ADA@acme.example')).toEqual([
      'account/ada',
      'mailbox/ada/INBOX',
      'calendar/ada-Work',
      'mail/ada/2',
      'mail/ada/3',
      'mail/ada/1',
    ])
  })

  test('a second address and a reviewed person lead to the same account', async () => {
    await using reader = await organisation()
    const people = await readDirectory(
      reader,
      'there',
      [{ name: 'Ken', addresses: ['ken@home.example'], accounts: { acme: 'ken' } }],
      never,
    )
    const accounts = async (address: string) => [...(await scopeOf(address, people, reader)).accounts]
    expect(await accounts('countess@acme.example')).toEqual(['account/ada'])
    expect(await accounts('ken@home.example')).toEqual(['account/ken'])
    await expect(accounts('nobody@acme.example')).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('identities.yaml'),
    })
  })

  test('only kinds that a target has a place for are handed in, and the rest is counted', async () => {
    await using reader = await organisation()
    expect(await handedIn(reader, new Set(['calendar', 'event']))).toEqual(['calendar/ada-Work', 'calendar/ken-Work'])
    expect(carriedKinds(mattermost.capabilities)).toEqual(new Set(['account', 'group', 'emoji', 'channel', 'message']))
    expect(uncarried(reader.manifest.counts, carriedKinds(mattermost.capabilities))).toEqual({ mailbox: 2, mail: 6, calendar: 2 })
  })

  test('losses of other people, and of kinds that others carry, are for other runs to tell', async () => {
    await using reader = await organisation()
    const people = await readDirectory(reader, 'there', nobody, never)
    const told = async (kinds: ReadonlySet<Kind>, person?: string) => {
      const scope = person === undefined ? undefined : await scopeOf(person, people, reader)
      return (await Array.fromAsync(lossesInScope(reader, kinds, scope, never))).map(({ item }) => item)
    }
    expect(await told(everything)).toEqual(['mail/ada/9', 'mail/ken/9', 'scope/mail'])
    expect(await told(new Set(['calendar']))).toEqual(['scope/mail'])
    expect(await told(everything, 'ada@acme.example')).toEqual(['mail/ada/9'])
  })

  test('one person’s directory knows everybody, and only their own places', async () => {
    await using reader = await organisation()
    const people = await readDirectory(reader, 'there', nobody, never)
    const own = narrowed(people, await scopeOf('ken@acme.example', people, reader))
    expect([...own.accounts.keys()]).toEqual(['account/ada', 'account/ken'])
    expect([...own.mailboxes.keys(), ...own.calendars.keys()]).toEqual(['mailbox/ken/INBOX', 'calendar/ken-Work'])
  })

  const clockAt = (start: number) => {
    const clock = { ms: start, now: () => new Date(0), monotonicMs: () => clock.ms, sleep: () => Promise.resolve() }
    return clock
  }
  const before = { target: 'dates', kinds: ['event'], items: 3, newest: false, seconds: 2 } as const
  const mail = (n: number) => itemId('mail', 'ada', String(n))

  test('a milestone is noted when all of the newest 500 mails stand, and when everything does, after those of earlier targets', () => {
    const clock = clockAt(5_000)
    const milestones = new Milestones({ target: 'mail', onePerson: true }, { startedMs: 1_000, milestones: [before] }, clock)
    for (let n = 1; n <= 600; n++) milestones.comes(mail(n))
    // The second newest is in a folder that is slow, the third is refused.
    milestones.failed(mail(3))
    for (let n = 600; n >= 1; n--) {
      clock.ms += 10
      if (n !== 2 && n !== 3) milestones.stands(mail(n))
    }
    milestones.stands(mail(2))
    milestones.finish()
    expect(milestones.all).toEqual([
      before,
      { target: 'mail', kinds: ['mail'], items: 499, newest: true, seconds: 10 },
      { target: 'mail', kinds: ['mail'], items: 599, newest: false, seconds: 10 },
    ])
  })

  test('the mails of many people have no newest 500: they come one mailbox after the other', () => {
    const milestones = new Milestones({ target: 'mail', onePerson: false }, { startedMs: 0, milestones: [] }, clockAt(0))
    for (let n = 1; n <= 501; n++) {
      milestones.comes(mail(n))
      milestones.stands(mail(n))
    }
    milestones.finish()
    expect(milestones.all.map(({ items, newest }) => [items, newest])).toEqual([[501, false]])
  })
})
