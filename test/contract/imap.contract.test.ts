import { itemId } from '../../src/contract/ids.ts'
import { definition } from '../../targets/imap/definition.ts'
import { company } from '../targets/imap/company.ts'
import { letter, ports, settingsFor } from '../targets/imap/world.ts'
import { imapTestbed } from '../testbed/imap/testbed.ts'
import { targetContract } from './target.suite.ts'

targetContract({
  name: 'imap',
  start: async () => {
    const bed = await imapTestbed()
    const ada = bed.store.account('ada@example.test')
    const ben = bed.store.account('ben@example.test')
    // Mail that was there before: a stranger's in Ada's inbox, a folder of her own, and the same Sent folder that ours goes to.
    bed.store.add(bed.store.folder(ada, 'INBOX'), letter('stranger/1'), ['\\Seen'])
    bed.store.add(bed.store.folder(ada, 'Private'), letter('stranger/2'))
    bed.store.add(bed.store.folder(ben, 'Gesendet', '\\Sent'), letter('stranger/3'), ['\\Answered', 'mine'])
    const stranger = bed.store.account('eve@example.test')
    bed.store.add(bed.store.folder(stranger, 'INBOX'), letter('eve/1'))
    const world = company()
    const strange = (bytes: Buffer): boolean => /^Message-ID: <(stranger|eve)/.test(bytes.toString('latin1'))
    return {
      definition,
      config: settingsFor(bed),
      ports,
      directory: () => world.directory,
      snapshot: () => ({ items: world.ordered(), blobs: world.blobs }),
      change: () => {
        world.edit('ada/1', (mail) => ({ flags: { ...mail.flags, flagged: true } }))
        world.edit('ben/1', () => ({ mailboxes: [itemId('mailbox', 'ben/projects')] }))
        world.remove(itemId('mail', 'ada/5'))
        world.mail('ada/6', ['ada/work'], { at: '2026-04-01T00:00:00.000000Z' })
      },
      writes: () => bed.writes,
      notified: () => bed.calls.calls.filter(({ route }) => route === 'BURL' || route === 'SUBMIT').length,
      foreign: () =>
        JSON.stringify(
          [...bed.store.accounts.values()].flatMap(({ login, folders }) =>
            [...folders.values()].flatMap(({ name, uidValidity, subscribed, use, mails }) => {
              const theirs = mails.filter(({ bytes }) => strange(bytes))
              const seen = theirs.map(({ uid, flags, date, bytes }) => [uid, [...flags], date, bytes.toString('latin1')])
              return theirs.length === 0 ? [] : [[login, name, uidValidity, subscribed, use, seen]]
            }),
          ),
        ),
      [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
    }
  },
})
