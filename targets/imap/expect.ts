import { z } from 'zod'
import { type RemoteId, remoteId } from '../../src/contract/ids.ts'
import type { Fields, LedgerEntry } from '../../src/contract/target.ts'

/** Names of what stands on the server, as the ledger and the verification use them. */
export const folderRemote = (login: string, folder: string): RemoteId => remoteId(`folder/${login}/${folder}`)
export const mailRemote = (login: string, { uidValidity, uid, folder }: Spot): RemoteId =>
  remoteId(`mail/${login}/${uidValidity}/${uid}/${folder}`)

/** Where one mail stands in a mailbox. */
export interface Spot {
  readonly folder: string
  readonly uidValidity: number
  readonly uid: number
}

/**
 * What the ledger remembers of a folder. `ours`: we made it. `examined`: mails with smaller uids were looked at, and what is ours of them is in the ledger. `was`: earlier
 * names, whose folders go when they are empty.
 */
const FolderNotes = z.object({
  type: z.literal('folder'),
  login: z.string(),
  folder: z.string(),
  ours: z.boolean(),
  uidValidity: z.number(),
  examined: z.number(),
  was: z.array(z.string()).optional(),
})
export type FolderNotes = z.infer<typeof FolderNotes>
/**
 * What the ledger remembers of a mail. `uid` 0: its place is not known yet. `ours`: we put it there; otherwise it was there before, and is
 * never changed. `bytes`: SHA-256 as the source has it; `stands`: as it stands here, where the server took it in no other form; `mark`: see
 * `markOf`; `flags`: those of the operation that the folder keeps. `moving`: it was on its way into this folder; `former`: where it
 * stands until it stands here.
 */
const MailNotes = z.object({
  type: z.literal('mail'),
  login: z.string(),
  folder: z.string(),
  uidValidity: z.number(),
  uid: z.number(),
  ours: z.boolean(),
  bytes: z.string(),
  mark: z.string(),
  date: z.string(),
  flags: z.array(z.string()),
  stands: z.string().optional(),
  moving: z.string().optional(),
  former: z.object({ folder: z.string(), uidValidity: z.number(), uid: z.number() }).optional(),
})
export type MailNotes = z.infer<typeof MailNotes>

// Mostly there is no entry: to parse nothing would make an error for each mail.
export const folderNotes = (entry: LedgerEntry | undefined): FolderNotes | undefined =>
  entry === undefined ? undefined : FolderNotes.safeParse(entry.notes).data
export const mailNotes = (entry: LedgerEntry | undefined): MailNotes | undefined =>
  entry === undefined ? undefined : MailNotes.safeParse(entry.notes).data

/** How a mail must look when it is read back; flags are compared without regard to the case of their letters. */
export const mailFields = (bytes: string, date: string, flags: readonly string[]): Fields => ({
  bytes,
  receivedAt: date,
  flags: shownFlags(flags),
})
export const shownFlags = (flags: readonly string[]): readonly string[] => [...new Set(flags.map((flag) => flag.toLowerCase()))].toSorted()
