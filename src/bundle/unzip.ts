import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, validateFileName, type ZipFile } from 'yauzl'
import { Fault } from '../fault.ts'
import { releaseBuffer } from '../release.ts'
import { BlockReader } from './block-reader.ts'
import { afterHeader, corrupt, entryBytes, localHeader, messageOf, unpacked, verify } from './entry-bytes.ts'

/** What an archive may claim of itself before it is taken for an attack. Bytes unless said otherwise. */
export interface ZipLimits {
  readonly entries: number
  readonly entryBytes: number
  readonly totalBytes: number
  /** How many times its packed size an entry above 16 MiB may have. Deflate itself cannot do more than 1,032. */
  readonly ratio: number
}
export const zipLimits: ZipLimits = { entries: 4_000_000, entryBytes: 64 * 2 ** 30, totalBytes: 4 * 2 ** 40, ratio: 400 }

/** A file in an archive. `name` is relative, with `/`, without `..`, and holds no control characters. */
export interface ZipEntry {
  readonly name: string
  readonly bytes: number
  readonly packed: number
  readonly crc32: number
  readonly stored: boolean
  readonly at: number
}
/** An entry that is not read, and why. `name` is as it stands in the archive: hostile. */
export interface RefusedEntry {
  readonly name: string
  readonly why: string
}

const small = 8 * 2 ** 20
/** Entries up to here are read in one go. */
const atOnce = 256 * 1024

/**
 * An archive that is read where it lies: entries come one at a time and are never whole in memory unless asked for.
 * Nothing is ever written to a path that an archive names. Sizes and checksums are verified while bytes flow.
 */
export class Unzip implements AsyncDisposable {
  readonly entries: ReadonlyMap<string, ZipEntry>
  readonly refused: readonly RefusedEntry[]
  /** Equal for equal archives: size of the file and a hash over its central directory. */
  readonly identity: string
  readonly #zip: ZipFile
  readonly #file: FileHandle
  readonly #path: string

  private constructor(path: string, zip: ZipFile, file: FileHandle, read: Contents) {
    this.#path = path
    this.#zip = zip
    this.#file = file
    this.entries = read.entries
    this.refused = read.refused
    this.identity = `${zip.fileSize}-${read.hash}`
  }

  /** @throws Fault `config` if there is no such file, `corrupt` if it is no zip, cut short, or claims what only an attack would. */
  static async open(path: string, signal: AbortSignal, limits: ZipLimits = zipLimits): Promise<Unzip> {
    signal.throwIfAborted()
    const file = await opened(path)
    try {
      const zip = await directoryOf(file, path)
      return new Unzip(path, zip, file, await contents(zip, path, limits, signal))
    } catch (error) {
      await file.close()
      throw error instanceof Fault || signal.aborted ? error : corrupt(`The archive ${path} cannot be read`, messageOf(error), error)
    }
  }

  /** The bytes of an entry, as a stream. @throws Fault `corrupt` while reading, if they are not what the archive says. */
  async *stream(entry: ZipEntry, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (entry.packed <= small && entry.bytes <= small) {
      yield await this.read(entry, signal)
      return
    }
    let sum = 0
    try {
      const bytes = await this.#readable(await this.#dataStart(entry), entry)
      const stop = (): void => void bytes.destroy(signal.reason instanceof Error ? signal.reason : undefined)
      signal.addEventListener('abort', stop, { once: true })
      try {
        for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
          signal.throwIfAborted()
          sum = crc32(chunk, sum)
          yield chunk
        }
      } finally {
        signal.removeEventListener('abort', stop)
        bytes.destroy()
      }
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof Fault ? error : corrupt(`An entry of ${this.#path} cannot be read`, messageOf(error), error)
    }
    verify(this.#path, entry, sum)
  }

  /** An entry as a whole, for what is known to be small. @throws Fault `corrupt` */
  async read(entry: ZipEntry, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted()
    if (entry.packed <= atOnce) return entryBytes(this.#file.fd, this.#path, entry)
    return unpacked(await this.#bytes(await this.#dataStart(entry), entry.packed), this.#path, entry)
  }

  /** What `use` makes of the bytes of an entry that is known to be small. They are gone when it is done. @throws Fault `corrupt` */
  async using<T>(entry: ZipEntry, use: (bytes: Uint8Array) => T | Promise<T>, signal: AbortSignal): Promise<T> {
    const bytes = await this.read(entry, signal)
    try {
      return await use(bytes)
    } finally {
      releaseBuffer(bytes)
    }
  }

  // The promise version of this method calls another one in yauzl 3.4.0.
  #readable(start: number, { packed, stored, bytes }: ZipEntry): Promise<Readable> {
    return new Promise((resolve, reject) => {
      this.#zip.openReadStreamLowLevel(start, packed, 0, packed, !stored, bytes, (error, stream) =>
        error === null ? resolve(stream) : reject(error),
      )
    })
  }

  async #dataStart(entry: ZipEntry): Promise<number> {
    return entry.at + afterHeader(await this.#bytes(entry.at, localHeader), this.#path)
  }

  async #bytes(at: number, length: number): Promise<Uint8Array> {
    const into = new Uint8Array(length)
    let have = 0
    while (have < length) {
      const { bytesRead } = await this.#file.read(into, have, length - have, at + have)
      if (bytesRead === 0) throw corrupt(`The archive ${this.#path} ends too early`, `${length - have} bytes are missing`)
      have += bytesRead
    }
    return into
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#zip.close()
    await this.#file.close()
  }
}

async function opened(path: string): Promise<FileHandle> {
  const refused = (why: string, cause?: unknown) =>
    new Fault({ code: 'config', what: `Cannot open the archive ${path}`, why, remedy: 'Check the path and its permissions', cause })
  const file = await open(path, 'r').catch((error: unknown) => {
    throw refused(error instanceof Error && 'code' in error ? String(error.code) : messageOf(error), error)
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw refused('it is no file')
}

async function directoryOf(file: FileHandle, path: string): Promise<ZipFile> {
  try {
    const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: true }
    return await fromRandomAccessReaderPromise(new BlockReader(file), (await file.stat()).size, options)
  } catch (error) {
    throw corrupt(`${path} is not a whole zip archive`, messageOf(error), error)
  }
}

interface Contents {
  readonly entries: ReadonlyMap<string, ZipEntry>
  readonly refused: readonly RefusedEntry[]
  readonly hash: string
}

async function contents(zip: ZipFile, path: string, limits: ZipLimits, signal: AbortSignal): Promise<Contents> {
  if (zip.entryCount > limits.entries) throw corrupt(`The archive ${path} claims ${zip.entryCount} entries`, `more than ${limits.entries}`)
  const entries = new Map<string, ZipEntry>()
  const refused: RefusedEntry[] = []
  const hash = createHash('sha256')
  let packed = 0
  let total = 0
  for await (const entry of zip.eachEntry()) {
    signal.throwIfAborted()
    const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
    hash.update(`${name}\0${entry.crc32} ${entry.compressedSize} ${entry.uncompressedSize} ${entry.relativeOffsetOfLocalHeader}\n`)
    packed += entry.compressedSize
    total += entry.uncompressedSize
    // Entries that share their bytes are how small archives claim to be large.
    if (packed > zip.fileSize) throw corrupt(`The archive ${path} claims more packed bytes than it has`, 'its entries overlap')
    if (total > limits.totalBytes)
      throw corrupt(`The archive ${path} claims to unpack to more than ${limits.totalBytes} bytes`, 'it looks like a zip bomb')
    if (name.endsWith('/')) continue
    const why = entries.has(name) ? 'a second entry of the same name' : reasonAgainst(entry, name, limits)
    if (why !== undefined) refused.push({ name, why })
    else
      entries.set(name, {
        name,
        bytes: entry.uncompressedSize,
        packed: entry.compressedSize,
        crc32: entry.crc32,
        stored: entry.compressionMethod === 0,
        at: entry.relativeOffsetOfLocalHeader,
      })
  }
  return { entries, refused, hash: hash.digest('hex').slice(0, 32) }
}

const symlink = 0o120_000

function reasonAgainst(entry: Entry, name: string, limits: ZipLimits): string | undefined {
  if (name === '' || name.length > 4096) return 'a name of impossible length'
  if (hasControl(name)) return 'control characters in its name'
  const unsafe = validateFileName(name)
  if (unsafe !== null) return 'a name that leads out of the archive'
  if (entry.isEncrypted()) return 'it is encrypted'
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return `compression method ${entry.compressionMethod}`
  if (((entry.externalFileAttributes >>> 16) & 0o170_000) === symlink) return 'it is a symbolic link'
  if (entry.uncompressedSize > limits.entryBytes) return 'it claims to be larger than allowed'
  if (entry.uncompressedSize > 16 * 2 ** 20 && entry.uncompressedSize > entry.compressedSize * limits.ratio)
    return 'it claims to unpack to many times its size'
  return undefined
}

function hasControl(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at)
    if (code < 32 || code === 127) return true
  }
  return false
}
