import { copyMails } from '../client/change.ts'
import type { MailNotes } from '../expect.ts'
import type { MailOperation } from '../map/operations.ts'
import type { Connection } from '../wire/connection.ts'
import { Fault } from '../../../src/fault.ts'
import { type Box, isUnavailable } from './box.ts'
import type { FolderState } from './folder.ts'
import { type CopyJob, type Work, failed, lossOf, mailEntry, settled } from './work.ts'

/** One mail that stands, and the folder where it is to stand as well. `from`: its notes there. */
export interface Copy extends CopyJob {
  readonly from: MailNotes
}
const DEATHS = 3

/** The folders of a mailbox during one run. */
export interface Folders {
  folder(name: string): FolderState
}

/**
 * Has the server copy mails that stand in other folders into this one, which costs no bytes; each copy then has a life of its own. Nobody else
 * of us may put mails there meanwhile.
 */
export async function copyInto(work: Work, box: Box, target: FolderState, mails: readonly Copy[]): Promise<void> {
  const ended = new Set<MailOperation>()
  work.ledger.put(mails.map(({ op, from }) => mailEntry(op, 'staged', notesOf(op, from, 0, 0))))
  const rest = () => mails.filter(({ op }) => !ended.has(op))
  for (let deaths = 0; rest().length > 0;)
    try {
      await box.use((connection) => attempt({ work, box, connection, target }, rest(), ended, deaths > 0))
    } catch (error) {
      work.signal.throwIfAborted()
      if (error instanceof Fault && error.code === 'rejected') {
        for (const { op } of rest()) {
          ended.add(op)
          work.ledger.delete([op.key])
          failed(work, op, [lossOf(op, 'rejected-by-target', error.message)])
        }
      } else if (!isUnavailable(error) || ++deaths === DEATHS) throw error
      else await box.use((connection) => target.lookAgain(work, box, connection))
    }
}

interface At {
  readonly work: Work
  readonly box: Box
  readonly connection: Connection
  readonly target: FolderState
}
async function attempt(at: At, mails: readonly Copy[], ended: Set<MailOperation>, again: boolean): Promise<void> {
  const { work, box, connection, target } = at
  const { uidValidity } = await target.prepare(work, box, connection)
  const settle = (done: readonly { op: MailOperation; notes: MailNotes }[]): void => {
    settled(
      work,
      done.map(({ op, notes }) => ({ op, notes, outcome: 'created' })),
    )
    for (const { op } of done) ended.add(op)
  }
  const missing: Copy[] = []
  const adopted: { op: MailOperation; notes: MailNotes }[] = []
  for (const copy of mails) {
    const found = await target.adopt(work, box, connection, { ...wanted(copy), attempted: again || copy.known?.state === 'staged' })
    if (found === undefined) missing.push(copy)
    else adopted.push({ op: copy.op, notes: { ...notesOf(copy.op, copy.from, uidValidity, found.uid), ours: found.ours } })
  }
  settle(adopted)
  for (const [from, group] of Map.groupBy(missing, (copy) => copy.from.folder)) {
    await box.select(connection, from)
    const uids = group.map((copy) => copy.from.uid)
    const moved = await copyMails(connection, uids, target.name)
    box.changed(target.name, connection)
    work.context.progress('settling', 0, undefined)
    work.signal.throwIfAborted()
    if (moved === undefined) await target.lookAgain(work, box, connection)
    const copied: { op: MailOperation; notes: MailNotes }[] = []
    for (const copy of group) {
      const uid =
        moved === undefined
          ? (await target.adopt(work, box, connection, { ...wanted(copy), attempted: true }))?.uid
          : moved.uids.get(copy.from.uid)
      if (uid !== undefined) target.passed(uid)
      copied.push({ op: copy.op, notes: notesOf(copy.op, copy.from, moved?.uidValidity ?? uidValidity, uid ?? 0) })
    }
    settle(copied)
  }
}

const wanted = ({ op, from }: Copy) => ({ op, looks: { mark: from.mark, distinct: false }, sha256: from.stands ?? from.bytes })

/** A copy is what was copied: the same bytes, the same flags. */
const notesOf = (op: MailOperation, from: MailNotes, uidValidity: number, uid: number): MailNotes => ({
  ...from,
  ours: true,
  login: op.login,
  folder: op.folder,
  uidValidity,
  uid,
})
