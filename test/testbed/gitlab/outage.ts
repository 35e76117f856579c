/** Stops the emulated server dead: what is not yet stored is lost. */
export class PowerCut extends Error {}

/** The server going away, at once or in the middle of an import, and coming back with what it had stored. */
export class Outage {
  #down = false
  #afterRecords = Number.POSITIVE_INFINITY
  #starts = 0

  get down(): boolean {
    return this.#down
  }
  /** Changes with every restart: work begun before belongs to a process that is gone. */
  get starts(): number {
    return this.#starts
  }
  /** From now on every request meets a closed connection, and what runs stops where it is. */
  begin(): void {
    this.#down = true
  }
  /** The server dies when the next import has read so many records; the job stays `started`. */
  duringImport(afterRecords: number): void {
    this.#afterRecords = afterRecords
  }
  /** Back up. Jobs that were running are not taken up again. */
  end(): void {
    this.#down = false
    this.#starts += 1
  }
  /** For the importer: one record more is about to be read by a job that began at `start`. */
  check(start: number): void {
    if (this.#afterRecords-- <= 0) {
      this.#afterRecords = Number.POSITIVE_INFINITY
      this.#down = true
    }
    if (this.#down || start !== this.#starts) throw new PowerCut('the server went away')
  }
}
