import { Random } from '../world/random.ts'

interface Entry<T> {
  readonly value: T
  /** When it was added: the order of full listings, which later changes do not disturb. */
  readonly serial: number
  /** When it was last changed: the order of incremental listings. */
  readonly stamp: number
}
export interface Slice<T> {
  readonly items: readonly T[]
  /** Where the next page begins; undefined: this was the last. */
  readonly next: number | undefined
}

/** How pages are cut: `full` as asked, `small` shorter, of varying length, and now and then empty with more to come. */
export type Pages = 'small' | 'full'

/** Things by key that remember in which order they were added and changed; what sync tokens are made of. */
export class Changes<T> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #pages: Pages
  #clock = 0
  constructor(pages: Pages) {
    this.#pages = pages
  }
  get now(): number {
    return this.#clock
  }
  get(key: string): T | undefined {
    return this.#entries.get(key)?.value
  }
  get values(): readonly T[] {
    return [...this.#entries.values()].map(({ value }) => value)
  }
  set(key: string, value: T): void {
    this.#clock += 1
    this.#entries.set(key, { value, serial: this.#entries.get(key)?.serial ?? this.#clock, stamp: this.#clock })
  }
  /** A value that changes without anything being said about it: what some edits are at Google. */
  replaceQuietly(key: string, value: T): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#entries.set(key, { ...entry, value })
  }
  remove(key: string): void {
    this.#entries.delete(key)
  }
  /** So many things after a place; `by` says which order. Things that `wanted` refuses take no room. */
  slice(by: 'serial' | 'stamp', after: number, most: number, wanted: (value: T) => boolean): Slice<T> {
    const rest = [...this.#entries.values()].filter((entry) => entry[by] > after && wanted(entry.value)).toSorted((a, b) => a[by] - b[by])
    const random = new Random(after * 7919 + rest.length)
    // An empty page moves on by a hair, so that the one after it is not empty again.
    if (this.#pages === 'small' && Number.isInteger(after) && after > 0 && rest.length > 0 && random.chance(0.2))
      return { items: [], next: after + 0.5 }
    const items = rest.slice(0, this.#pages === 'full' ? most : Math.max(1, Math.min(most, 3 + random.below(9))))
    const last = items.at(-1)
    return { items: items.map(({ value }) => value), next: items.length < rest.length && last !== undefined ? last[by] : undefined }
  }
}

/** Page and sync tokens: opaque outside, JSON inside, and all of them can be made to expire. */
export class Tokens {
  #era = 0
  seal(state: object): string {
    return Buffer.from(JSON.stringify([this.#era, state])).toString('base64url')
  }
  /** Undefined: none of ours, or expired. */
  open(token: string): object | undefined {
    try {
      const [era, state] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [number, object]
      return era === this.#era ? state : undefined
    } catch {
      return undefined
    }
  }
  expire(): void {
    this.#era += 1
  }
}
