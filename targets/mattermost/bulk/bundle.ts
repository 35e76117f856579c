import type { BlobRef } from '../../../src/contract/item.ts'
import type { BlobReader, Stated } from '../../../src/contract/target.ts'
import { type ZipEntry, writeZip } from '../../../src/bundle/zip.ts'
import type { MattermostOperation } from '../map/operations.ts'
import { Composer } from './compose.ts'
import type { ComposeOptions } from './compose-options.ts'
import { IMPORT_FILE } from './layout.ts'

/**
 * Writes a complete import zip: the lines, then every file they name, stored as it is. Needs no server.
 * Equal operations give equal bytes.
 * @throws Fault `rejected` if a line would not pass; Fault `corrupt` if a blob is not what its name says
 */
export async function composeImportZip(
  path: string,
  ops: AsyncIterable<Stated<MattermostOperation>>,
  blobs: BlobReader,
  options: ComposeOptions,
  signal: AbortSignal,
): Promise<{ readonly composer: Composer; readonly bytes: number }> {
  const composer = new Composer(options)
  const lines = composer.lines(ops, signal)
  const written = await writeZip(
    path,
    entries(lines, () => composer.files, blobs),
    signal,
  )
  return { composer, bytes: written.bytes }
}

async function* entries(
  lines: AsyncIterable<Uint8Array>,
  files: () => Iterable<readonly [string, BlobRef]>,
  blobs: BlobReader,
): AsyncGenerator<ZipEntry> {
  yield { name: IMPORT_FILE, deflate: true, open: () => Promise.resolve(lines) }
  // Its folder is expected even when no file was attached.
  for (const [file, blob] of [...files()].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    yield { name: `data/${file}`, deflate: false, open: (signal) => blobs.open(blob, signal) }
}
