import { Fault } from '../fault.ts'

const BLOCK = 512
/** 8 GiB and more do not fit the octal field of ustar; entries stay far below (files are split at 1 GiB). */
const zeros = Buffer.alloc(BLOCK)

export const padding = (size: number): Buffer => zeros.subarray(0, (BLOCK - (size % BLOCK)) % BLOCK)
/** Two blocks of zeros end a tar stream. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * BLOCK)

/** What is the same in every header: modes, owner, the blanks that stand for the checksum while it is summed up, the magic. */
const template = Buffer.alloc(BLOCK)
template.write('0000644\u00000000000\u00000000000\0', 100, 'latin1')
template.write('        ', 148, 'latin1')
template.write('ustar\u000000', 257, 'latin1')
const sumOf = (bytes: Uint8Array, from: number, to: number): number => {
  let sum = 0
  for (let at = from; at < to; at++) sum += bytes[at] ?? 0
  return sum
}
const templateSum = sumOf(template, 0, BLOCK)

function block(name: string, size: number, type: '0' | 'x', mtimeS: number): Buffer {
  const header = Buffer.from(template)
  const end = header.write(name, 0, 100, 'utf8')
  header.write(`${size.toString(8).padStart(11, '0')}\0${Math.max(0, mtimeS).toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  header.write(type, 156, 'latin1')
  const sum = templateSum + sumOf(header, 0, end) + sumOf(header, 124, 148) + sumOf(header, 156, 157)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

/** The header of one file: plain ustar for short ASCII paths, a pax header before it for all others. `path` is relative and safe already. */
export function tarHeader(path: string, size: number, mtimeS: number): Buffer {
  const bytes = Buffer.from(path)
  if (bytes.length <= 100 && bytes.length === path.length) return block(path, size, '0', mtimeS)
  const body = Buffer.concat([Buffer.from(' path='), bytes, Buffer.from('\n')])
  let length = body.length + 1
  while (String(length).length + body.length !== length) length = String(length).length + body.length
  const record = Buffer.concat([Buffer.from(String(length)), body])
  const plain = bytes
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '_')
    .slice(-100)
  return Buffer.concat([block('pax', record.length, 'x', mtimeS), record, padding(record.length), block(plain, size, '0', mtimeS)])
}

/** What a tar stream holds: the start of a file (`at`: where its bytes begin in the stream), then its bytes piece by piece, then its end. */
export type TarEvent =
  | { readonly type: 'file'; readonly path: string; readonly size: number; readonly at: number }
  | { readonly type: 'bytes'; readonly bytes: Buffer }
  | { readonly type: 'end' }

/** `bytes` are at most one block. */
const isZero = (bytes: Buffer): boolean => bytes.equals(zeros.subarray(0, bytes.length))
const broken = (why: string): Fault => new Fault({ code: 'corrupt', what: 'A pack is no whole tar archive', why })

/** Reads the tar archives this vault writes (ustar files, pax paths). @throws Fault `corrupt` */
export class TarReader {
  #held: Buffer = Buffer.alloc(0)
  #left = 0
  #skip = 0
  #paxLeft = 0
  #pax: string | undefined
  #ended = 0
  #offset = 0
  /** @throws Fault `corrupt` when the archive does not end here */
  finish(): void {
    if (this.#left > 0 || this.#held.length > 0 || this.#ended !== 2) throw broken('it is cut')
  }
  /** What further bytes mean; pieces point into `piece`. */
  *push(piece: Buffer): Generator<TarEvent> {
    let bytes = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece])
    for (;;) {
      if (this.#left > 0) {
        const take = bytes.subarray(0, this.#left)
        if (take.length === 0) break
        this.#left -= take.length
        this.#offset += take.length
        bytes = bytes.subarray(take.length)
        yield { type: 'bytes', bytes: take }
        if (this.#left === 0) yield { type: 'end' }
        continue
      }
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, bytes.length)
        if (!isZero(bytes.subarray(0, skipped))) throw broken('there is something between its files')
        this.#skip -= skipped
        this.#offset += skipped
        bytes = bytes.subarray(skipped)
        if (this.#skip > 0) break
      }
      const need = this.#paxLeft > 0 ? this.#paxLeft + padding(this.#paxLeft).length : BLOCK
      if (bytes.length < need) break
      const unit = bytes.subarray(0, need)
      bytes = bytes.subarray(need)
      this.#offset += need
      if (this.#paxLeft > 0) {
        this.#pax = /^\d+ path=([^\n]*)\n$/.exec(unit.toString('utf8', 0, this.#paxLeft))?.[1]
        if (this.#pax === undefined) throw broken('a pax header cannot be read')
        this.#paxLeft = 0
      } else yield* this.#header(unit)
    }
    this.#held = Buffer.from(bytes)
  }
  *#header(unit: Buffer): Generator<TarEvent> {
    if (this.#ended > 0 || isZero(unit)) {
      if (++this.#ended > 2 || !isZero(unit)) throw broken('there is something after its end')
      return
    }
    const stored = Number.parseInt(unit.toString('latin1', 148, 154), 8)
    if (sumOf(unit, 0, 148) + sumOf(unit, 156, BLOCK) + 8 * 32 !== stored) throw broken('the checksum of a header is wrong')
    const size = Number.parseInt(unit.toString('latin1', 124, 135), 8)
    const type = unit.toString('latin1', 156, 157)
    if (type === 'x') {
      this.#paxLeft = size
      return
    }
    if (type !== '0') throw broken('it holds something other than files')
    const nul = unit.indexOf(0)
    const name = unit.toString('utf8', 0, nul < 0 ? 100 : Math.min(nul, 100))
    this.#left = size
    this.#skip = padding(size).length
    yield { type: 'file', path: this.#pax ?? name, size, at: this.#offset }
    this.#pax = undefined
    if (size === 0) yield { type: 'end' }
  }
}
