/** Runs work side by side, in as many lanes as the server can bear. */
export class Lanes {
  #limit: number
  constructor(limit: number) {
    this.#limit = limit
  }
  /** The server stumbled: half as many from now on. */
  narrow(): void {
    this.#limit = Math.max(1, Math.floor(this.#limit / 2))
  }
  /** Results in the order of the inputs. The first error ends it once everything under way has come to its end. */
  async map<T, R>(inputs: readonly T[], work: (input: T) => Promise<R>): Promise<readonly R[]> {
    const results: R[] = []
    const failures: unknown[] = []
    let next = 0
    let running = 0
    await new Promise<void>((resolve) => {
      const start = (): void => {
        while (running < this.#limit && next < inputs.length && failures.length === 0) {
          const at = next++
          running++
          work(inputs[at] as T)
            .then(
              (result) => void (results[at] = result),
              (error: unknown) => void failures.push(error),
            )
            .finally(() => {
              running--
              start()
            })
        }
        if (running === 0) resolve()
      }
      start()
    })
    if (failures.length > 0) throw failures[0]
    return results
  }
}
