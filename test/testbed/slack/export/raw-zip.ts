import { open, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'

const deflate = promisify(deflateRaw)

export interface RawEntry {
  /** Goes into the archive as it is: no library's good manners in between. */
  readonly name: string
  readonly content: Uint8Array
  readonly level?: number
  /** Unix mode; a symbolic link is 0o120777. */
  readonly mode?: number
  /** What the headers claim, when that is to be a lie. */
  readonly claimedBytes?: number
}

const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 }
/** 1980-01-01, the first moment a zip can tell: the same bytes on every run. */
const DOS_DATE = 0x0021
const UTF8_NAMES = 0x0800

/** Writes entries one after the other, compressing a few ahead on the thread pool. Holds no more than those in memory. */
export class RawZip implements AsyncDisposable {
  readonly #file: FileHandle
  readonly #pending: Promise<{ entry: RawEntry; packed: Uint8Array; crc: number }>[] = []
  readonly #directory: Buffer[] = []
  #chunks: Uint8Array[] = []
  #buffered = 0
  #offset = 0
  /** Bytes before compression. */
  rawBytes = 0
  private constructor(file: FileHandle) {
    this.#file = file
  }
  static async create(path: string): Promise<RawZip> {
    return new RawZip(await open(path, 'w'))
  }
  async add(entry: RawEntry): Promise<void> {
    this.rawBytes += entry.content.byteLength
    this.#pending.push(deflate(entry.content, { level: entry.level ?? 6 }).then((packed) => ({ entry, packed, crc: crc32(entry.content) })))
    if (this.#pending.length > 8) await this.#writeOldest()
  }
  /** Writes the directory. Without it the archive is torn. */
  async finish(): Promise<void> {
    while (this.#pending.length > 0) await this.#writeOldest()
    const start = this.#offset
    const size = this.#directory.reduce((sum, { byteLength }) => sum + byteLength, 0)
    const count = this.#directory.length
    await this.#write(...this.#directory)
    if (count >= 0xffff || start >= 0xffff_ffff) await this.#write(end64(count, size, start), locator64(start + size))
    await this.#write(end(Math.min(count, 0xffff), size, Math.min(start, 0xffff_ffff)))
    await this.#flush()
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#pending)
    await this.#file.close()
  }

  async #writeOldest(): Promise<void> {
    const done = await this.#pending.shift()
    if (done === undefined) return
    const { entry, packed, crc } = done
    const name = Buffer.from(entry.name, 'utf8')
    const bytes = entry.claimedBytes ?? entry.content.byteLength
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(UTF8_NAMES, 2)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt16LE(DOS_DATE, 8)
    shared.writeUInt32LE(crc, 10)
    shared.writeUInt32LE(packed.byteLength, 14)
    shared.writeUInt32LE(bytes, 18)
    shared.writeUInt16LE(name.byteLength, 22)
    this.#directory.push(central(shared, entry.mode ?? 0o100644, this.#offset, name))
    await this.#write(word(SIGNATURE.local), shared, name, packed)
  }
  async #write(...parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) {
      this.#chunks.push(part)
      this.#buffered += part.byteLength
      this.#offset += part.byteLength
    }
    if (this.#buffered > 4_194_304) await this.#flush()
  }
  async #flush(): Promise<void> {
    const chunks = this.#chunks
    this.#chunks = []
    this.#buffered = 0
    if (chunks.length > 0) await this.#file.write(Buffer.concat(chunks))
  }
}

function word(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}

function central(shared: Buffer, mode: number, offset: number, name: Buffer): Buffer {
  const made = Buffer.alloc(2)
  made.writeUInt16LE(0x0314)
  const tail = Buffer.alloc(14)
  tail.writeUInt32LE(mode * 0x10000, 6)
  tail.writeUInt32LE(offset, 10)
  return Buffer.concat([word(SIGNATURE.central), made, shared, tail, name])
}

function end(count: number, size: number, start: number): Buffer {
  const buffer = Buffer.alloc(22)
  buffer.writeUInt32LE(SIGNATURE.end, 0)
  buffer.writeUInt16LE(count, 8)
  buffer.writeUInt16LE(count, 10)
  buffer.writeUInt32LE(size, 12)
  buffer.writeUInt32LE(start, 16)
  return buffer
}

function end64(count: number, size: number, start: number): Buffer {
  const buffer = Buffer.alloc(56)
  buffer.writeUInt32LE(SIGNATURE.end64, 0)
  buffer.writeBigUInt64LE(44n, 4)
  buffer.writeUInt16LE(45, 12)
  buffer.writeUInt16LE(45, 14)
  for (const [at, value] of [
    [24, count],
    [32, count],
    [40, size],
    [48, start],
  ] as const)
    buffer.writeBigUInt64LE(BigInt(value), at)
  return buffer
}

function locator64(end64At: number): Buffer {
  const buffer = Buffer.alloc(20)
  buffer.writeUInt32LE(SIGNATURE.locator64, 0)
  buffer.writeBigUInt64LE(BigInt(end64At), 8)
  buffer.writeUInt32LE(1, 16)
  return buffer
}
