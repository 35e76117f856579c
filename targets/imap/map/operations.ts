import { hash } from 'node:crypto'
import type { IdempotencyKey } from '../../../src/contract/ids.ts'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import type { Operation } from '../../../src/contract/target.ts'
import type { Role } from './roles.ts'

/** A folder of one mailbox. `login`: whose; `folder`: its whole name, with the server's own delimiter. */
export interface FolderOperation extends Operation {
  readonly type: 'folder'
  readonly login: string
  readonly folder: string
  /** What it is to be marked as when it is made; null: nothing special. */
  readonly role: Role | null
  readonly subscribed: boolean
}
export interface MailOperation extends Operation {
  readonly type: 'mail'
  readonly login: string
  readonly folder: string
  /** System flags and keywords, as they go to the server. */
  readonly flags: readonly string[]
  /** ISO 8601, UTC, whole seconds. */
  readonly date: string
  readonly blob: BlobRef
  /** Of the same item in another folder: the server can copy it from there. Null: this is the first. */
  readonly copyOf: IdempotencyKey | null
}
/** The Sieve script of one person. `activate`: it is to run once it is there. */
export interface ScriptOperation extends Operation {
  readonly type: 'script'
  readonly login: string
  readonly name: string
  readonly text: string
  readonly activate: boolean
}
export type ImapOperation = FolderOperation | MailOperation | ScriptOperation

export const revisionOver = (effect: JsonValue): string => hash('sha256', JSON.stringify(effect)).slice(0, 32)
