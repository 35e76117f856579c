import { describe, expect, test } from 'vitest'
import { itemId } from '../../../src/contract/ids.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import { type ImapCapability, type ImapTestbed, type ImapTestbedOptions, imapTestbed } from '../../testbed/imap/testbed.ts'
import { company } from './company.ts'
import { MailWorld, letter, outcomes, run, settingsFor } from './world.ts'

const ADA = 'ada@example.test'
const BEN = 'ben@example.test'

async function bedWith(options: ImapTestbedOptions = {}): Promise<ImapTestbed> {
  const bed = await imapTestbed(options)
  bed.store.account(ADA)
  bed.store.account(BEN)
  return bed
}
/** How many mails stand in each folder of a person. */
const countsOf = (bed: ImapTestbed, login: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...(bed.store.accounts.get(login)?.folders.values() ?? [])].filter(({ mails }) => mails.length > 0).map(({ name, mails }) => [name, mails.length]),
  )
function oneFolder(count: number, bytes?: (at: number) => Buffer | undefined): MailWorld {
  const world = new MailWorld()
  world.account('ada')
  world.mailbox('ada/box', ['Box'])
  for (let at = 0; at < count; at++) {
    const special = bytes?.(at)
    world.mail(`ada/${at}`, ['ada/box'], { at: `2026-01-01T00:${String(at % 60).padStart(2, '0')}:00.000000Z`, ...(special === undefined ? {} : { bytes: special }) })
  }
  return world
}

describe('servers that can less', () => {
  const lacks: readonly (readonly ImapCapability[])[] = [
    ['MULTIAPPEND'],
    ['UIDPLUS'],
    ['LITERAL+'],
    ['MOVE'],
    ['SPECIAL-USE', 'CREATE-SPECIAL-USE', 'LIST-EXTENDED'],
    ['NAMESPACE', 'SASL-IR', 'AUTH=PLAIN', 'QUOTA'],
    ['MULTIAPPEND', 'UIDPLUS', 'LITERAL+', 'MOVE', 'SPECIAL-USE', 'CREATE-SPECIAL-USE', 'LIST-EXTENDED', 'NAMESPACE', 'SASL-IR', 'ENABLE', 'QUOTA'],
  ]
  test.each(lacks.map((without) => [without.join(', '), without] as const))('without %s all arrives, moves and goes', async (_, without) => {
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
  })

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
    expect(bed.store.accounts.get(ADA)?.folders.get('Box')?.mails.some(({ bytes }) => bytes.includes('one\r\ntwo'))).toBe(true)
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

describe('lines that die', () => {
  test.each(['APPEND', 'CREATE', 'UID COPY'])('after %s was done and before it was said, nothing is doubled', async (command) => {
    await using bed = await bedWith()
    using ledger = openLedger(':memory:')
    const config = settingsFor(bed, { labels: 'copies' })
    bed.fault(command, { type: 'lost-answer' })
    const world = company()
    expect((await run(world, config, ledger)).wrong).toEqual([])
    expect(countsOf(bed, ADA)).toEqual({ Archive: 1, INBOX: 3, Sent: 1, Work: 1, 'Work/Acme_Ltd': 1 })
    expect(countsOf(bed, BEN)).toEqual({ INBOX: 1, 'INBOX/Projekte': 1, Trash: 1, 'Ämter & Behörden': 1 })
    expect(outcomes((await run(world, config, ledger)).applied)).toEqual({ unchanged: 21 })
  })

  test.each(['UID MOVE', 'UID STORE', 'UID EXPUNGE', 'UID COPY'])('after %s of a later run, with and without MOVE', async (command) => {
    for (const without of [[], ['MOVE']] as const) {
      await using bed = await bedWith({ without })
      using ledger = openLedger(':memory:')
      const world = company()
      await run(world, settingsFor(bed), ledger)
      bed.fault(command, { type: 'lost-answer' })
      world.edit('ben/1', (mail) => ({ mailboxes: [itemId('mailbox', 'ben/projects')], flags: { ...mail.flags, seen: true } }))
      world.remove(itemId('mail', 'ada/5'))
      const second = await run(world, settingsFor(bed), ledger).catch(() => run(world, settingsFor(bed), ledger))
      expect(second.wrong).toEqual([])
      expect(countsOf(bed, ADA)).toEqual({ Archive: 1, INBOX: 1, Work: 1, 'Work/Acme_Ltd': 1 })
      expect(countsOf(bed, BEN)).toEqual({ 'INBOX/Projekte': 2, Trash: 1, 'Ämter & Behörden': 1 })
    }
  })

  test('over one mail again and again: that mail is told, the others arrive once', async () => {
    for (const without of [[], ['MULTIAPPEND'], ['MULTIAPPEND', 'UIDPLUS']] as const) {
      await using bed = await bedWith({ without })
      using ledger = openLedger(':memory:')
      bed.chokesOn = (bytes) => bytes.includes('Subject: ada/13\r\n')
      const { applied, wrong } = await run(oneFolder(30), settingsFor(bed), ledger)
      expect(wrong).toEqual([])
      expect(applied.filter(({ outcome }) => outcome === 'failed').map(({ item }) => item)).toEqual(['mail/ada/13'])
      expect(countsOf(bed, ADA)).toEqual({ Box: 29 })
    }
  })

  test('in the middle of a batch of literals', async () => {
    await using bed = await bedWith()
    using ledger = openLedger(':memory:')
    bed.fault('APPEND bytes', { type: 'cut', afterBytes: 3000 })
    expect((await run(oneFolder(60), settingsFor(bed), ledger)).wrong).toEqual([])
    expect(countsOf(bed, ADA)).toEqual({ Box: 60 })
  })

  test('and no server after them: that is said, and the next run goes on', async () => {
    await using proxied = await bedWith()
    using ledger = openLedger(':memory:')
    const gone = settingsFor({ host: '127.0.0.1', port: 1 })
    await expect(run(oneFolder(3), gone, ledger)).rejects.toMatchObject({ code: 'unavailable', retry: { type: 'backoff' } })
    expect((await run(oneFolder(3), settingsFor(proxied), ledger)).wrong).toEqual([])
  })
})

describe('order and measure', () => {
  test('mails are read from the vault in the order in which they come', async () => {
    await using bed = await bedWith()
    using ledger = openLedger(':memory:')
    const world = company()
    await run(world, settingsFor(bed), ledger)
    const wanted = world.ordered().flatMap(({ kind, blobs }) => (kind === 'mail' ? blobs.map((blob) => blob?.sha256) : []))
    expect(world.opened).toEqual(wanted)
  })

  test('a mail that is not held in memory arrives whole, between those that are', async () => {
    await using bed = await bedWith()
    using ledger = openLedger(':memory:')
    const world = oneFolder(4, (at) => (at === 1 || at === 2 ? letter(`ada/${at}`, `${'w'.repeat(76)}\r\n`.repeat(70_000)) : undefined))
    expect((await run(world, settingsFor(bed), ledger)).wrong).toEqual([])
    expect(outcomes((await run(world, settingsFor(bed), ledger)).applied)).toEqual({ unchanged: 5 })
    expect(world.opened).toHaveLength(4)
  })

  test('a folder that was made anew is filled again from what stands in it', async () => {
    await using bed = await bedWith()
    using ledger = openLedger(':memory:')
    const world = oneFolder(5)
    await run(world, settingsFor(bed), ledger)
    const folder = bed.store.accounts.get(ADA)?.folders.get('Box')
    if (folder === undefined) throw new Error('no folder')
    folder.uidValidity = 7777
    folder.mails.pop()
    const { applied, wrong } = await run(world, settingsFor(bed), ledger)
    expect(wrong).toEqual([])
    expect(outcomes(applied)).toEqual({ created: 1, unchanged: 1, updated: 4 })
    expect(countsOf(bed, ADA)).toEqual({ Box: 5 })
  })

  test('no more connections into one mailbox than allowed', async () => {
    await using bed = await bedWith()
    using ledger = openLedger(':memory:')
    const world = new MailWorld()
    world.account('ada')
    for (let at = 0; at < 60; at++) {
      world.mailbox(`ada/f${at % 12}`, [`F${at % 12}`])
      world.mail(`ada/${at}`, [`ada/f${at % 12}`])
    }
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, bed.open.size)), 1)
    expect((await run(world, settingsFor(bed, { connections: 3 }), ledger)).wrong).toEqual([])
    clearInterval(watch)
    expect(most).toBeLessThanOrEqual(3)
  })
})
