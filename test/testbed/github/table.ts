import type { Item, Part, Row } from './model.ts'

/** A list in a fixed order that can be looked into anywhere without being made as a whole. */
export interface Sequence<T> {
  readonly length: number
  /** @throws outside of the list */
  at(index: number): T
}

/** Rows by id and in both orders, oldest first. Small ones are kept, large ones computed. */
export interface Table<T extends Row> {
  readonly size: number
  get(id: number): T | undefined
  /** The row for changing: what is written into it stays. */
  own(id: number): T | undefined
  by(order: 'created' | 'updated'): Sequence<T>
  add(row: T): T
  remove(id: number): void
}

export interface PartTable<T extends Part> extends Table<T> {
  /** Those of one issue or pull request, oldest first. */
  of(item: number): readonly T[]
}

export class KeptTable<T extends Row> implements Table<T> {
  protected readonly rows = new Map<number, T>()
  get size(): number {
    return this.rows.size
  }
  get(id: number): T | undefined {
    return this.rows.get(id)
  }
  own(id: number): T | undefined {
    return this.rows.get(id)
  }
  by(order: 'created' | 'updated'): Sequence<T> {
    const sorted = [...this.rows.values()].toSorted(order === 'created' ? byCreation : byChange)
    return sequence(sorted)
  }
  add(row: T): T {
    this.rows.set(row.id, row)
    return row
  }
  remove(id: number): void {
    this.rows.delete(id)
  }
}

export class KeptParts<T extends Part> extends KeptTable<T> implements PartTable<T> {
  of(item: number): readonly T[] {
    return [...this.rows.values()].filter((row) => row.item === item).toSorted(byCreation)
  }
}

/** Issues and pull requests, also by the number people call them. */
export class KeptItems extends KeptTable<Item> {
  readonly #numbers = new Map<number, Item>()
  override add(row: Item): Item {
    this.#numbers.set(row.number, row)
    return super.add(row)
  }
  override remove(id: number): void {
    const found = this.get(id)
    if (found !== undefined) this.#numbers.delete(found.number)
    super.remove(id)
  }
  numbered(number: number): Item | undefined {
    return this.#numbers.get(number)
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
export const byCreation = (a: Row, b: Row): number => order(a.createdAt, b.createdAt) || a.id - b.id
export const byChange = (a: Row, b: Row): number => order(a.updatedAt, b.updatedAt) || a.id - b.id

export const sequence = <T>(list: readonly T[]): Sequence<T> => ({
  length: list.length,
  at: (index) => {
    const found = list[index]
    if (found === undefined) throw new RangeError(`no row ${index}`)
    return found
  },
})
export const reversed = <T>(list: Sequence<T>): Sequence<T> => ({ length: list.length, at: (index) => list.at(list.length - 1 - index) })
export const mapped = <T, U>(list: Sequence<T>, change: (one: T) => U): Sequence<U> => ({
  length: list.length,
  at: (index) => change(list.at(index)),
})
/** From `start` on. */
export const tail = <T>(list: Sequence<T>, start: number): Sequence<T> =>
  start === 0 ? list : { length: Math.max(0, list.length - start), at: (index) => list.at(index + start) }
export const every = <T>(list: Sequence<T>): T[] => Array.from({ length: list.length }, (_, index) => list.at(index))

/** The first index at which `holds`, given that it holds for all after it too. */
export function firstWhere<T>(list: Sequence<T>, holds: (one: T) => boolean): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(list.at(middle))) high = middle
    else low = middle + 1
  }
  return low
}
