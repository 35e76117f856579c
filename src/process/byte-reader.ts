import { Fault } from '../fault.ts'

/** Reads a stream of bytes by lines and by counts, in one pass. It holds one chunk and what a caller asked for, no more. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>
  #chunk: Buffer = Buffer.alloc(0)
  #at = 0
  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /**
   * The bytes up to the separator, without it; undefined at the end of the stream. What stands behind the last separator counts as a line.
   * Of a line longer than `most` bytes only its beginning is given; the rest is read over.
   */
  async line(separator = 0x0a, most = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
    const parts: Buffer[] = []
    let bytes = 0
    let any = false
    while (await this.#more()) {
      any = true
      const end = this.#chunk.indexOf(separator, this.#at)
      const part = this.#chunk.subarray(this.#at, end === -1 ? undefined : end)
      if (bytes < most) parts.push(part.subarray(0, most - bytes))
      bytes += part.length
      this.#at += part.length + (end === -1 ? 0 : 1)
      if (end !== -1) break
    }
    const [only] = parts
    if (!any) return undefined
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
  }

  /** The line that is already here whole, or undefined: asking without waiting is many times cheaper, and there are millions. */
  lineAtHand(separator = 0x0a): Buffer | undefined {
    const end = this.#chunk.indexOf(separator, this.#at)
    if (end === -1) return undefined
    const line = this.#chunk.subarray(this.#at, end)
    this.#at = end + 1
    return line
  }

  /** The next byte, not taken; undefined at the end of the stream. */
  async peek(): Promise<number | undefined> {
    return (await this.#more()) ? this.#chunk[this.#at] : undefined
  }

  /** Exactly so many bytes, of which the first `most` are given. @throws Fault `corrupt` if the stream ends before */
  async take(bytes: number, most = bytes): Promise<Buffer> {
    const parts: Buffer[] = []
    for (let left = bytes; left > 0;) {
      if (!(await this.#more())) throw new Fault({ code: 'corrupt', what: 'git broke off', why: `${left} of ${bytes} bytes are missing` })
      const part = this.#chunk.subarray(this.#at, this.#at + left)
      const room = most - (bytes - left)
      if (room > 0) parts.push(part.subarray(0, room))
      this.#at += part.length
      left -= part.length
    }
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async #more(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const next = await this.#chunks.next()
      if (next.done === true) return false
      this.#chunk = next.value
      this.#at = 0
    }
    return true
  }
}
