import type { Provenance } from '../../../src/contract/item.ts'
import { type CollectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { Mailbox } from '../../../src/model/mailbox.ts'
import type { GooglePerson } from '../google.ts'
import type { Label } from '../mail/wire.ts'
import { itemOf } from './item.ts'

/** Labels of Gmail's own that are places. The others say something of a mail: they are flags or keywords. */
const places: Readonly<Record<string, Mailbox['role']>> = { INBOX: 'inbox', SENT: 'sent', DRAFT: 'drafts', TRASH: 'trash', SPAM: 'junk' }

export const mailboxId = (person: string, label: string): ItemId => itemId('mailbox', person, label)
export const isMailbox = ({ id, type }: Label): boolean => Object.hasOwn(places, id) || type !== 'system'

/**
 * A label as a mailbox. Gmail nests by name: `Clients/Acme` stands below `Clients` if there is such a label, and is a name with a stroke
 * in it otherwise. `names`: of all labels of this person.
 */
export function mailbox(
  label: Label,
  names: ReadonlySet<string>,
  person: GooglePerson,
  collection: CollectionId,
  provenance: Provenance,
): SourceItem<'mailbox'> {
  const body: Mailbox = {
    owner: person.account,
    path: pathOf(label.name === '' ? label.id : label.name, names),
    type: 'label',
    role: places[label.id] ?? null,
    hidden: label.labelListVisibility === 'labelHide',
    color: label.color?.backgroundColor ?? null,
  }
  return itemOf({ kind: 'mailbox', id: mailboxId(person.id, label.id), collection, body, raw: label, blobs: [], provenance })
}

function pathOf(name: string, names: ReadonlySet<string>): string[] {
  const path: string[] = []
  let from = 0
  for (let stroke = name.indexOf('/'); stroke !== -1; stroke = name.indexOf('/', stroke + 1)) {
    if (stroke === from || stroke === name.length - 1 || !names.has(name.slice(0, stroke))) continue
    path.push(name.slice(from, stroke))
    from = stroke + 1
  }
  return [...path, name.slice(from)]
}
