/** Whole numbers in four bytes each, as many as come. */
export class IntList {
  #items = new Int32Array(1_024)
  #length = 0
  get length(): number {
    return this.#length
  }
  push(value: number): void {
    this.set(this.#length, value)
  }
  at(index: number): number {
    return this.#items[index] ?? 0
  }
  /** What lies between is 0. */
  set(index: number, value: number): void {
    if (index >= this.#items.length) {
      const wider = new Int32Array(Math.max(index + 1, Math.ceil(this.#items.length * 1.5)))
      wider.set(this.#items)
      this.#items = wider
    }
    this.#items[index] = value
    if (index >= this.#length) this.#length = index + 1
  }
}
