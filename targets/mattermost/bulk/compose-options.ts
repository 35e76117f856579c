import type { LedgerEntry, Stated } from '../../../src/contract/target.ts'
import type { Features } from '../features.ts'
import type {
  ChannelOperation,
  EmojiOperation,
  GroupOperation,
  MattermostOperation,
  PostOperation,
  UserOperation,
} from '../map/operations.ts'
import type { Pending, Thread } from './threads.ts'

/** What stands on the server before the import; nothing of it gets a line of its own. */
export interface Standing {
  readonly team: boolean
  readonly users: ReadonlySet<string>
  /** Names of channels of the team. */
  readonly channels: ReadonlySet<string>
  /** Those of them that are archived: they take no lines until they are opened again. */
  readonly archived: ReadonlySet<string>
  readonly emoji: ReadonlySet<string>
}
export interface ComposeOptions {
  readonly team: string
  readonly teamTitle: string
  readonly teamOpen: boolean
  readonly features: Features
  readonly workDir: string
  readonly standing: Standing
  /** So many characters of posts of one place are held in memory; more go to disk. */
  readonly mostInMemory?: number
  /** Texts as they stand on the server, by key, of posts that were imported before and are sent again. Without a server: as mapped. */
  live?(posts: readonly Pending[]): Promise<ReadonlyMap<string, string>>
  /** Everything of one place (or a part of a place) has been composed. */
  composed?(threads: readonly Thread[]): Promise<void> | void
  /** Finds posts of an earlier run that the ledger does not know (any more); gives what it would know of them. */
  adopt?(posts: Iterable<Pending>): Promise<ReadonlyMap<string, LedgerEntry>>
  /** The operation as this server can take it. */
  prepare?(op: PostOperation): Promise<PostOperation> | PostOperation
  /** Lines for an archived channel are coming. */
  reopen?(channel: string): Promise<void>
  /** All of the directory is known, and nothing has been written yet. */
  begin?(directory: DirectoryOperations): Promise<void> | void
}
export interface DirectoryOperations {
  readonly users: readonly Live<UserOperation>[]
  readonly channels: readonly Live<ChannelOperation>[]
  readonly emoji: readonly Live<EmojiOperation>[]
  readonly groups: readonly Live<GroupOperation>[]
}
/** An operation of the snapshot: anything but one that is gone. */
export type Live<Op extends MattermostOperation> = Exclude<Stated<Op>, { readonly state: 'gone' }>
