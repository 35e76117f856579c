import { createWriteStream } from 'node:fs'
import type { WriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { Loss } from '../contract/fidelity.ts'
import type { LossCount } from './api.ts'

/** Counts losses by what they are; the list itself goes to a file. */
export class LossTally {
  readonly #counts = new Map<string, { -readonly [K in keyof LossCount]: LossCount[K] }>()
  #total = 0

  add({ item, stage, code, effect }: Loss): void {
    const kind = item.slice(0, item.indexOf('/'))
    const field = effect.type === 'dropped' ? undefined : effect.field
    const key = [stage, code, effect.type, field, kind].join('\n')
    const known = this.#counts.get(key)
    this.#total++
    if (known === undefined) this.#counts.set(key, { stage, code, effect: effect.type, field, kind, count: 1 })
    else known.count++
  }
  get total(): number {
    return this.#total
  }
  /** Most frequent first. */
  get counts(): readonly LossCount[] {
    return [...this.#counts.values()].toSorted((a, b) => b.count - a.count)
  }
}

/** One JSON value a line, complete: what a report shortens stands here in full. Readable by its owner only. */
export class LineFile implements AsyncDisposable {
  readonly #stream: WriteStream
  #lines = 0
  constructor(path: string) {
    this.#stream = createWriteStream(path, { mode: 0o600 })
    // A full disk shows itself when the file is closed; without a listener it would end the program in the middle of an import.
    this.#stream.on('error', () => {})
  }
  add(value: object): void {
    this.#lines++
    this.#stream.write(`${JSON.stringify(value)}\n`)
  }
  get lines(): number {
    return this.#lines
  }
  /** Waits until the disk keeps up. */
  async drained(): Promise<void> {
    if (this.#stream.writableNeedDrain && !this.#stream.errored) await once(this.#stream, 'drain')
  }
  /** @throws what the disk said, if it said anything */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.end()
    await finished(this.#stream)
  }
}
