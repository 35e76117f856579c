import { expect, test } from 'vitest'
import { openLedger } from '../../src/engine/ledger.ts'
import { MailWorld, run, settingsFor } from '../targets/imap/world.ts'
import { mailScenarios } from '../targets/imap/scenarios.suite.ts'
import { startDovecot } from '../testbed/imap/dovecot.ts'

mailScenarios('Dovecot', startDovecot)

test('takes as many connections as Dovecot gives, and no harm comes of asking for more', async () => {
  await using dovecot = await startDovecot({ people: ['ada@example.test'], maxConnections: 2 })
  using ledger = openLedger(':memory:')
  const world = new MailWorld()
  world.account('ada')
  for (let at = 0; at < 200; at++) {
    world.mailbox(`ada/f${at % 20}`, [`F${at % 20}`])
    world.mail(`ada/${at}`, [`ada/f${at % 20}`])
  }
  expect((await run(world, settingsFor(dovecot, { connections: 6 }), ledger)).wrong).toEqual([])
})

test('goes below a prefix where Dovecot keeps everything there', async () => {
  await using dovecot = await startDovecot({ people: ['ada@example.test'], separator: '.', prefix: 'INBOX.' })
  using ledger = openLedger(':memory:')
  const world = new MailWorld()
  world.account('ada')
  world.mailbox('ada/inbox', ['Inbox'], { role: 'inbox' })
  world.mailbox('ada/sent', ['Sent'], { role: 'sent' })
  world.mailbox('ada/deep', ['Customers', 'Acme Ltd.', '2026'])
  for (const place of ['inbox', 'sent', 'deep']) world.mail(`ada/m-${place}`, [`ada/${place}`])
  const { applied, wrong } = await run(world, settingsFor(dovecot), ledger)
  expect(wrong).toEqual([])
  expect(
    applied
      .map(({ remote }) => remote)
      .filter((remote) => remote.startsWith('folder/'))
      .toSorted(),
  ).toEqual(['INBOX', 'INBOX.Customers.Acme Ltd_.2026', 'INBOX.Gesendet'].map((name) => `folder/ada@example.test/${name}`))
})
