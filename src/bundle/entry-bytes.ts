import { readSync } from 'node:fs'
import { crc32, inflateRawSync } from 'node:zlib'
import { Fault } from '../fault.ts'
import type { ZipEntry } from './unzip.ts'

/** What `inflateRawSync` gets as its unit of output at most. */
const chunk = 8 * 2 ** 20
/** Anything smaller would be a piece of a buffer that Node shares out, and could not be given back by itself. */
const ownBuffer = Buffer.poolSize >>> 1
export const localHeader = 30
/** Extra fields of a local header are seldom longer. */
const extraGuess = 64

export const corrupt = (what: string, why: string, cause?: unknown): Fault =>
  new Fault({ code: 'corrupt', what, why, remedy: 'Get the file again from where it came from', cause })
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200) : 'unknown error'

/** Packed bytes on their way to being unpacked: a buffer for each of a hundred thousand entries would wait for the garbage collector. */
const scratch = new Uint8Array(64 * 1024)

/**
 * An entry of the archive open as `fd`, verified, header and bytes in one go and without a detour through the event loop, which would cost ten
 * times the reading: archives of chats are made of a hundred thousand such entries.
 * @throws Fault `corrupt`
 */
export function entryBytes(fd: number, path: string, entry: ZipEntry): Uint8Array {
  const wanted = localHeader + Buffer.byteLength(entry.name) + extraGuess + entry.packed
  // What is stored as it is would be handed out, and must not be written over by the next.
  const guess = entry.stored || wanted > scratch.length ? new Uint8Array(wanted) : scratch.subarray(0, wanted)
  const have = readSync(fd, guess, 0, guess.length, entry.at)
  const start = afterHeader(guess.subarray(0, Math.min(have, localHeader)), path)
  if (start + entry.packed <= have) return unpacked(guess.subarray(start, start + entry.packed), path, entry)
  const packed = new Uint8Array(entry.packed)
  if (readSync(fd, packed, 0, packed.length, entry.at + start) < packed.length)
    throw corrupt(`The archive ${path} ends too early`, 'bytes are missing')
  return unpacked(packed, path, entry)
}

/** How far behind the beginning of its local header the bytes of an entry are: the header repeats name and extra fields, with lengths of its own. */
export function afterHeader(bytes: Uint8Array, path: string): number {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (header.length < localHeader || header.readUInt32LE(0) !== 0x04034b50)
    throw corrupt(`An entry of ${path} is not where it should be`, 'no local header')
  return localHeader + header.readUInt16LE(26) + header.readUInt16LE(28)
}

/** What an entry holds, from its bytes in the archive, in a buffer of its own. @throws Fault `corrupt` if size or checksum are not what the archive says */
export function unpacked(packed: Uint8Array, path: string, entry: ZipEntry): Uint8Array {
  const bytes = entry.stored ? packed : inflated(packed, path, entry)
  if (bytes.byteLength !== entry.bytes)
    throw corrupt(`An entry of ${path} has another size than it says`, `${bytes.byteLength} bytes, not ${entry.bytes}`)
  verify(path, entry, crc32(bytes))
  return bytes
}

function inflated(packed: Uint8Array, path: string, entry: ZipEntry): Uint8Array {
  if (entry.bytes === 0) return new Uint8Array(0)
  try {
    // One byte more than there is: of a buffer that is exactly full nobody knows that it was the last, and another is made.
    return inflateRawSync(packed, { chunkSize: Math.min(Math.max(ownBuffer, entry.bytes + 1), chunk), maxOutputLength: entry.bytes })
  } catch (error) {
    throw corrupt(`An entry of ${path} cannot be unpacked`, messageOf(error), error)
  }
}

export function verify(path: string, entry: ZipEntry, sum: number): void {
  if (sum !== entry.crc32) throw corrupt(`An entry of ${path} is damaged`, 'its checksum differs')
}
