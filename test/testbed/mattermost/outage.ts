import { PowerCut } from './power-cut.ts'

/** The server going away, at once or in the middle of an import, and coming back with what it had stored. */
export class Outage {
  #down = false
  #afterLines = Number.POSITIVE_INFINITY

  get down(): boolean {
    return this.#down
  }
  /** From now on every request meets a closed connection. */
  begin(): void {
    this.#down = true
  }
  /** The next import dies when it has read so many lines after the version; batches not stored by then are lost, its job stays in progress. */
  duringImport(afterLines: number): void {
    this.#afterLines = afterLines
  }
  /** Back up, with everything that had been stored. Jobs that were running are not taken up again. */
  end(): void {
    this.#down = false
  }
  /** For the importer: one line more was read. */
  lineRead(): void {
    if (this.#afterLines-- > 0) return
    this.#afterLines = Number.POSITIVE_INFINITY
    this.#down = true
    throw new PowerCut('the server went away')
  }
}
