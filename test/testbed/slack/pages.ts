import { Refusal } from './errors.ts'
import { Random } from '../world/random.ts'

export interface Page<T> {
  readonly items: readonly T[]
  /** Empty on the last page, as Slack has it. */
  readonly next: string
}

/**
 * Cuts lists into pages the way Slack does: never more than asked, often fewer, now and then none at all with a cursor for more.
 * A cursor is opaque, and the same cursor gives the same page again.
 */
export class Pager {
  readonly #size: 'small' | 'full'
  #era = 0
  constructor(size: 'small' | 'full') {
    this.#size = size
  }
  /** Cursors handed out until now are refused from now on with `invalid_cursor`. */
  expireCursors(): void {
    this.#era++
  }
  cursor(position: string): string {
    return Buffer.from(`era:${this.#era}:${position}`).toString('base64')
  }
  /** Where a cursor points. @throws Refusal `invalid_cursor`. */
  position(cursor: string | undefined): string | undefined {
    if (cursor === undefined || cursor === '') return undefined
    const [, era, position] = /^era:(\d+):(.*)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? []
    if (position === undefined || Number(era) !== this.#era) throw new Refusal('invalid_cursor')
    return position
  }
  /**
   * How many items the page at this position gets.
   * @param most What this method never goes beyond. `gaps`: whether this method gives empty pages in the middle.
   */
  sizeAt(position: string, asked: number | undefined, { usual, most, gaps }: PageHabit): number {
    const wanted = Math.min(asked ?? usual, most)
    if (this.#size === 'full') return wanted
    const random = new Random(hash(position))
    if (gaps && position !== '0' && random.chance(0.15)) return 0
    return Math.max(1, Math.min(wanted, 7 + random.below(14)))
  }
  /** One page of a list that is kept in order. */
  page<T>(all: readonly T[], cursor: string | undefined, asked: number | undefined, habit: PageHabit): Page<T> {
    const [start = 0, blank = 0] = (this.position(cursor) ?? '0,0').split(',').map(Number)
    const size = this.sizeAt(blank === 0 ? String(start) : 'after a gap', asked, { ...habit, gaps: habit.gaps && blank === 0 })
    const items = all.slice(start, start + size)
    const end = start + items.length
    return { items, next: end < all.length ? this.cursor(`${end},${items.length === 0 ? 1 : 0}`) : '' }
  }
}

export interface PageHabit {
  readonly usual: number
  readonly most: number
  readonly gaps: boolean
}

function hash(text: string): number {
  let sum = 2_166_136_261
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 16_777_619)
  return sum
}
