import { expect, test } from 'vitest'
import { openLedger } from '../../../src/engine/ledger.ts'
import { imapTestbed, type ImapTestbedOptions } from '../../testbed/imap/testbed.ts'
import { MailWorld, letter, run, settingsFor } from './world.ts'

const odd: Readonly<Record<string, { readonly strict: ImapTestbedOptions['strict']; readonly text: string }>> = {
  'a NUL': { strict: { nul: true }, text: 'be\0fore' },
  'a bare line feed': { strict: { bareLf: true }, text: 'one\ntwo' },
  'a line of 12,000 letters': { strict: { longestLine: 10_000 }, text: 'x'.repeat(12_000) },
}

test.each(Object.entries(odd))(
  'a mail with %s that was put right for a strict server stands there once, though its answer was lost',
  async (_, { strict, text }) => {
    await using bed = await imapTestbed({ ...(strict === undefined ? {} : { strict }) })
    const { folders } = bed.store.account('ada@example.test')
    const world = new MailWorld()
    world.account('ada')
    world.mailbox('ada/inbox', ['Inbox'], { role: 'inbox' })
    world.mail('ada/1', ['ada/inbox'], { at: '2026-03-01T08:00:00.000000Z', bytes: letter('ada/1', text) })
    using ledger = openLedger(':memory:')
    // Refused as it is; then taken as it was put right, and nobody hears of it.
    bed.fault('APPEND', { type: 'delay', ms: 0 }, { type: 'lost-answer' })
    const { wrong, losses } = await run(world, settingsFor(bed), ledger)
    expect(wrong).toEqual([])
    expect(losses.map(({ code }) => code)).toContain('text-changed')
    expect(folders.get('INBOX')?.mails).toHaveLength(1)
    expect((await run(world, settingsFor(bed), ledger)).wrong).toEqual([])
    expect(folders.get('INBOX')?.mails).toHaveLength(1)
  },
)
