import { expect, test } from 'vitest'
import { openLedger } from '../../../src/engine/ledger.ts'
import { imapTestbed } from '../../testbed/imap/testbed.ts'
import { MailWorld, letter, run, settingsFor } from './world.ts'

/** A mailbox with one mail that is brought, changed at the source, and brought again. `lost`: nobody hears how the second time ended. */
async function edited(change: { readonly text: string; readonly at: string }, lost: boolean) {
  await using bed = await imapTestbed()
  const { folders } = bed.store.account('ada@example.test')
  const world = new MailWorld()
  world.account('ada')
  world.mailbox('ada/inbox', ['Inbox'], { role: 'inbox' })
  world.mail('ada/1', ['ada/inbox'], { at: '2026-03-01T08:00:00.000000Z', bytes: letter('ada/1', 'teh text') })
  using ledger = openLedger(':memory:')
  await run(world, settingsFor(bed), ledger)
  world.mail('ada/1', ['ada/inbox'], { at: change.at, bytes: letter('ada/1', change.text) })
  if (lost) bed.fault('APPEND', { type: 'lost-answer' })
  const { wrong } = await run(world, settingsFor(bed), ledger)
  expect(wrong).toEqual([])
  return folders.get('INBOX')?.mails.map(({ bytes, date }) => `${date} ${bytes.toString().trim().split('\n').at(-1) ?? ''}`)
}

test.each([false, true])('an edit that changes neither header nor size is brought, once (answer lost: %s)', async (lost) => {
  expect(await edited({ text: 'the text', at: '2026-03-01T08:00:00.000000Z' }, lost)).toEqual(['2026-03-01T08:00:00Z the text'])
})

test.each([false, true])(
  'a mail that has another time now, and nothing else, is brought with that time, once (answer lost: %s)',
  async (lost) => {
    expect(await edited({ text: 'teh text', at: '2026-03-02T08:00:00.000000Z' }, lost)).toEqual(['2026-03-02T08:00:00Z teh text'])
  },
)
