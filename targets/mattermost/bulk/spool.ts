import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'

const CHUNK = 1 << 20

/** Lines kept in a file until their turn comes. Not opened before the first line. */
export class LineSpool implements Disposable {
  readonly #path: string
  #file: number | undefined
  #waiting: string[] = []
  #length = 0
  lines = 0
  constructor(path: string) {
    this.#path = path
  }
  add(line: string): void {
    this.#waiting.push(line, '\n')
    this.#length += line.length
    this.lines++
    if (this.#length > CHUNK) this.flush()
  }
  /** Everything added so far can be read by others afterwards. */
  flush(): void {
    if (this.#waiting.length === 0) return
    this.#file ??= openSync(this.#path, 'w', 0o600)
    const bytes = Buffer.from(this.#waiting.join(''))
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at)
    this.#waiting = []
    this.#length = 0
  }
  /** What was added, in that order. Nothing may be added afterwards. */
  async *read(): AsyncGenerator<Uint8Array> {
    this.flush()
    this[Symbol.dispose]()
    if (this.lines > 0) for await (const chunk of createReadStream(this.#path, { highWaterMark: CHUNK })) yield chunk as Uint8Array
  }
  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}
