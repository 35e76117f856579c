import { describe, expect, test } from 'vitest'
import { itemId } from '../../../src/contract/ids.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import { ADA, BEN, bedWith, countsOf, oneFolder } from './beds.ts'
import { company } from './company.ts'
import { withholding } from './withholding.ts'
import { MailWorld, letter, outcomes, run, settingsFor } from './world.ts'

function manyFolders(mails: number, folders = 12): MailWorld {
  const world = new MailWorld()
  world.account('ada')
  for (let at = 0; at < mails; at++) {
    world.mailbox(`ada/f${at % folders}`, [`F${at % folders}`])
    world.mail(`ada/${at}`, [`ada/f${at % folders}`])
  }
  return world
}

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

  test.each([1, 3])(
    'over one mail, with mails for other folders under way over the same %i lines: only that mail is told',
    async (connections) => {
      await using bed = await bedWith()
      using ledger = openLedger(':memory:')
      bed.chokesOn = (bytes) => bytes.includes('Subject: ada/31\r\n')
      const { applied, wrong } = await run(manyFolders(60), settingsFor(bed, { connections }), ledger)
      expect(wrong).toEqual([])
      expect(applied.filter(({ outcome }) => outcome === 'failed').map(({ item }) => item)).toEqual(['mail/ada/31'])
      expect(countsOf(bed, ADA)).toEqual(Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`F${at}`, at === 31 % 12 ? 4 : 5])))
    },
  )

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

describe('long lines', () => {
  test('carry mails for the next folder before the last ones are answered', async () => {
    await using bed = await bedWith()
    // Both folders are opened with their first mails. After that come two times as many for each of them.
    await using line = await withholding(bed, 2, 6)
    using ledger = openLedger(':memory:')
    expect((await run(manyFolders(1200, 2), settingsFor(line, { connections: 1 }), ledger)).wrong).toEqual([])
    // Whoever had waited would have given the line up, and opened the folders again.
    expect([bed.calls.count('APPEND'), bed.calls.count('SELECT')]).toEqual([6, 2])
  })
})

describe('several lines', () => {
  test('what was sent over one of them and is looked at over another is seen there', async () => {
    await using bed = await bedWith({ mendsLineEnds: true })
    using ledger = openLedger(':memory:')
    const world = manyFolders(0, 3)
    for (let at = 0; at < 3; at++) world.mailbox(`ada/f${at}`, [`F${at}`])
    for (let at = 0; at < 1200; at++)
      world.mail(`ada/${at}`, [`ada/f${at % 3}`], at % 100 === 50 ? { bytes: letter(`ada/${at}`, `odd\nends of ${at}`) } : {})
    const { wrong, losses } = await run(world, settingsFor(bed, { connections: 3 }), ledger)
    expect(wrong).toEqual([])
    // Each is found, by its neighbours' lines or its own, and told as mended by the server.
    expect(new Set(losses.filter(({ code }) => code === 'text-changed').map(({ item }) => item)).size).toBe(12)
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
    const world = manyFolders(60)
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, bed.open.size)), 1)
    expect((await run(world, settingsFor(bed, { connections: 3 }), ledger)).wrong).toEqual([])
    clearInterval(watch)
    expect(most).toBeLessThanOrEqual(3)
  })
})
