import type { BlobRef } from '../../../src/contract/item.ts'
import type { ApplyContext, BlobReader } from '../../../src/contract/target.ts'
import type { MailOperation } from '../map/operations.ts'
import { headerOf, looksOf, markOf, type Looks } from './mark.ts'
import type { Streamed } from './work.ts'

/** Mails beyond this are not held in memory: they go from the vault to the server as they are read. */
export const LARGE = 4 << 20
/** No header is longer; what claims to be is looked at by its bytes. */
const LONGEST_HEADER = 256 << 10

export interface Content {
  readonly content: Buffer | Streamed
  readonly looks: Looks
}

/** Reads a mail from the vault, or, if it is large, as much of it as tells what it is. */
export async function contentOf({ blob }: MailOperation, { blobs }: Pick<ApplyContext, 'blobs'>, signal: AbortSignal): Promise<Content> {
  if (blob.bytes <= LARGE) {
    const bytes = await heldBytes(blob, blobs, signal)
    return { content: bytes, looks: looksOf(bytes) }
  }
  const reader = (await blobs.open(blob, signal))[Symbol.asyncIterator]()
  const begun: Uint8Array[] = []
  let size = 0
  for (let header = Buffer.alloc(0); size < LONGEST_HEADER && headerOf(header).length === header.length; header = Buffer.concat(begun)) {
    const next = await reader.next()
    if (next.done === true) break
    begun.push(next.value)
    size += next.value.length
  }
  const header = headerOf(Buffer.concat(begun))
  let first: AsyncIterable<Uint8Array> | undefined = continued(begun, reader)
  const open = async (): Promise<AsyncIterable<Uint8Array>> => {
    const stream = first ?? (await blobs.open(blob, signal))
    first = undefined
    return stream
  }
  // Whether its line ends are as they should be is not known: it is looked at once it is there.
  return { content: { bytes: blob.bytes, open }, looks: { ...markOf(header, blob.bytes), others: [], irregular: true } }
}

async function heldBytes(blob: BlobRef, blobs: BlobReader, signal: AbortSignal): Promise<Buffer> {
  if (blobs.whole !== undefined) {
    const { buffer, byteOffset, byteLength } = await blobs.whole(blob, signal)
    return Buffer.from(buffer, byteOffset, byteLength)
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of await blobs.open(blob, signal)) chunks.push(chunk)
  // A copy, also of a single piece: it may be a corner of a much larger buffer.
  return Buffer.concat(chunks)
}

async function* continued(begun: readonly Uint8Array[], reader: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* begun
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) yield next.value
  } finally {
    await reader.return?.()
  }
}
