/** Gives every note of one place a moment of its own: a millisecond later if it is taken, and so on. */
export class Moments {
  readonly #taken = new Set<string>()
  take(at: string): string {
    let free = at
    for (let ms = Date.parse(at) + 1; this.#taken.has(free); ms++) free = new Date(ms).toISOString()
    this.#taken.add(free)
    return free
  }
}
