import type { Loss } from '../../../src/contract/fidelity.ts'
import type { IdempotencyKey, ItemId, RemoteId } from '../../../src/contract/ids.ts'
import type { BlobReader, Fields } from '../../../src/contract/target.ts'
import type { Repository } from '../../../src/git/repository.ts'
import type { ProjectOperation, Who } from '../operations.ts'
import type { ProjectSpool } from './spool.ts'

/** A user as it stands in GitLab. `email`: its primary address, by which the import finds it. */
export interface TargetUser {
  readonly id: number
  readonly name: string
  readonly username: string
  readonly email: string
}
/**
 * What became of one operation: what it will be when the file is imported, and how that must look when it is read back. `remote` null: it is not
 * in the file and cannot be; the losses say why. They may speak of other items too (comments of a conversation, for example).
 */
export type Composed = { readonly key: IdempotencyKey; readonly item: ItemId; readonly losses: readonly Loss[] } & (
  | { readonly remote: RemoteId; readonly expect: Fields }
  | { readonly remote: null }
)
export interface ComposeInput {
  readonly spool: ProjectSpool
  readonly project: ProjectOperation
  /** Restored from the project's bundles; undefined: it has no history. Nothing in it is changed. */
  readonly repository: Repository | undefined
  readonly wiki: Repository | undefined
  readonly blobs: BlobReader
  /** Whoever `who` is in GitLab; the importing user for those with `username` null. Everybody the spool names must be there before. */
  readonly users: (who: Who) => TargetUser
  /** As `GET /version` gives it. */
  readonly version: string
  /** LFS objects travel in the file if all of them together are not more than this; otherwise none, and none is yielded. */
  readonly maxLfsBytes: number
  /** An empty directory for what must stand on disk meanwhile. */
  readonly workDir: string
  /** Where the tar.gz goes; it appears under its name only when it is whole. */
  readonly outFile: string
}
