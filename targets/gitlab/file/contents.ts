import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { BlobReader } from '../../../src/contract/target.ts'
import { exportBundle } from '../../../src/git/export-bundle.ts'
import type { Repository } from '../../../src/git/repository.ts'
import type { TarEntry } from '../../../src/bundle/tar.ts'
import type { ComposeInput } from './composed.ts'
import { fileRef } from './history.ts'
import { lfsIn } from './lfs.ts'
import type { Relations } from './relations.ts'
import { formatFor } from './version.ts'

/** Everything in the file, in the order and under the names of GitLab's own (`Gitlab::ImportExport`, read 2026-11-25). */
export async function* contentsOf(
  input: ComposeInput,
  project: JsonObject,
  maxIids: JsonObject,
  relations: Relations,
  signal: AbortSignal,
): AsyncGenerator<TarEntry> {
  const { spool, workDir, version, blobs, repository, wiki } = input
  yield text('VERSION', formatFor(version))
  yield text('GITLAB_VERSION', version)
  yield text('max_iids.json', JSON.stringify(maxIids))
  yield text('tree/project.json', JSON.stringify(project))
  for (const { name, path, bytes } of relations.written()) yield fromDisk(`tree/project/${name}.ndjson`, path, bytes)
  yield* bundle('project.bundle', repository, join(workDir, 'project.bundle'), signal)
  yield* bundle('project.wiki.bundle', wiki, join(workDir, 'project.wiki.bundle'), signal)
  for (const { path, blob } of spool.uploads(input.project.project)) yield fromBlob(`uploads/${path}`, blob, blobs)
  for (const op of lfsIn(input)) yield fromBlob(`lfs-objects/${op.oid}`, op.blob, blobs)
}

function text(name: string, content: string): TarEntry {
  const bytes = Buffer.from(content)
  return { name, bytes: bytes.length, open: async () => bytes }
}
const fromDisk = (name: string, path: string, bytes: number): TarEntry => ({
  name,
  bytes,
  open: async () => createReadStream(path, { highWaterMark: 1 << 16 }),
})
const fromBlob = (name: string, blob: BlobRef, blobs: BlobReader): TarEntry => ({
  name,
  bytes: blob.bytes,
  open: (signal) => blobs.open(blob, signal),
})

/** A bundle's size stands before its bytes, so it must be on the disk first. A repository without refs has none. */
async function* bundle(name: string, repository: Repository | undefined, path: string, signal: AbortSignal): AsyncGenerator<TarEntry> {
  if (repository === undefined) return
  await pipeline(
    Readable.from(exportBundle(repository, { rename: fileRef }, signal), { objectMode: false }),
    createWriteStream(path, { mode: 0o600 }),
    {
      signal,
    },
  )
  const { size } = await stat(path)
  if (size > 0) yield fromDisk(name, path, size)
}
