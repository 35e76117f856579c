import type { Applied, LedgerEntry } from '../../../src/contract/target.ts'
import { removeMails } from '../client/change.ts'
import { accepted, countOf, wireName } from '../client/folders.ts'
import { type FolderNotes, type MailNotes, folderNotes, mailNotes } from '../expect.ts'
import type { Connection } from '../wire/connection.ts'
import { Fault } from '../../../src/fault.ts'
import { type Box, patiently } from './box.ts'
import type { Work } from './work.ts'

const outcome = (work: Work, { key, item, remote }: LedgerEntry, outcome: Applied['outcome']): void =>
  work.done({ key, item, outcome, remote, expect: {}, losses: [] })

const refused = (work: Work, { key, item, remote }: LedgerEntry, detail: string): void =>
  work.done({
    key,
    item,
    outcome: 'failed',
    remote,
    expect: {},
    losses: [{ item, stage: 'apply', code: 'rejected-by-target', effect: { type: 'degraded', field: 'deleted' }, detail }],
  })

/** Mails of one folder that the source has no more: removed if the configuration says so and an import of ours brought them, else left alone. */
export async function removeGoneMails(work: Work, box: Box | undefined, folder: string, entries: readonly LedgerEntry[]): Promise<void> {
  const ours = entries.filter((entry) => isOurs(mailNotes(entry)))
  const kept = entries.filter((entry) => !ours.includes(entry))
  if (work.settings.deletions === 'keep' || box === undefined) {
    for (const entry of entries) outcome(work, entry, 'unchanged')
    return
  }
  let there: readonly LedgerEntry[]
  try {
    there = await patiently(work, () => box.alone(folder, () => box.use((connection) => remove(box, connection, folder, ours))))
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'rejected') throw error
    for (const entry of entries) refused(work, entry, error.message)
    return
  }
  work.ledger.delete(entries.map(({ key }) => key))
  for (const entry of ours) outcome(work, entry, there.includes(entry) ? 'deleted' : 'unchanged')
  for (const entry of kept) outcome(work, entry, 'unchanged')
}
async function remove(box: Box, connection: Connection, folder: string, ours: readonly LedgerEntry[]): Promise<readonly LedgerEntry[]> {
  const opened = await box.select(connection, folder)
  const standing = ours.filter((entry) => mailNotes(entry)?.uidValidity === opened.uidValidity)
  const uids = standing.map((entry) => mailNotes(entry)?.uid ?? 0)
  if (uids.length > 0) await removeMails(connection, uids)
  return standing
}
const isOurs = (notes: MailNotes | undefined): boolean => notes?.ours === true && notes.uid > 0

/** A folder that the source has no more: removed if it is ours and empty. */
export async function removeGoneFolder(work: Work, box: Box | undefined, entry: LedgerEntry): Promise<void> {
  const notes = folderNotes(entry)
  if (work.settings.deletions === 'keep' || box === undefined || notes === undefined) return outcome(work, entry, 'unchanged')
  let removed = false
  try {
    removed = notes.ours && (await removeIfEmpty(box, notes.folder))
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'rejected') throw error
    return refused(work, entry, error.message)
  }
  // A folder in which other mails stand now is no longer ours to remove.
  work.ledger.delete([entry.key])
  outcome(work, entry, removed ? 'deleted' : 'unchanged')
}

/** Folders from which everything has gone elsewhere, because the source calls them otherwise now. */
export async function removeFormer(box: Box, notes: FolderNotes): Promise<void> {
  for (const name of notes.was ?? [])
    try {
      await removeIfEmpty(box, name)
    } catch (error) {
      // An empty folder that stays is no loss.
      if (!(error instanceof Fault) || error.code !== 'rejected') throw error
    }
}

async function removeIfEmpty(box: Box, folder: string): Promise<boolean> {
  return box.use(async (connection) => {
    // This connection may have it open since before its last mails went.
    box.deselect(connection)
    const opened = await box.select(connection, folder).catch(() => undefined)
    if (opened === undefined) return true
    if (opened.exists > 0 || (await countOf(connection, folder)) > 0) return false
    await connection.command([connection.has('UNSELECT') ? 'UNSELECT' : 'CLOSE'])
    box.deselect(connection)
    await connection.command([`UNSUBSCRIBE ${wireName(connection, folder)}`])
    accepted(await connection.command([`DELETE ${wireName(connection, folder)}`]), 'The server does not remove a folder')
    return true
  })
}
