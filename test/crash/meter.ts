import type { CallLog } from '../testbed/kit/calls.ts'

/** Counts what reaches the servers of a company: requests, and what is sent over a line that has no requests one could count. */
export class Meter {
  #count = 0
  #point: { readonly at: number; readonly hit: () => boolean } | undefined

  get count(): number {
    return this.#count
  }
  /** One more has come. The answer: whether it may arrive. */
  tick(): boolean {
    this.#count++
    if (this.#point === undefined || this.#count < this.#point.at) return true
    const { hit } = this.#point
    this.#point = undefined
    return hit()
  }
  /** Every call of this server counts from now on. */
  watch(calls: CallLog): void {
    const add = calls.add.bind(calls)
    calls.add = (call) => {
      add(call)
      this.tick()
    }
  }
  /** `hit` is called, once, while the request is on its way that is the first with this number or a higher one. Undefined: never mind. */
  stopAt(at: number, hit: (() => boolean) | undefined): void {
    this.#point = hit === undefined ? undefined : { at, hit }
  }
}
