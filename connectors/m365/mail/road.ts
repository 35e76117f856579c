import { Fault } from '../../../src/fault.ts'
import { collectionsOf } from '../directory/listing.ts'
import type { Road } from '../roads.ts'
import { mailBytes } from './bytes.ts'
import { mailChanges } from './changes.ts'

/** Folders, mails and settings of everybody with a mailbox. */
export const mailRoad: Road = {
  service: 'mail',
  prefix: 'mail',
  roles: [
    ['Mail.Read', 'Mail.ReadWrite'],
    ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
  ],
  collections: (listed) => collectionsOf(listed, 'mail', 'Mail', ['mailbox', 'mail-settings', 'mail']),
  changes(graph, id, listed, since, signal) {
    const person = listed.people.get(id)
    if (person === undefined) throw new Fault({ code: 'gone', what: 'This person is not listed any more', remedy: 'Nothing to do' })
    return mailChanges(graph, person, since, signal)
  },
  blob: mailBytes,
}
