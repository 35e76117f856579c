import type { QuotaNeed } from '../contract/ports.ts'
import type { Permit, Priority } from './quota.ts'

const RANK: Readonly<Record<Priority, number>> = { incremental: 0, verify: 1, backfill: 2 }

/** Somebody who waits for a permit. */
export interface Waiter {
  readonly patienceMs: number
  /** First by priority, then by the fair turn of his flow, then by arrival. */
  readonly rank: number
  readonly turn: number
  readonly serial: number
  readonly resolve: (permit: Permit) => void
  readonly reject: (cause: unknown) => void
}

export const isBefore = (a: Waiter, b: Waiter): boolean =>
  a.rank !== b.rank ? a.rank < b.rank : a.turn !== b.turn ? a.turn < b.turn : a.serial < b.serial

/**
 * Weighted fair turns (self-clocked fair queuing): a flow's next turn comes later the more it has asked for, and sooner the more it weighs.
 * A flow that was away gets no credit for it.
 */
export class Turns {
  #now = 0
  #serial = 0
  readonly #last = new Map<string, number>()

  next(flow: string, weight: number, cost: number): { readonly turn: number; readonly serial: number } {
    const turn = Math.max(this.#now, this.#last.get(flow) ?? 0) + cost / weight
    this.#last.set(flow, turn)
    this.#serial += 1
    return { turn, serial: this.#serial }
  }

  served(turn: number): void {
    this.#now = Math.max(this.#now, turn)
    for (const [flow, last] of this.#last) if (last <= this.#now) this.#last.delete(flow)
  }
}

/** Everybody who waits for the same needs, in order. */
export class Line {
  readonly needs: readonly QuotaNeed[]
  readonly #waiting: Waiter[] = []

  constructor(needs: readonly QuotaNeed[]) {
    this.needs = needs
  }

  get head(): Waiter | undefined {
    return this.#waiting[0]
  }

  /** Takes a place until `leave` or an abort; `aborted` is told of the latter. */
  join(who: Omit<Waiter, 'resolve' | 'reject'>, signal: AbortSignal, aborted: () => void): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.leave(waiter)
        reject(signal.reason as Error)
        aborted()
      }
      const settle =
        <T>(settled: (value: T) => void) =>
        (value: T): void => {
          signal.removeEventListener('abort', abort)
          settled(value)
        }
      const waiter: Waiter = { ...who, resolve: settle(resolve), reject: settle(reject) }
      signal.addEventListener('abort', abort, { once: true })
      let at = this.#waiting.length
      for (let before = this.#waiting[at - 1]; before !== undefined && isBefore(waiter, before); before = this.#waiting[at - 1]) at -= 1
      this.#waiting.splice(at, 0, waiter)
    })
  }

  leave(waiter: Waiter): void {
    if (this.#waiting[0] === waiter) {
      this.#waiting.shift()
      return
    }
    const at = this.#waiting.indexOf(waiter)
    if (at !== -1) this.#waiting.splice(at, 1)
  }

  static rankOf(priority: Priority): number {
    return RANK[priority]
  }
}
