import { open, type FileHandle } from 'node:fs/promises'
import { crc32, deflateRawSync } from 'node:zlib'

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
/** No bytes, deflated. */
const NOTHING = Buffer.from([3, 0])

/** Writes entries one after the other and holds one MiB of them, besides the directory. */
export class RawZip implements AsyncDisposable {
  readonly #file: FileHandle
  readonly #directory: Buffer[] = []
  readonly #block = Buffer.allocUnsafe(1_048_576)
  #filled = 0
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
    const packed = entry.content.byteLength === 0 ? NOTHING : deflateRawSync(entry.content, { level: entry.level ?? 6 })
    const name = Buffer.from(entry.name, 'utf8')
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(UTF8_NAMES, 2)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt16LE(DOS_DATE, 8)
    shared.writeUInt32LE(crc32(entry.content), 10)
    shared.writeUInt32LE(packed.byteLength, 14)
    shared.writeUInt32LE(entry.claimedBytes ?? entry.content.byteLength, 18)
    shared.writeUInt16LE(name.byteLength, 22)
    this.#directory.push(central(shared, entry.mode ?? 0o100644, this.#offset, name))
    await this.#write(word(SIGNATURE.local), shared, name, packed)
  }
  /** Writes the directory. Without it the archive is torn. */
  async finish(): Promise<void> {
    const start = this.#offset
    const size = this.#directory.reduce((sum, { byteLength }) => sum + byteLength, 0)
    const count = this.#directory.length
    await this.#write(...this.#directory)
    if (count >= 0xffff || start >= 0xffff_ffff) await this.#write(end64(count, size, start), locator64(start + size))
    await this.#write(end(Math.min(count, 0xffff), size, Math.min(start, 0xffff_ffff)))
    await this.#flush()
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }

  async #write(...parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) {
      this.#offset += part.byteLength
      for (let from = 0; from < part.byteLength;) {
        if (this.#filled === this.#block.byteLength) await this.#flush()
        const piece = part.subarray(from, from + this.#block.byteLength - this.#filled)
        this.#block.set(piece, this.#filled)
        this.#filled += piece.byteLength
        from += piece.byteLength
      }
    }
  }
  async #flush(): Promise<void> {
    if (this.#filled > 0) await this.#file.write(this.#block, 0, this.#filled)
    this.#filled = 0
  }
}

function word(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}

/** In memory of its own: a piece of the shared pool would hold its whole slab, contents of entries included, until the end. */
function central(shared: Buffer, mode: number, offset: number, name: Buffer): Buffer {
  const record = Buffer.alloc(46 + name.byteLength)
  record.writeUInt32LE(SIGNATURE.central, 0)
  record.writeUInt16LE(0x0314, 4)
  record.set(shared, 6)
  record.writeUInt32LE(mode * 0x10000, 38)
  record.writeUInt32LE(offset, 42)
  record.set(name, 46)
  return record
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
