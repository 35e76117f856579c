import type { LedgerEntry } from '../../../src/contract/target.ts'
import { type Listed, wireName } from '../client/folders.ts'
import { type FolderNotes, folderNotes, folderRemote } from '../expect.ts'
import type { FolderOperation } from '../map/operations.ts'
import { useOf } from '../map/roles.ts'
import type { Connection } from '../wire/connection.ts'
import { codeOf } from '../wire/replies.ts'
import { type Box, patiently } from './box.ts'
import { type Work, failed, folderEntry, lossOf } from './work.ts'

export interface FolderWish {
  readonly op: FolderOperation
  readonly known: LedgerEntry | undefined
}

/**
 * Makes the folders of one mailbox that are not there, the outer before the inner. Those that are there are used as they are, and never
 * counted as ours. The answer: why those that cannot be are not.
 */
export async function makeFolders(
  work: Work,
  box: Box,
  listed: readonly Listed[],
  wishes: readonly FolderWish[],
): Promise<ReadonlyMap<string, string>> {
  const there = new Set(listed.filter(isThere).map(({ name }) => name))
  const sorted = wishes.toSorted((a, b) => a.op.folder.length - b.op.folder.length || (a.op.folder < b.op.folder ? -1 : 1))
  const steps = sorted.map((wish) => stepOf(wish, there))
  const open = steps.filter(({ outcome }) => outcome !== 'unchanged')
  work.ledger.put(open.map(({ op, notes }) => folderEntry(op, 'staged', notes)))
  report(work, 'folders', open.length)
  const refused = new Map<string, string>()
  await patiently(work, () =>
    box.use((connection) =>
      // All at once: the server does them in the order in which they are sent.
      inOrder(
        open.filter(({ notes }) => notes.ours),
        async (step) => {
          const why = await make(connection, step, work)
          if (why !== undefined) refused.set(step.op.folder, why)
        },
      ),
    ),
  )
  report(work, 'folders made', open.length)
  const made = open.filter(({ op }) => !refused.has(op.folder))
  work.ledger.delete(open.filter((step) => !made.includes(step)).map(({ op }) => op.key))
  work.ledger.put(made.map(({ op, notes }) => folderEntry(op, 'applied', notes)))
  for (const step of steps) {
    const why = refused.get(step.op.folder)
    if (why === undefined) stands(work, step)
    else failed(work, step.op, [lossOf(step.op, 'rejected-by-target', why)])
  }
  return refused
}

interface Step {
  readonly op: FolderOperation
  readonly notes: FolderNotes
  readonly exists: boolean
  readonly outcome: 'created' | 'updated' | 'unchanged'
}
const report = ({ context, signal }: Work, stage: string, done: number): void => {
  context.progress(stage, done, done)
  signal.throwIfAborted()
}
const inOrder = async (steps: readonly Step[], make: (step: Step) => Promise<void>): Promise<void> => {
  await Promise.all(steps.map(make))
}

function stepOf({ op, known }: FolderWish, there: ReadonlySet<string>): Step {
  const before = folderNotes(known)
  const same = before?.login === op.login && before.folder === op.folder
  const exists = there.has(op.folder)
  if (exists && same && known?.state === 'applied' && known.revision === op.revision)
    return { op, notes: before, exists, outcome: 'unchanged' }
  const was = before?.login === op.login && before.ours && !same ? [...(before.was ?? []), before.folder] : before?.was
  const notes: FolderNotes = {
    type: 'folder',
    login: op.login,
    folder: op.folder,
    // An attempt that was begun before the folder existed may have made it.
    ours: exists ? same && before.ours : true,
    uidValidity: same && exists ? before.uidValidity : 0,
    examined: same && exists ? before.examined : 1,
    ...(was === undefined ? {} : { was }),
  }
  return { op, notes, exists, outcome: known === undefined || known.state === 'staged' ? 'created' : 'updated' }
}

const isThere = ({ flags }: Listed): boolean => !flags.includes(String.raw`\noselect`) && !flags.includes(String.raw`\nonexistent`)

/** Undefined: it is there. */
async function make(connection: Connection, { op, exists }: Step, work: Work): Promise<string | undefined> {
  const name = wireName(connection, op.folder)
  if (!exists) {
    const use = op.role === null || !connection.has('CREATE-SPECIAL-USE') || marksNothing(work) ? null : useOf(op.role)
    let reply = await connection.command([use === null ? `CREATE ${name}` : `CREATE ${name} (USE (${use}))`])
    // Another folder may carry the mark, or the server may have none of this kind.
    if (reply.status !== 'OK' && use !== null) reply = await connection.command([`CREATE ${name}`])
    if (reply.status !== 'OK' && codeOf(reply) !== 'ALREADYEXISTS') return reply.text
  }
  if (op.subscribed) await connection.command([`SUBSCRIBE ${name}`])
  return undefined
}
/** Below a folder of their own, sent mails are not what a mail program should take for its own. */
const marksNothing = ({ settings }: Work): boolean => settings.scratch !== undefined || settings.below.length > 0

function stands(work: Work, { op, notes, outcome }: Step): void {
  const subscribed = notes.ours && op.subscribed && outcome !== 'unchanged'
  work.done({
    key: op.key,
    item: op.item,
    outcome,
    remote: folderRemote(op.login, op.folder),
    expect: { name: op.folder, ...(subscribed ? { subscribed: true } : {}) },
    losses: [],
  })
}
