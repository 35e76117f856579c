/** What is made when it is first wanted and kept for everybody after that. What failed is not kept: the next one asks again. */
export class Kept<T> {
  readonly #make: (signal: AbortSignal) => Promise<T>
  #made: Promise<T> | undefined
  constructor(make: (signal: AbortSignal) => Promise<T>) {
    this.#make = make
  }
  /** @throws what making it throws */
  async get(signal: AbortSignal): Promise<T> {
    const making = (this.#made ??= this.#make(signal))
    try {
      return await making
    } catch (error) {
      if (this.#made === making) this.#made = undefined
      throw error
    }
  }
  /** What there is, or is under way. */
  get made(): Promise<T> | undefined {
    return this.#made
  }
  forget(): void {
    this.#made = undefined
  }
}
