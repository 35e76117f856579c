/** Many who give, one who takes; those who give wait when too much lies there. */
export class Channel<T> {
  readonly #most: number
  #values: T[] = []
  #ended = false
  #failure: { readonly error: unknown } | undefined
  #closed = false
  #given: (() => void) | undefined
  #taken = Promise.withResolvers<void>()

  constructor(most: number) {
    this.#most = most
  }
  async put(value: T): Promise<void> {
    while (this.#values.length >= this.#most && !this.#closed) await this.#taken.promise
    this.#values.push(value)
    this.#given?.()
  }
  end(): void {
    this.#ended = true
    this.#given?.()
  }
  fail(error: unknown): void {
    this.#failure = { error }
    this.#given?.()
  }
  /** Nobody takes any more: nobody waits for it either. */
  close(): void {
    this.#closed = true
    this.#taken.resolve()
  }
  /** @throws what `fail` was told */
  async *values(): AsyncGenerator<T> {
    for (;;) {
      const values = this.#values
      this.#values = []
      const { resolve } = this.#taken
      this.#taken = Promise.withResolvers()
      resolve()
      yield* values
      if (this.#failure !== undefined) throw this.#failure.error
      if (this.#values.length > 0) continue
      if (this.#ended) return
      await new Promise<void>((resolve) => (this.#given = resolve))
    }
  }
}
