import { each } from '../each.ts'

/**
 * Splits bytes at a separator, which is not part of a record; what stands behind the last one is a record unless it is empty.
 * In batches, because a listing may have a million. Records are views of the chunk: copy what is kept.
 */
export async function* recordBatches(chunks: AsyncIterable<Buffer>, separator: number): AsyncGenerator<readonly Buffer[]> {
  let rest: Buffer[] = []
  for await (const chunk of chunks) {
    const batch: Buffer[] = []
    let from = 0
    for (let at = chunk.indexOf(separator); at !== -1; at = chunk.indexOf(separator, from)) {
      const part = chunk.subarray(from, at)
      batch.push(rest.length === 0 ? part : Buffer.concat([...rest, part]))
      rest = []
      from = at + 1
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
    if (batch.length > 0) yield batch
  }
  if (rest.length > 0) yield [Buffer.concat(rest)]
}

/** Records one by one: lines by default, or what `-z` separates with 0. */
export const records = (chunks: AsyncIterable<Buffer>, separator = 0x0a): AsyncIterableIterator<Buffer> =>
  each(recordBatches(chunks, separator))
