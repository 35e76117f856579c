import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Repository, restoreRepository } from '../../../src/git/repository.ts'
import type { BlobReader } from '../../../src/contract/target.ts'
import type { History, ProjectOperation } from '../operations.ts'

/** What a project's bundles give, on this machine until it is disposed of. */
export interface Histories extends AsyncDisposable {
  readonly repository: Repository | undefined
  readonly wiki: Repository | undefined
}

/** Restores repository and wiki of a project below `parent`. @throws Fault `corrupt` if a bundle is broken or missing */
export async function restoreHistories(
  { git, wiki }: ProjectOperation,
  blobs: BlobReader,
  parent: string,
  signal: AbortSignal,
): Promise<Histories> {
  const repository = await restore(git, blobs, join(parent, 'git'), signal)
  try {
    const pages = await restore(wiki, blobs, join(parent, 'wiki'), signal)
    return {
      repository,
      wiki: pages,
      [Symbol.asyncDispose]: async () => {
        await repository?.close()
        await pages?.close()
      },
    }
  } catch (error) {
    await repository?.close()
    throw error
  }
}

async function restore(history: History | null, blobs: BlobReader, parent: string, signal: AbortSignal): Promise<Repository | undefined> {
  if (history === null) return undefined
  await rm(parent, { recursive: true, force: true })
  await mkdir(parent, { recursive: true, mode: 0o700 })
  const bundles = history.bundles.map((blob) => (stop: AbortSignal) => blobs.open(blob, stop))
  return restoreRepository({ bundles, parent, head: history.head ?? undefined }, signal)
}
