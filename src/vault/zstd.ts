import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { Fault } from '../fault.ts'
import { releaseBuffer } from '../release.ts'

/*
 * Only calls of node:zlib that take one whole frame are used: its streams stop after the first frame, add empty frames at `end`
 * and lose output with workers (nodejs/node#64741, #66078, #59899). What any of them makes is decompressed and compared before it counts.
 */

const MAGIC = 0xfd2fb528
const PARAMS = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 }
/** A buffer that is filled to its last byte makes zlib fetch another one. */
const SPARE = 64
const damaged = (why: string, cause?: unknown): Fault => new Fault({ code: 'corrupt', what: 'A zstd frame is damaged', why, cause })

/**
 * One frame with a checksum and its content size, decompressed again and compared before anybody relies on it.
 * @throws Fault `corrupt` when zlib made a bad frame.
 */
export function compressFrame(raw: Uint8Array): Buffer {
  const frame = zstdCompressSync(raw, {
    params: PARAMS,
    // Known beforehand, it spares the compressor half of its tables.
    pledgedSrcSize: raw.length,
    chunkSize: Math.max(4096, raw.length + (raw.length >>> 7) + 512),
  })
  if (frameLength(frame, 0) !== frame.length || Buffer.compare(decompressFrame(frame, raw.length), raw) !== 0)
    throw damaged('it does not decompress to what was compressed')
  return frame
}

/** Exactly one frame of at most `limit` bytes of content. @throws Fault `corrupt` */
export function decompressFrame(frame: Uint8Array, limit: number): Buffer {
  try {
    return zstdDecompressSync(frame, {
      rejectGarbageAfterEnd: true,
      maxOutputLength: Math.max(64, limit),
      chunkSize: Math.max(64, Math.min(contentSize(frame) ?? limit, limit) + SPARE),
    })
  } catch (cause) {
    throw damaged('it does not decompress', cause)
  }
}

/** Gives back the memory of what `decompressFrame` returned; nobody may look at it any more. A small one lies in a buffer shared with others, and stays. */
export function releaseFrame(raw: Buffer): void {
  if (raw.byteOffset === 0 && raw.buffer.byteLength <= raw.byteLength + SPARE) releaseBuffer(raw)
}

/** What the header of a frame says of its content, as a hint for buffers (RFC 8878, 3.1.1.1). */
function contentSize(frame: Uint8Array): number | undefined {
  const descriptor = frame[4] ?? 0
  const bytes = [(descriptor & 32) === 0 ? 0 : 1, 2, 4, 8][descriptor >>> 6] ?? 0
  const at = 5 + ((descriptor & 32) === 0 ? 1 : 0) + ([0, 1, 2, 4][descriptor & 3] ?? 0)
  if (bytes === 0 || frame.length < at + bytes) return undefined
  let size = 0
  for (let i = bytes - 1; i >= 0; i--) size = size * 256 + (frame[at + i] ?? 0)
  return bytes === 2 ? size + 256 : size
}

/**
 * Length of the frame that begins at `at`; undefined when its end is not in `bytes` yet (RFC 8878, 3.1.1).
 * @throws Fault `corrupt` when no frame begins there.
 */
export function frameLength(bytes: Buffer, at: number): number | undefined {
  if (bytes.length < at + 6) return undefined
  if (bytes.readUInt32LE(at) !== MAGIC) throw damaged('its magic number is wrong')
  const descriptor = bytes[at + 4] ?? 0
  const singleSegment = (descriptor & 32) !== 0
  const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  let next = at + 5 + (singleSegment ? 0 : 1) + dictionary + contentSize
  for (let last = false; !last;) {
    if (bytes.length < next + 3) return undefined
    const block = bytes.readUIntLE(next, 3)
    last = (block & 1) !== 0
    const type = (block >>> 1) & 3
    if (type === 3) throw damaged('it holds a block of a reserved type')
    next += 3 + (type === 1 ? 1 : block >>> 3)
  }
  next += (descriptor & 4) !== 0 ? 4 : 0
  return bytes.length < next ? undefined : next - at
}

/** One frame of a run: its content, and how many compressed bytes it took. */
export interface Unframed {
  readonly raw: Buffer
  readonly length: number
}

/** The frames of a run, one at a time. `limit`: no frame of ours holds more. @throws Fault `corrupt` */
export async function* framesIn(source: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Unframed> {
  let held: Buffer[] = []
  let size = 0
  let need = 6
  for await (const piece of source) {
    held.push(piece)
    size += piece.length
    if (size < need) continue
    const bytes = held.length === 1 ? piece : Buffer.concat(held)
    let at = 0
    for (let length = frameLength(bytes, at); length !== undefined; length = frameLength(bytes, at)) {
      yield { raw: decompressFrame(bytes.subarray(at, at + length), limit), length }
      at += length
    }
    held = at === bytes.length ? [] : [bytes.subarray(at)]
    size = bytes.length - at
    // Joined again only when it has grown by a good piece, or every chunk would copy the whole frame.
    need = size + Math.max(6, size >>> 1)
    if (size > limit + (limit >>> 4) + 65_536) throw damaged('it is larger than any this program writes')
  }
  yield* wholeFrames(Buffer.concat(held), limit)
}

/** The content of each of the frames that `bytes` consists of. @throws Fault `corrupt` */
export function* unframed(bytes: Buffer, limit: number): Generator<Buffer> {
  for (const { raw } of wholeFrames(bytes, limit)) yield raw
}
function* wholeFrames(bytes: Buffer, limit: number): Generator<Unframed> {
  for (let at = 0; at < bytes.length;) {
    const length = frameLength(bytes, at)
    if (length === undefined) throw damaged('it is cut')
    yield { raw: decompressFrame(bytes.subarray(at, at + length), limit), length }
    at += length
  }
}

/** The content of a run of frames. @throws Fault `corrupt` */
export async function* unframing(source: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  for await (const { raw } of framesIn(source, limit)) yield raw
}
