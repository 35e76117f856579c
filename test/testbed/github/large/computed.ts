import type { Item, Part, Row } from '../model.ts'
import { byChange, byCreation, type PartTable, type Sequence, type Table } from '../table.ts'
import type { Choice, Spread } from './spread.ts'

export interface Recipe<T> {
  readonly firstId: number
  readonly size: number
  /** The same row for the same index; both times grow with the index. */
  readonly make: (index: number) => T
}

/** Rows that are made when they are looked at. Only those that somebody changed are kept. */
export class ComputedTable<T extends Row> implements Table<T> {
  protected readonly recipe: Recipe<T>
  /** Changed and new ones by id. */
  protected readonly kept = new Map<number, T>()
  readonly #removed = new Set<number>()
  #skips: readonly number[] | undefined
  constructor(recipe: Recipe<T>) {
    this.recipe = recipe
  }
  get size(): number {
    const { firstId, size } = this.recipe
    const added = [...this.kept.keys()].filter((id) => id < firstId || id >= firstId + size).length
    return size + added - this.#removed.size
  }
  get(id: number): T | undefined {
    const index = id - this.recipe.firstId
    return this.kept.get(id) ?? (index >= 0 && index < this.recipe.size && !this.#removed.has(id) ? this.recipe.make(index) : undefined)
  }
  own(id: number): T | undefined {
    const found = this.get(id)
    if (found !== undefined) this.add(found)
    return found
  }
  add(row: T): T {
    this.kept.set(row.id, row)
    this.#skips = undefined
    return row
  }
  remove(id: number): void {
    this.kept.delete(id)
    if (this.#isBase(id)) this.#removed.add(id)
    this.#skips = undefined
  }
  by(order: 'created' | 'updated'): Sequence<T> {
    return this.chosen(order, { count: this.recipe.size, has: () => true, before: (place) => place, at: (rank) => rank }, () => true)
  }
  /** A part of the rows in order: those the choice names, and of the kept ones those that `fit`. */
  chosen(order: 'created' | 'updated', choice: Choice, fit: (row: T) => boolean): Sequence<T> {
    const { firstId, make } = this.recipe
    const kept = [...this.kept.values()].filter(fit)
    // By creation a changed row stays in its place; by change it goes to the end.
    const last = kept.filter(({ id }) => order === 'updated' || !this.#isBase(id)).toSorted(order === 'created' ? byCreation : byChange)
    const skips = (order === 'updated' ? this.#gone() : [...this.#removed].map((id) => id - firstId).toSorted((a, b) => a - b))
      .filter((index) => choice.has(index))
      .map((index) => choice.before(index))
    const base = choice.count - skips.length
    return {
      length: base + last.length,
      at: (index) => {
        const late = last[index - base]
        if (late !== undefined) return late
        let rank = index
        for (const skip of skips) {
          if (skip > rank) break
          rank += 1
        }
        const place = choice.at(rank)
        return this.kept.get(firstId + place) ?? make(place)
      },
    }
  }
  #isBase(id: number): boolean {
    return id >= this.recipe.firstId && id < this.recipe.firstId + this.recipe.size
  }
  #gone(): readonly number[] {
    this.#skips ??= [...this.#removed, ...[...this.kept.keys()].filter((id) => this.#isBase(id))]
      .map((id) => id - this.recipe.firstId)
      .toSorted((a, b) => a - b)
    return this.#skips
  }
}

/** Issues and pull requests: those that came later are found by number. */
export class ComputedItems extends ComputedTable<Item> {
  newest(number: number): Item | undefined {
    return [...this.kept.values()].find((one) => one.number === number)
  }
}

/** Computed rows below issues or pull requests. */
export class ComputedParts<T extends Part> extends ComputedTable<T> implements PartTable<T> {
  readonly #spread: Spread
  readonly #placeOf: (item: number) => number | undefined
  /** `placeOf`: the place of an item among those that have such rows. */
  constructor(recipe: Recipe<T>, over: Spread, placeOf: (item: number) => number | undefined) {
    super(recipe)
    this.#spread = over
    this.#placeOf = placeOf
  }
  of(item: number): readonly T[] {
    const place = this.#placeOf(item)
    const [from, to] = place === undefined || this.recipe.size === 0 ? [0, 0] : this.#spread.rowsOf(place)
    const { firstId } = this.recipe
    const base = Array.from({ length: to - from }, (_, at) => this.get(firstId + from + at)).filter((one) => one !== undefined)
    const more = [...this.kept.values()].filter((one) => one.item === item && !base.includes(one))
    return more.length === 0 ? base : [...base, ...more].toSorted(byCreation)
  }
}
