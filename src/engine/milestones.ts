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
  /** The newest mails that have come so far and do not stand yet. */
  readonly #awaited = new Set<ItemId>()
  /** How many of the newest are still to come; none, where a run is about many people, whose mails come one mailbox after the other. */
  #toCome: number
  #standing = 0

  constructor(
    of: { readonly target: string; readonly onePerson: boolean },
    since: { readonly startedMs: number; readonly milestones: readonly Milestone[] },
    clock: Clock,
  ) {
    this.#target = of.target
    this.#toCome = of.onePerson ? NEWEST : 0
    this.#startedMs = since.startedMs
    this.#all = [...since.milestones]
    this.#clock = clock
  }
  get all(): readonly Milestone[] {
    return this.#all
  }
  /** An item is on its way; mails newest first. */
  comes(item: ItemId): void {
    if (this.#toCome === 0 || kindOfId(item) !== 'mail') return
    this.#awaited.add(item)
    this.#toCome--
  }
  stands(item: ItemId): void {
    const kind = kindOfId(item)
    if (kind === undefined) return
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    if (kind === 'mail') this.#ends(item, 1)
  }
  /** The target refused it. */
  failed(item: ItemId): void {
    this.#ends(item, 0)
  }
  /** Everything has been applied. */
  finish(): void {
    const items = [...this.#counts.values()].reduce((all, count) => all + count, 0)
    if (items > 0) this.#note([...this.#counts.keys()], items, false)
  }
  #ends(item: ItemId, standing: number): void {
    if (!this.#awaited.delete(item)) return
    this.#standing += standing
    if (this.#toCome === 0 && this.#awaited.size === 0) this.#note(['mail'], this.#standing, true)
  }
  #note(kinds: readonly Kind[], items: number, newest: boolean): void {
    const seconds = (this.#clock.monotonicMs() - this.#startedMs) / 1000
    this.#all.push({ target: this.#target, kinds, items, newest, seconds })
  }
}
