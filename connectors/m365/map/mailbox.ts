import { type CollectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { Mailbox } from '../../../src/model/mailbox.ts'
import type { Wire } from '../wire.ts'
import { itemOf, type Mapped, type Mapping } from './mapped.ts'

/** Graph's words for folders that are there for something, whatever they are called in the owner's language, and ours. */
export const roles = {
  inbox: 'inbox',
  drafts: 'drafts',
  sentitems: 'sent',
  deleteditems: 'trash',
  junkemail: 'junk',
  archive: 'archive',
  outbox: 'outbox',
} as const satisfies Readonly<Record<string, Mailbox['role']>>
export type RoleWord = keyof typeof roles

export interface FolderParts {
  readonly id: string
  /** Names from the root to this one. */
  readonly path: readonly [string, ...string[]]
  readonly hidden: boolean
  readonly role: RoleWord | undefined
  readonly raw: Wire
}

export const mailboxId = (person: string, folder: string): ItemId => itemId('mailbox', person, folder)

/** A mail folder. Its counts change with every mail and are left to `raw`. */
export function mailbox(folder: FolderParts, person: string, collection: CollectionId, mapping: Mapping): Mapped<'mailbox'> {
  const body: Mailbox = {
    owner: itemId('account', person),
    path: [...folder.path],
    type: 'folder',
    role: folder.role === undefined ? null : roles[folder.role],
    hidden: folder.hidden,
    color: null,
  }
  const id = mailboxId(person, folder.id)
  return { item: itemOf({ kind: 'mailbox', id, nativeId: folder.id, collection, body, raw: folder.raw, blobs: [] }, mapping), losses: [] }
}
