/** Mails that are in memory at once, by their bytes. */
const HELD_BYTES = 12 << 20

/** Counts the bytes of mails between the vault and the server: held, and of these on their way. */
export class Memory {
  #held = 0
  #flying = 0
  #wake: (() => void) | undefined

  hold(bytes: number): void {
    this.#held += bytes
  }
  fly(bytes: number): void {
    this.#flying += bytes
  }
  release(bytes: number): void {
    this.#held -= bytes
    this.#flying -= bytes
    this.#wake?.()
  }
  /** Something has happened that whoever waits should look at. */
  stir(): void {
    this.#wake?.()
  }

  /**
   * Until there is room for so many bytes more. `send` sends at least so many of those that wait; it is asked while little is on its way, so
   * that batches stay large. `check` throws when waiting is in vain.
   */
  async room(bytes: number, send: (bytes: number) => void, check: () => void): Promise<void> {
    const wanted = Math.min(bytes, HELD_BYTES)
    for (;;) {
      check()
      if (this.#held === 0 || this.#held + wanted <= HELD_BYTES) return
      const stirred = new Promise<void>((resolve) => (this.#wake = resolve))
      if (this.#flying < HELD_BYTES / 4) send(HELD_BYTES / 2)
      await stirred
    }
  }
}
