/*
 * Memory that two threads share, for text on its way from one to the other. A message port would make a copy of each text on its way and give
 * the memory back afterwards, which costs the sender several times the writing.
 */

/** Bytes of a slot. What is longer finds no place. */
const SLOT = 64 * 1024

export const batchSlots = (slots: number): readonly SharedArrayBuffer[] => Array.from({ length: slots }, () => new SharedArrayBuffer(SLOT))

/** Text that stands in a slot. */
export interface Slotted {
  readonly slot: number
  readonly bytes: number
}

/** The side that writes. */
export class SlotWriter {
  readonly #slots: readonly Uint8Array[]
  readonly #free: number[]
  readonly #encoder = new TextEncoder()
  constructor(slots: readonly SharedArrayBuffer[]) {
    this.#slots = slots.map((slot) => new Uint8Array(slot))
    this.#free = this.#slots.map((_, at) => at)
  }
  /** Puts well-formed text into a free slot; undefined if there is none, or if the text is too long for one. */
  put(text: string): Slotted | undefined {
    const slot = this.#free.at(-1)
    const into = slot === undefined ? undefined : this.#slots[slot]
    if (slot === undefined || into === undefined || text.length > SLOT) return undefined
    const { read, written } = this.#encoder.encodeInto(text, into)
    if (read < text.length) return undefined
    this.#free.pop()
    return { slot, bytes: written }
  }
  /** The other thread has read it. */
  free(slot: number): void {
    this.#free.push(slot)
  }
}

/** The text in a slot; the slot can be used again at once. */
export const slotText = (slots: readonly SharedArrayBuffer[], { slot, bytes }: Slotted): string =>
  Buffer.from(slots[slot] as SharedArrayBuffer, 0, bytes).toString('utf8')
