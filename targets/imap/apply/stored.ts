import { fetchFlags } from '../client/fetch.ts'
import type { Connection } from '../wire/connection.ts'
import { uidSet } from '../wire/replies.ts'
import type { Box } from './box.ts'
import type { Delivered } from './delivered.ts'
import type { FolderState } from './folder.ts'
import type { Waiting } from './work.ts'

/**
 * Looks at once at those that a server may have stored otherwise than it was told: mails with odd line ends or too large to be looked at
 * before, and keywords that are the first of their name in the folder. Everything else is read back at the end.
 */
export async function checkStored(
  box: Box,
  connection: Connection,
  folder: FolderState,
  all: readonly Delivered[],
): Promise<readonly Delivered[]> {
  const delivered = await withKeptKeywords(box, connection, folder, all)
  const checked: Delivered[] = []
  for (const one of delivered) {
    const { waiting, notes } = one
    if (!waiting.looks.irregular || notes.uid === 0) {
      checked.push(one)
      continue
    }
    const seen = await folder.read(box, connection, notes.uid)
    const same = seen === undefined || seen.sha256 === notes.bytes
    checked.push(same ? one : { ...one, notes: { ...notes, stands: seen.sha256 } })
  }
  return checked
}

/** True: `checkStored` would ask the server about this mail. */
export const mustBeLookedAt = (folder: FolderState, { looks, op }: Waiting): boolean =>
  looks.irregular || op.flags.some((flag) => isNew(folder, flag))

async function withKeptKeywords(
  box: Box,
  connection: Connection,
  folder: FolderState,
  delivered: readonly Delivered[],
): Promise<readonly Delivered[]> {
  const fresh = delivered.filter(({ notes }) => notes.ours && notes.uid > 0 && notes.flags.some((flag) => isNew(folder, flag)))
  if (fresh.length === 0) return delivered
  await box.select(connection, folder.name)
  const there = new Map<number, ReadonlySet<string>>()
  for await (const { uid, flags } of fetchFlags(connection, uidSet(fresh.map(({ notes }) => notes.uid)))) there.set(uid, new Set(flags))
  for (const flags of there.values()) for (const flag of flags) folder.kept.add(flag)
  return delivered.map((one) => {
    const flags = there.get(one.notes.uid)
    return flags === undefined || !fresh.includes(one)
      ? one
      : { ...one, notes: { ...one.notes, flags: one.notes.flags.filter((flag) => flags.has(flag.toLowerCase())) } }
  })
}
const isNew = ({ kept }: FolderState, flag: string): boolean => !flag.startsWith('\\') && !kept.has(flag.toLowerCase())
