import { expect, test } from 'vitest'
import { openLedger } from '../../../src/engine/ledger.ts'
import { imapTestbed } from '../../testbed/imap/testbed.ts'
import { MailWorld, run, settingsFor } from './world.ts'

test('the newest mails go first, also those that stand almost alone in their folder', async () => {
  await using bed = await imapTestbed()
  using ledger = openLedger(':memory:')
  const box = bed.store.account('ada@example.test')
  const world = new MailWorld()
  world.account('ada')
  world.mailbox('ada/inbox', ['Inbox'], { role: 'inbox' })
  world.mailbox('ada/few', ['Few'])
  const day = (n: number): string => new Date(Date.UTC(2020, 0, n)).toISOString().replace('Z', '000Z')
  for (let n = 1; n <= 1200; n++) world.mail(`ada/${n}`, ['ada/inbox'], { at: day(n) })
  world.mail('ada/newest', ['ada/few'], { at: day(2000) })
  world.mail('ada/oldest', ['ada/few'], { at: day(0) })
  const order: string[] = []
  bed.refuses = (bytes) => {
    order.push(/^Subject: ada\/(.*)$/m.exec(bytes.toString('latin1'))?.[1]?.trim() ?? '')
    return undefined
  }
  expect((await run(world, settingsFor(bed, { connections: 1 }), ledger)).wrong).toEqual([])
  expect(order).toHaveLength(1202)
  expect(order.indexOf('newest')).toBeLessThanOrEqual(500)
  const inbox = box.folders.get('INBOX')?.mails.map(({ date }) => date) ?? []
  expect(inbox).toEqual(inbox.toSorted().toReversed())
})
