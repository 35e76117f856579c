import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import type { Applied, ApplyContext, LedgerEntry } from '../../../src/contract/target.ts'
import { folderNotes, folderRemote, mailFields, mailRemote, type MailNotes } from '../expect.ts'
import type { FolderOperation, ImapOperation, MailOperation } from '../map/operations.ts'
import type { Settings } from '../settings.ts'
import type { Looks } from './mark.ts'
import type { DeferredLedger } from './deferred-ledger.ts'
import type { SeenIndex } from './seen-index.ts'

/** What the parts of one run share. `done` takes what became of an operation. */
export interface Work {
  readonly settings: Settings
  readonly ports: Ports
  readonly context: Omit<ApplyContext, 'ledger'>
  readonly ledger: DeferredLedger
  readonly index: SeenIndex
  readonly signal: AbortSignal
  done(applied: Applied): void
}

/** A mail on its way: its bytes in hand, or to be read when they are sent. `old`: where it stood before, and stands no more when this is done. */
export interface Waiting {
  readonly op: MailOperation
  readonly known: LedgerEntry | undefined
  readonly old: MailNotes | undefined
  readonly looks: Looks
  readonly content: Buffer | Streamed
  /** Of the content, where it is not as the source has it. */
  readonly sha256?: string
  /** The same mail in other folders. */
  readonly copies: CopyJob[]
}
/** A mail too large to be held. `open` may be called again after a failure. */
export interface Streamed {
  readonly bytes: number
  open(): Promise<AsyncIterable<Uint8Array>>
}
export interface CopyJob {
  readonly op: MailOperation
  readonly known: LedgerEntry | undefined
}

export const bytesHeld = ({ content }: Waiting): number => (Buffer.isBuffer(content) ? content.length : 0)

export function entryOf(op: ImapOperation, state: LedgerEntry['state'], remote: LedgerEntry['remote'], notes: object): LedgerEntry {
  return {
    key: op.key,
    item: op.item,
    collection: op.collection,
    revision: op.revision,
    remote,
    state,
    notes: notes as LedgerEntry['notes'],
  }
}
export const mailEntry = (op: MailOperation, state: LedgerEntry['state'], notes: MailNotes): LedgerEntry =>
  entryOf(op, state, mailRemote(op.login, notes), notes)
export const folderEntry = (op: FolderOperation, state: LedgerEntry['state'], notes: object): LedgerEntry =>
  entryOf(op, state, folderRemote(op.login, op.folder), notes)

export const lossOf = ({ item }: ImapOperation, code: LossCode, detail: string, effect: Loss['effect'] = { type: 'dropped' }): Loss => ({
  item,
  stage: 'apply',
  code,
  effect,
  detail,
})

/** The target refused this one, and keeps nothing of it. */
export function failed(work: Work, op: FolderOperation | MailOperation, losses: readonly Loss[]): void {
  const remote =
    op.type === 'folder' ? folderRemote(op.login, op.folder) : mailRemote(op.login, { folder: op.folder, uidValidity: 0, uid: 0 })
  work.done({ key: op.key, item: op.item, outcome: 'failed', remote, expect: {}, losses })
}

/** A mail stands: the ledger knows it before anybody is told. */
export function settled(
  work: Work,
  mails: readonly {
    readonly op: MailOperation
    readonly notes: MailNotes
    readonly outcome: 'created' | 'updated' | 'unchanged'
    readonly expect?: Applied['expect']
  }[],
): void {
  const tell = (): void => {
    for (const { op, notes, outcome, expect } of mails)
      work.done({
        key: op.key,
        item: op.item,
        outcome,
        remote: mailRemote(op.login, notes),
        expect: expect ?? (notes.ours ? mailFields(notes.stands ?? notes.bytes, notes.date, notes.flags) : bytesOnly(notes)),
        losses: standingLosses(op, notes),
      })
  }
  if (mails.length > 0)
    work.ledger.later(
      mails.map(({ op, notes }) => mailEntry(op, 'applied', notes)),
      tell,
    )
}

/** All that is known for sure of a mail whose flags and time are its owner's: it was there before, or people have worked with it since. */
export const bytesOnly = (notes: MailNotes): Applied['expect'] => ({ bytes: notes.stands ?? notes.bytes })

/** What of an operation the place of the mail does not keep; the same in this run and in every later one. */
export function standingLosses(op: MailOperation, notes: MailNotes): readonly Loss[] {
  const losses: Loss[] = []
  if (notes.stands !== undefined)
    losses.push(
      lossOf(
        op,
        'text-changed',
        'the server takes it only with its line ends put right, without NUL and endless lines; the original is in the vault',
        {
          type: 'substituted',
          field: 'bytes',
        },
      ),
    )
  const missing = notes.ours ? op.flags.filter((flag) => !notes.flags.includes(flag)) : []
  if (missing.length > 0)
    losses.push(lossOf(op, 'no-such-concept', `the folder does not keep ${missing.join(', ')}`, { type: 'degraded', field: 'flags' }))
  return losses
}

/** From which uid on a folder was not looked at yet by an earlier run. */
export function examinedIn(work: Work, login: string, folder: string, uidValidity: number): number {
  const notes = folderNotes(work.ledger.byRemote(folderRemote(login, folder)))
  return notes?.uidValidity === uidValidity ? notes.examined : 1
}
