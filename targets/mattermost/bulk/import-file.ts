import type { BlobReader, Stated } from '../../../src/contract/target.ts'
import type { MattermostOperation } from '../map/operations.ts'
import { composeImportZip } from './bundle.ts'
import { ComposeThread } from './compose-thread.ts'
import { type FileOptions, optionsOf } from './file-options.ts'

/** So many operations are composed on the calling thread; for more, another one is worth its start. */
const FEW = 2000

/**
 * An import zip for a server that nobody asks: everything is new. A large one is composed, checked and written on another thread, while the
 * calling one makes the operations and reads the files; the bytes are the same.
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
  await using thread = new ComposeThread(path, options, blobs, progress)
  await thread.write(chained(first.splice(0), next.value, all), signal)
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
