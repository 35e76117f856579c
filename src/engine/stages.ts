import type { Clock } from '../contract/ports.ts'
import type { EngineEvent, Stage } from './api.ts'

/** Times the stages of a journey and tells who listens. A stage entered twice adds up. */
export class Stages {
  readonly #clock: Clock
  readonly #emit: (event: EngineEvent) => void
  readonly #seconds = new Map<Stage, number>()

  constructor(clock: Clock, emit: (event: EngineEvent) => void) {
    this.#clock = clock
    this.#emit = emit
  }
  async time<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
    const from = this.#clock.monotonicMs()
    this.#emit({ type: 'stage', stage, state: 'started' })
    try {
      return await work()
    } finally {
      const seconds = (this.#clock.monotonicMs() - from) / 1000
      this.#seconds.set(stage, (this.#seconds.get(stage) ?? 0) + seconds)
      this.#emit({ type: 'stage', stage, state: 'finished', seconds })
    }
  }
  get all(): readonly { readonly stage: Stage; readonly seconds: number }[] {
    return [...this.#seconds].map(([stage, seconds]) => ({ stage, seconds }))
  }
}
