/** Gives every note of one place a moment of its own: a millisecond later if it is taken, and so on. */
export class Moments {
  readonly #taken = new Set<string>()
  /** `after`: it must not be earlier than this one. */
  take(at: string, after?: string): string {
    let free = after === undefined || at > after ? at : after
    for (let ms = Date.parse(free) + 1; this.#taken.has(free); ms++) free = new Date(ms).toISOString()
    this.#taken.add(free)
    return free
  }
}
