import type { LedgerEntry } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import { moveMails, removeMails, storeFlags } from '../client/change.ts'
import { type MailNotes, mailRemote, shownFlags } from '../expect.ts'
import type { MailOperation } from '../map/operations.ts'
import type { Connection } from '../wire/connection.ts'
import { type Box, isUnavailable } from './box.ts'
import type { Folders } from './copies.ts'
import { type Work, bytesOnly, entryOf, failed, lossOf, settled } from './work.ts'

/** A mail of ours that stands, and that the source has marked or moved otherwise since. `moving`: an earlier attempt may have moved it. */
export interface Delta {
  readonly op: MailOperation
  readonly known: LedgerEntry
  readonly notes: MailNotes
}
interface Changed {
  readonly op: MailOperation
  notes: MailNotes
  /** All of its flags as the server now has them; undefined: nobody asked. */
  flags: readonly string[] | undefined
}
const DEATHS = 3

/** Brings flags and places of mails of one folder to what the source says; flags that people have set here themselves stay. */
export async function applyDeltas(work: Work, box: Box, folders: Folders, folder: string, all: readonly Delta[]): Promise<void> {
  work.ledger.put(
    all.map(({ op, notes }) => {
      const { moving: _, ...rest } = notes
      return entryOf(op, 'staged', mailRemote(op.login, notes), op.folder === folder ? rest : { ...rest, moving: op.folder })
    }),
  )
  work.context.progress('sending', 0, undefined)
  work.signal.throwIfAborted()
  const ended = new Set<MailOperation>()
  for (let deaths = 0; ;)
    try {
      return await box.use((connection) => attempt({ work, box, folders, folder, connection, again: deaths > 0 }, all, ended))
    } catch (error) {
      work.signal.throwIfAborted()
      if (error instanceof Fault && error.code === 'rejected')
        return refuse(
          work,
          all.filter(({ op }) => !ended.has(op)),
          error.message,
        )
      if (!isUnavailable(error) || ++deaths === DEATHS) throw error
      // An end that was not heard: what has arrived elsewhere is found there.
      const targets = new Set(all.flatMap(({ op }) => (op.folder === folder ? [] : [op.folder])))
      await box.use(async (connection) => {
        for (const target of targets)
          if (folders.folder(target).opened !== undefined) await folders.folder(target).lookAgain(work, box, connection)
      })
    }
}

/** They stay as they were; the ledger says so again, and the next run tries again. */
function refuse(work: Work, deltas: readonly Delta[], why: string): void {
  work.ledger.put(deltas.map(({ known }) => known))
  for (const { op } of deltas) failed(work, op, [lossOf(op, 'rejected-by-target', why)])
}

interface At {
  readonly work: Work
  readonly box: Box
  readonly folders: Folders
  readonly folder: string
  readonly connection: Connection
  readonly again: boolean
}

async function attempt(at: At, all: readonly Delta[], ended: Set<MailOperation>): Promise<void> {
  const { work, box, folders, folder, connection } = at
  const open = all.filter(({ op }) => !ended.has(op))
  const changed = new Map<MailOperation, Changed>(open.map(({ op, notes }) => [op, { op, notes, flags: undefined }]))
  const settle = (ops: readonly MailOperation[]): void => {
    settled(
      work,
      ops.flatMap((op) => {
        const one = changed.get(op)
        if (one === undefined) return []
        const { moving: _, ...notes } = one.notes
        const expect = { ...bytesOnly(notes), receivedAt: notes.date, ...(one.flags === undefined ? {} : { flags: one.flags }) }
        return [{ op, notes, outcome: 'updated' as const, expect }]
      }),
    )
    for (const op of ops) ended.add(op)
  }
  const moves = open.filter(({ op }) => op.folder !== folder)
  const arrived: Delta[] = []
  for (const delta of moves) {
    const attempted = delta.notes.moving !== undefined
    if (!attempted && !at.again) continue
    const target = folders.folder(delta.op.folder)
    const { uidValidity } = await target.prepare(work, box, connection)
    const { notes, op } = delta
    const looks = { mark: notes.mark, distinct: false }
    const found = await target.adopt(work, box, connection, { op, looks, sha256: notes.stands ?? notes.bytes, attempted: true })
    const one = changed.get(op)
    if (found === undefined || one === undefined) continue
    one.notes = { ...notes, folder: target.name, uidValidity, uid: found.uid }
    arrived.push(delta)
  }
  await box.select(connection, folder)
  // Where moving is copying, the old one may still be there.
  if (arrived.length > 0)
    await removeMails(
      connection,
      arrived.map(({ notes }) => notes.uid),
    )
  await mark(
    at,
    open.filter((delta) => !arrived.includes(delta)),
    changed,
  )
  for (const [name, group] of Map.groupBy(
    moves.filter((delta) => !arrived.includes(delta)),
    ({ op }) => op.folder,
  ))
    await move(at, name, group, changed)
  work.context.progress('settling', 0, undefined)
  work.signal.throwIfAborted()
  settle(open.map(({ op }) => op))
}

/** Sets what the source has set since, and takes away what it has taken away. */
async function mark({ folders, folder, connection }: At, deltas: readonly Delta[], changed: Map<MailOperation, Changed>): Promise<void> {
  const keywords = folders.folder(folder).opened?.keywords
  const can = (flag: string): boolean =>
    keywords === undefined || keywords.any || flag.startsWith('\\') || keywords.known.has(flag.toLowerCase())
  const changes = deltas.map((delta) => ({
    delta,
    add: delta.op.flags.filter((flag) => !delta.notes.flags.includes(flag) && can(flag)),
    remove: delta.notes.flags.filter((flag) => !delta.op.flags.includes(flag)),
  }))
  for (const sign of ['+', '-'] as const) {
    const flagsOf = ({ add, remove }: (typeof changes)[number]): readonly string[] => (sign === '+' ? add : remove)
    for (const group of Map.groupBy(changes, (change) => flagsOf(change).join(' ')).values()) {
      const flags = group[0] === undefined ? [] : flagsOf(group[0])
      if (flags.length === 0) continue
      const now = await storeFlags(
        connection,
        group.map(({ delta }) => delta.notes.uid),
        sign,
        flags,
      )
      for (const { delta } of group) {
        const one = changed.get(delta.op)
        const after = now.get(delta.notes.uid)
        if (one !== undefined && after !== undefined) one.flags = after
      }
    }
  }
  for (const { delta, add } of changes) {
    const one = changed.get(delta.op)
    if (one === undefined) continue
    const now = one.flags
    const kept = delta.op.flags.filter(
      (flag) => delta.notes.flags.includes(flag) || (add.includes(flag) && (now === undefined || now.includes(flag.toLowerCase()))),
    )
    one.notes = { ...one.notes, flags: kept }
    if (now !== undefined) one.flags = shownFlags(now)
  }
}

async function move(
  { work, box, folders, folder, connection }: At,
  name: string,
  group: readonly Delta[],
  changed: Map<MailOperation, Changed>,
): Promise<void> {
  const target = folders.folder(name)
  // A server that will not say where they went must be looked at before and after.
  if (!connection.has('UIDPLUS')) await target.prepare(work, box, connection)
  await box.select(connection, folder)
  const moved = await moveMails(
    connection,
    group.map(({ notes }) => notes.uid),
    name,
  )
  box.changed(name, connection)
  if (moved === undefined) await target.lookAgain(work, box, connection)
  for (const { op, notes } of group) {
    const one = changed.get(op)
    if (one === undefined) continue
    const wanted = { op, looks: { mark: notes.mark, distinct: false }, sha256: notes.stands ?? notes.bytes, attempted: true }
    const uid = moved === undefined ? (await target.adopt(work, box, connection, wanted))?.uid : moved.uids.get(notes.uid)
    // It is not there any more: somebody has removed it here. Verification will say so.
    if (uid === undefined) continue
    one.notes = { ...one.notes, folder: name, uidValidity: moved?.uidValidity ?? target.opened?.uidValidity ?? 0, uid }
  }
  box.deselect(connection)
}
