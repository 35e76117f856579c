import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/config/secret.ts'
import { itemId } from '../../../src/contract/ids.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import type { ImapCapability, ImapTestbed } from '../../testbed/imap/testbed.ts'
import { ADA, BEN, bedWith, countsOf, oneFolder } from './beds.ts'
import { company } from './company.ts'
import { definition } from '../../../targets/imap/definition.ts'
import { letter, outcomes, ports, run, settingsFor, signal } from './world.ts'

describe('servers that can less', () => {
  const lacks: readonly (readonly ImapCapability[])[] = [
    ['MULTIAPPEND'],
    ['UIDPLUS'],
    ['LITERAL+'],
    ['MOVE'],
    ['SPECIAL-USE', 'CREATE-SPECIAL-USE', 'LIST-EXTENDED'],
    ['NAMESPACE', 'SASL-IR', 'AUTH=PLAIN', 'QUOTA'],
    [
      'MULTIAPPEND',
      'UIDPLUS',
      'LITERAL+',
      'MOVE',
      'SPECIAL-USE',
      'CREATE-SPECIAL-USE',
      'LIST-EXTENDED',
      'NAMESPACE',
      'SASL-IR',
      'ENABLE',
      'QUOTA',
    ],
  ]
  test.each(lacks.map((without) => [without.join(', '), without] as const))(
    'without %s all arrives, moves and goes',
    async (_, without) => {
      await using bed = await bedWith({ without })
      using ledger = openLedger(':memory:')
      const world = company()
      expect((await run(world, settingsFor(bed), ledger)).wrong).toEqual([])
      world.edit('ben/1', () => ({ mailboxes: [itemId('mailbox', 'ben/projects')] }))
      world.edit('ada/1', (mail) => ({ flags: { ...mail.flags, flagged: true } }))
      world.remove(itemId('mail', 'ada/5'))
      const second = await run(world, settingsFor(bed), ledger)
      expect(second.wrong).toEqual([])
      expect(outcomes(second.applied)).toMatchObject({ updated: 2, deleted: 1 })
      expect(countsOf(bed, ADA)).toEqual({ Archive: 1, INBOX: 1, Work: 1, 'Work/Acme_Ltd': 1 })
      expect(countsOf(bed, BEN)).toEqual({ 'INBOX/Projekte': 2, Trash: 1, 'Ämter & Behörden': 1 })
    },
  )

  test('with short literals only, and names in UTF-8', async () => {
    await using bed = await bedWith({ without: ['LITERAL+'], with: ['LITERAL-', 'UTF8=ONLY'] })
    using ledger = openLedger(':memory:')
    const world = company()
    world.mail('ben/long', ['ben/umlaut'], { bytes: letter('ben/long', 'x'.repeat(9000)) })
    expect((await run(world, settingsFor(bed), ledger)).wrong).toEqual([])
    expect(countsOf(bed, BEN)).toMatchObject({ 'Ämter & Behörden': 2 })
  })

  test('below a prefix, with dots between names', async () => {
    await using bed = await bedWith({ delimiter: '.', prefix: 'INBOX.' })
    using ledger = openLedger(':memory:')
    const world = company()
    world.mailbox('ben/dotted', ['v1.2'])
    world.mail('ben/d', ['ben/dotted'])
    const { wrong, losses } = await run(world, settingsFor(bed), ledger)
    expect(wrong).toEqual([])
    expect(countsOf(bed, ADA)).toEqual({ INBOX: 2, 'INBOX.Archive': 1, 'INBOX.Work': 1, 'INBOX.Work.Acme_Ltd': 1 })
    expect(countsOf(bed, BEN)).toMatchObject({ 'INBOX.v1_2': 1, 'INBOX.Projekte': 1 })
    expect(losses.filter(({ item, code }) => item === 'mailbox/ben/dotted' && code === 'name-changed')).toHaveLength(1)
  })

  test('that keep few keywords: the others are told, each mail once', async () => {
    for (const keywords of [{ only: ['one'] }, { most: 1 }]) {
      await using bed = await bedWith({ keywords })
      using ledger = openLedger(':memory:')
      const world = oneFolder(0)
      world.mail('ada/a', ['ada/box'], { keywords: ['one'], at: '2026-01-03T00:00:00.000000Z' })
      world.mail('ada/b', ['ada/box'], { keywords: ['one', 'two'], at: '2026-01-02T00:00:00.000000Z' })
      for (let again = 0; again < 2; again++) {
        const { wrong, losses } = await run(world, settingsFor(bed), ledger)
        expect(wrong).toEqual([])
        expect(losses.filter(({ stage }) => stage === 'apply')).toMatchObject([
          { item: 'mail/ada/b', code: 'no-such-concept', effect: { type: 'degraded', field: 'flags' } },
        ])
      }
    }
  })
})

describe('servers that refuse', () => {
  test('one mail of 200: it is found by halves, its neighbours arrive', async () => {
    await using bed = await bedWith()
    using ledger = openLedger(':memory:')
    bed.refuses = (bytes) => (bytes.includes('Subject: ada/117\r\n') ? 'it smells of spam' : undefined)
    const { applied, wrong } = await run(oneFolder(200), settingsFor(bed), ledger)
    expect(wrong).toEqual([])
    expect(applied.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      { item: 'mail/ada/117', losses: [{ code: 'rejected-by-target', detail: 'it smells of spam', effect: { type: 'dropped' } }] },
    ])
    expect(countsOf(bed, ADA)).toEqual({ Box: 199 })
    expect(bed.calls.count('APPEND')).toBeLessThan(20)
    bed.refuses = undefined
    expect(outcomes((await run(oneFolder(200), settingsFor(bed), ledger)).applied)).toEqual({ created: 1, unchanged: 200 })
  })

  test('odd line ends and NUL: they go in mended, and that is told', async () => {
    await using bed = await bedWith({ strict: { bareLf: true, nul: true, longestLine: 10_000 } })
    using ledger = openLedger(':memory:')
    const odd: Readonly<Record<number, Buffer>> = {
      1: letter('ada/1', 'one\ntwo'),
      2: letter('ada/2', 'be\0fore'),
      3: letter('ada/3', 'y'.repeat(25_000)),
    }
    const world = oneFolder(10, (at) => odd[at])
    for (let again = 0; again < 2; again++) {
      const { losses, wrong } = await run(world, settingsFor(bed), ledger)
      expect(wrong).toEqual([])
      const told = losses.filter(({ code }) => code === 'text-changed')
      expect(told.map(({ item }) => item).toSorted()).toEqual(['mail/ada/1', 'mail/ada/2', 'mail/ada/3'])
      expect(told[0]?.effect).toEqual({ type: 'substituted', field: 'bytes' })
    }
    expect(
      bed.store.accounts
        .get(ADA)
        ?.folders.get('Box')
        ?.mails.some(({ bytes }) => bytes.includes('one\r\ntwo')),
    ).toBe(true)
  })

  test('mails beyond their limit: said while mapping where they tell it, while sending where they do not', async () => {
    const world = oneFolder(5, (at) => (at === 2 ? letter('ada/2', 'z'.repeat(5000)) : undefined))
    await using told = await bedWith({ with: ['APPENDLIMIT=4000'] })
    using first = openLedger(':memory:')
    const known = await run(world, settingsFor(told), first)
    expect(known.losses.filter(({ code }) => code === 'too-large')).toMatchObject([{ item: 'mail/ada/2', stage: 'map' }])
    await using silent = await bedWith()
    silent.refuses = (bytes) => (bytes.length > 4000 ? '[TOOBIG] no room for that' : undefined)
    using second = openLedger(':memory:')
    const found = await run(world, settingsFor(silent), second)
    expect(found.losses.filter(({ code }) => code === 'too-large')).toMatchObject([{ item: 'mail/ada/2', stage: 'apply' }])
    expect(countsOf(silent, ADA)).toEqual({ Box: 4 })
  })

  test('a folder: its mails are told with it, the others arrive', async () => {
    await using bed = await bedWith()
    using ledger = openLedger(':memory:')
    bed.fault('CREATE', { type: 'no', code: 'CANNOT', text: 'not this one' })
    const world = oneFolder(3)
    world.mailbox('ada/zzz', ['Zzz'])
    world.mail('ada/z', ['ada/zzz'])
    const { applied, wrong } = await run(world, settingsFor(bed), ledger)
    expect(wrong).toEqual([])
    expect(outcomes(applied)).toEqual({ created: 2, failed: 4 })
    expect(countsOf(bed, ADA)).toEqual({ Zzz: 1 })
  })

  test('flags, moves or removals: these are told, and what stands stays', async () => {
    for (const command of ['UID STORE', 'UID MOVE', 'UID EXPUNGE', 'SELECT']) {
      await using bed = await bedWith()
      using ledger = openLedger(':memory:')
      const world = company()
      await run(world, settingsFor(bed), ledger)
      world.edit('ben/1', (mail) => ({ mailboxes: [itemId('mailbox', 'ben/projects')], flags: { ...mail.flags, seen: true } }))
      world.remove(itemId('mail', 'ada/5'))
      bed.fault(command, ...Array.from({ length: 9 }, () => ({ type: 'no', code: 'NOPERM', text: 'hands off' }) as const))
      const second = await run(world, settingsFor(bed), ledger)
      expect(second.losses.some(({ code, detail }) => code === 'rejected-by-target' && detail.includes('hands off'))).toBe(true)
      expect(second.wrong).toEqual([])
      const again = await bedCleared(bed, () => run(world, settingsFor(bed), ledger))
      expect(again.wrong).toEqual([])
      expect(countsOf(bed, BEN)).toEqual({ 'INBOX/Projekte': 2, Trash: 1, 'Ämter & Behörden': 1 })
    }
  })

  test('everybody for a while: they are asked again', async () => {
    await using bed = await bedWith()
    using ledger = openLedger(':memory:')
    bed.fault('AUTHENTICATE', { type: 'no', code: 'UNAVAILABLE', text: 'the disk is being changed' })
    await expect(run(oneFolder(3), settingsFor(bed), ledger)).rejects.toMatchObject({ code: 'unavailable' })
    bed.fault('APPEND', { type: 'no', code: 'INUSE', text: 'somebody is packing' }, { type: 'no', code: 'INUSE', text: 'still' })
    expect((await run(oneFolder(3), settingsFor(bed), ledger)).wrong).toEqual([])
    expect(countsOf(bed, ADA)).toEqual({ Box: 3 })
  })
})

describe('servers that do not speak', () => {
  test('are given up after the time that was set', async () => {
    await using silent = await silentServer()
    using ledger = openLedger(':memory:')
    const config = settingsFor(silent, { timeoutSeconds: 1, accounts: 1 })
    await expect(run(oneFolder(1), config, ledger)).rejects.toMatchObject({
      code: 'unavailable',
      why: expect.stringContaining('1 s') as string,
    })
  })

  test('a password that was refused stands in no message', async () => {
    await using bed = await bedWith()
    using ledger = openLedger(':memory:')
    const password = new Secret(() => Promise.resolve('canary-7f3a'))
    const access = { via: 'master', user: 'master', password, separator: '*' } as const
    const said: unknown[] = []
    const outcome = await run(oneFolder(1), settingsFor(bed, { access }), ledger)
    said.push(outcome)
    await using target = await definition.open('post', settingsFor(bed, { access: { ...access, test: ADA } }), ports, signal)
    said.push(await Array.fromAsync(target.check(signal)), await target.survey(oneFolder(1).directory, signal))
    const text = inspect(said, { depth: 20 })
    expect(text).toContain('who are you?')
    expect(text).not.toContain('canary')
    expect(text).not.toContain(Buffer.from(`\0${ADA}*master\0canary-7f3a`).toString('base64'))
  })
})

/** Once the server has changed its mind. */
async function bedCleared<T>(bed: ImapTestbed, work: () => Promise<T>): Promise<T> {
  for (const command of ['UID STORE', 'UID MOVE', 'UID EXPUNGE', 'SELECT']) while (bed.takeFault(command) !== undefined);
  return work()
}

/** Takes connections and says nothing. */
async function silentServer(): Promise<{ readonly host: string; readonly port: number } & AsyncDisposable> {
  const server = createServer().listen(0, '127.0.0.1')
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)))
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
