import type { Hash } from 'node:crypto'

/** Takes the bytes of a literal that nobody wants to hold in memory. */
export interface Sink {
  write(chunk: Uint8Array): void
}
/** One response of the server: its text, cut where a literal stands in it. */
export type Piece = string | Buffer | Sink
export interface Receiver {
  /** Where a literal of so many bytes goes; undefined: into memory. `before`: the text in front of it. */
  sink(before: string, bytes: number): Sink | undefined
  line(pieces: readonly Piece[]): void
}

/** A sink that keeps nothing but a hash and a count. */
export class HashSink implements Sink {
  readonly hash: Hash
  bytes = 0
  constructor(hash: Hash) {
    this.hash = hash
  }
  write(chunk: Uint8Array): void {
    this.hash.update(chunk)
    this.bytes += chunk.length
  }
}

/** No server has reason to say more in one line; literals are counted apart. */
const LONGEST_LINE = 8 << 20
const LARGEST_LITERAL = 256 << 20
const MARK = /~?\{(\d{1,10})\}$/

interface Incoming {
  left: number
  readonly chunks: Buffer[]
  readonly sink: Sink | undefined
}

/** Cuts the bytes of a connection into responses (RFC 9051, section 4.3): lines, in which `{n}` at the end announces n bytes of anything. */
export class Lines {
  readonly #to: Receiver
  #rest: Buffer[] = []
  #restBytes = 0
  #pieces: Piece[] = []
  #literal: Incoming | undefined

  constructor(to: Receiver) {
    this.#to = to
  }

  /** @throws RangeError for a line or a literal beyond all reason */
  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#literal !== undefined) at = this.#inLiteral(chunk, at, this.#literal)
      else {
        const end = chunk.indexOf(10, at)
        if (end < 0) {
          this.#keep(chunk.subarray(at))
          return
        }
        const line = this.#restBytes === 0 ? chunk.subarray(at, end) : Buffer.concat([...this.#rest, chunk.subarray(at, end)])
        this.#rest = []
        this.#restBytes = 0
        at = end + 1
        this.#ended(line.at(-1) === 13 ? line.subarray(0, -1) : line)
      }
    }
  }

  #keep(bytes: Buffer): void {
    this.#restBytes += bytes.length
    if (this.#restBytes > LONGEST_LINE) throw new RangeError('a line of the server has no end')
    this.#rest.push(bytes)
  }

  #ended(line: Buffer): void {
    const text = line.toString('utf8')
    const mark = line.at(-1) === 125 ? MARK.exec(text) : null
    if (mark === null) {
      const pieces = [...this.#pieces, text]
      this.#pieces = []
      this.#to.line(pieces)
      return
    }
    const before = text.slice(0, mark.index)
    const bytes = Number(mark[1])
    const sink = this.#to.sink(before, bytes)
    if (sink === undefined && bytes > LARGEST_LITERAL) throw new RangeError(`a literal of ${bytes} bytes`)
    this.#pieces.push(before)
    this.#literal = { left: bytes, chunks: [], sink }
    if (bytes === 0) this.#literalEnded()
  }

  #inLiteral(chunk: Buffer, at: number, literal: Incoming): number {
    const end = Math.min(chunk.length, at + literal.left)
    const part = chunk.subarray(at, end)
    // A copy: the network's own buffer is much larger, and would live as long as this piece of it.
    if (literal.sink === undefined) literal.chunks.push(Buffer.from(part))
    else literal.sink.write(part)
    literal.left -= part.length
    if (literal.left === 0) this.#literalEnded()
    return end
  }

  #literalEnded(): void {
    const literal = this.#literal
    if (literal === undefined) return
    this.#pieces.push(
      literal.sink ?? (literal.chunks.length === 1 ? (literal.chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(literal.chunks)),
    )
    this.#literal = undefined
  }
}
