import { decrypting, openHeader, type Opened, openRange, sealedRange } from './age.ts'
import type { Driver } from './driver.ts'
import { Fault } from '../fault.ts'
import { FRAME_LIMIT } from './frame-pool.ts'
import { unframing } from './zstd.ts'

/** The content of an object, frame by frame. @throws Fault `wrong-key`, `corrupt`, `gone` */
export async function* unsealing(driver: Driver, name: string, identities: readonly string[], signal: AbortSignal): AsyncGenerator<Buffer> {
  yield* unframing(decrypting(driver.get(name, undefined, signal), identities), FRAME_LIMIT)
}

/** Lines of bytes, without their ends. */
export async function* linesOf(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of source) {
    const last = piece.lastIndexOf(10)
    if (last < 0) {
      rest = Buffer.concat([rest, piece])
      continue
    }
    const whole = Buffer.concat([rest, piece.subarray(0, last)])
    rest = Buffer.from(piece.subarray(last + 1))
    for (let at = 0; at <= whole.length;) {
      const end = whole.indexOf(10, at)
      const line = whole.toString('utf8', at, end < 0 ? whole.length : end)
      if (line !== '') yield line
      at = end < 0 ? whole.length + 1 : end + 1
    }
  }
  if (rest.length > 0) throw new Fault({ code: 'corrupt', what: 'A file of lines is cut in the middle of one' })
}

/** One object opened for reading pieces of its compressed stream. */
export class SealedReader {
  readonly #driver: Driver
  readonly #name: string
  readonly #size: number
  readonly #opened: Opened
  private constructor(driver: Driver, name: string, size: number, opened: Opened) {
    this.#driver = driver
    this.#name = name
    this.#size = size
    this.#opened = opened
  }
  /** @throws Fault `gone`, `wrong-key`, `corrupt` */
  static async open(driver: Driver, name: string, identities: readonly string[], signal: AbortSignal): Promise<SealedReader> {
    const found = await driver.head(name)
    if (found === undefined)
      throw new Fault({
        code: 'gone',
        what: `The vault has no file ${name}`,
        remedy: 'Run verify to see what else is missing, and restore the file from a second copy of the vault',
      })
    for (let length = 4096; ; length *= 8) {
      const parts: Buffer[] = []
      for await (const part of driver.get(name, { offset: 0, length }, signal)) parts.push(part)
      const opened = openHeader(Buffer.concat(parts), identities)
      if (opened !== undefined) return new SealedReader(driver, name, found.size, opened)
      if (length > found.size) throw new Fault({ code: 'corrupt', what: `The file ${name} is cut` })
    }
  }
  /** A short range of the compressed stream; nobody else uses the buffer it lies in. */
  async bytes(start: number, length: number, signal: AbortSignal): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.range(start, length, signal)) parts.push(part)
    return joined(parts)
  }
  /** A range of the compressed stream, a megabyte at a time. */
  async *range(start: number, length: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    for (let at = start; at < start + length;) {
      const step = Math.min(1 << 20, start + length - at)
      const { first, offset, length: sealedLength } = sealedRange(this.#opened, this.#size, at, step)
      const sealed: Buffer[] = []
      for await (const part of this.#driver.get(this.#name, { offset, length: sealedLength }, signal)) sealed.push(part)
      const plain = openRange(this.#opened, this.#size, joined(sealed), first)
      const skip = at - first * 65_536
      yield plain.subarray(skip, skip + step)
      at += step
    }
  }
}

/** Mostly a range comes as one piece, which need not be copied. */
const joined = (parts: readonly Buffer[]): Buffer => (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts))
