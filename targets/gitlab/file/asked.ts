/** Questions that are asked as they come up, read by somebody who reads ahead. */
export class Asked<T> implements AsyncIterable<T> {
  #waiting: T[] = []
  #at = 0
  #over = false
  #wake: (() => void) | undefined
  push(question: T): void {
    this.#waiting.push(question)
    this.#wake?.()
  }
  end(): void {
    this.#over = true
    this.#wake?.()
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.#at < this.#waiting.length) yield this.#waiting[this.#at++] as T
      this.#waiting = []
      this.#at = 0
      if (this.#over) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
