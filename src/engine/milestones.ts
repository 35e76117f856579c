import type { ItemId } from '../contract/ids.ts'
import type { Kind } from '../contract/item.ts'
import type { Clock } from '../contract/ports.ts'
import type { Milestone } from './api.ts'
import { kindOfId } from './scope.ts'

/** So many of the newest mails let a person work again; the rest may follow while they do. */
const NEWEST = 500

/** Notes when what stands on a target, while it is applied: the measure of an emergency is when somebody can work, not when all is done. */
export class Milestones {
  readonly #target: string
  readonly #startedMs: number
  readonly #clock: Clock
  readonly #all: Milestone[]
  readonly #counts = new Map<Kind, number>()

  constructor(target: string, since: { readonly startedMs: number; readonly milestones: readonly Milestone[] }, clock: Clock) {
    this.#target = target
    this.#startedMs = since.startedMs
    this.#all = [...since.milestones]
    this.#clock = clock
  }
  get all(): readonly Milestone[] {
    return this.#all
  }
  stands(item: ItemId): void {
    const kind = kindOfId(item)
    if (kind === undefined) return
    const count = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, count)
    if (kind === 'mail' && count === NEWEST) this.#note(['mail'], count, true)
  }
  /** Everything has been applied. */
  finish(): void {
    const items = [...this.#counts.values()].reduce((all, count) => all + count, 0)
    if (items > 0) this.#note([...this.#counts.keys()], items, false)
  }
  #note(kinds: readonly Kind[], items: number, newest: boolean): void {
    const seconds = (this.#clock.monotonicMs() - this.#startedMs) / 1000
    this.#all.push({ target: this.#target, kinds, items, newest, seconds })
  }
}
