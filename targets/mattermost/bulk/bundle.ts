import type { BlobRef } from '../../../src/contract/item.ts'
import type { BlobReader, Stated } from '../../../src/contract/target.ts'
import { type ZipEntry, writeZip } from '../../../src/bundle/zip.ts'
import type { MattermostOperation } from '../map/operations.ts'
import { Composer } from './compose.ts'
import type { ComposeOptions } from './compose-options.ts'
import { ComposeThread } from './compose-thread.ts'
import { type FileOptions, optionsOf } from './file-options.ts'
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

/** So many operations are composed on the calling thread; for more, another one is worth its start. */
const FEW = 2000

/**
 * The same for a server that nobody asks: everything is new. A large one is composed and checked on another thread, while the calling one makes
 * the operations; the bytes are the same.
 * @throws as `composeImportZip` does
 */
export async function composeImportFile(
  path: string,
  ops: AsyncIterable<MattermostOperation>,
  blobs: BlobReader,
  options: FileOptions,
  progress: (composed: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const all = ops[Symbol.asyncIterator]()
  const first: MattermostOperation[] = []
  let next = await all.next()
  for (; next.done !== true && first.length < FEW; next = await all.next()) first.push(next.value)
  if (next.done === true) {
    const { options: here, records } = optionsOf(options)
    await composeImportZip(path, asNew(first), blobs, here, signal)
    records?.flush()
    progress(records?.count ?? 0)
    return
  }
  await using thread = new ComposeThread(options, progress)
  const lines = thread.lines(chained(first.splice(0), next.value, all), signal)
  await writeZip(
    path,
    entries(lines, () => thread.files, blobs),
    signal,
  )
}

async function* asNew(ops: readonly MattermostOperation[]): AsyncGenerator<Stated<MattermostOperation>> {
  for (const op of ops) yield { state: 'new', op }
}
function chained<T>(first: readonly T[], second: T, rest: AsyncIterator<T>): AsyncIterableIterator<T> {
  let before: readonly T[] = [...first, second]
  let at = 0
  return {
    next: () => {
      if (at < before.length) return Promise.resolve({ done: false, value: before[at++] as T })
      before = []
      return rest.next()
    },
    return: async () => (await rest.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]() {
      return this
    },
  }
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
