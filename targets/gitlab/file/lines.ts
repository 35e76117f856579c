import { closeSync, openSync, writeSync } from 'node:fs'
import type { JsonObject } from '../../../src/contract/json.ts'

const CHUNK = 1 << 20
/** Longest line GitLab reads: `NdjsonReader::MAX_JSON_DOCUMENT_SIZE`, with room for what counts differently (read 2026-11-25). */
export const MOST_LINE_BYTES = 50 * 1024 * 1024 - 1024

/** Records of one relation, written to a file one line each. Not there before the first record. */
export class RelationFile implements Disposable {
  readonly path: string
  readonly #limit: number
  #file: number | undefined
  #waiting: string[] = []
  #length = 0
  bytes = 0
  constructor(path: string, limit = MOST_LINE_BYTES) {
    this.path = path
    this.#limit = limit
  }
  /** False if the line would be longer than GitLab reads: then nothing is written. */
  add(record: JsonObject): boolean {
    const line = `${JSON.stringify(record)}\n`
    // A letter of JavaScript is three bytes at most, and one at least.
    if (line.length > this.#limit || (line.length * 3 > this.#limit && Buffer.byteLength(line) > this.#limit)) return false
    this.#waiting.push(line)
    this.#length += line.length
    if (this.#length > CHUNK) this.flush()
    return true
  }
  flush(): void {
    if (this.#waiting.length === 0) return
    this.#file ??= openSync(this.path, 'w', 0o600)
    const bytes = Buffer.from(this.#waiting.join(''))
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at)
    this.bytes += bytes.length
    this.#waiting = []
    this.#length = 0
  }
  [Symbol.dispose](): void {
    this.flush()
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}
