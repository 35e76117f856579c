/** Bytes of a SHA-1 name. */
const BYTES = 20
const FREE = 0

/**
 * Object names as numbers: each gets the next one when it is first mentioned. Twenty bytes and a slot apiece, no strings, no objects,
 * because a history may have a million.
 */
export class OidTable {
  #oids = Buffer.alloc(1_024 * BYTES)
  /** Open addressing by the first bytes, which are as good as random; a slot holds number + 1. */
  #slots = new Uint32Array(4_096)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The number of a name given as 40 hexadecimal digits within `line` at `from`; a new one if it is new. */
  intern(line: Buffer, from: number): number {
    if ((this.#size + 1) * BYTES > this.#oids.length) this.#growNames()
    if ((this.#size + 1) * 2 > this.#slots.length) this.#growSlots()
    const at = this.#size * BYTES
    for (let n = 0; n < BYTES; n++) this.#oids[at + n] = (digit(line[from + 2 * n]) << 4) | digit(line[from + 2 * n + 1])
    const slot = this.#slotOf(this.#oids, at)
    const held = this.#slots[slot] ?? FREE
    if (held !== FREE) return held - 1
    this.#slots[slot] = ++this.#size
    return this.#size - 1
  }

  /** The number of a name, or -1. */
  find(oid: string): number {
    if (!/^[0-9a-f]{40}$/.test(oid)) return -1
    return (this.#slots[this.#slotOf(Buffer.from(oid, 'hex'), 0)] ?? FREE) - 1
  }

  name(number: number): string {
    return this.#oids.toString('hex', number * BYTES, (number + 1) * BYTES)
  }

  /** The slot where the name stands or would stand. */
  #slotOf(bytes: Buffer, at: number): number {
    const mask = this.#slots.length - 1
    for (let slot = bytes.readUInt32LE(at) & mask; ; slot = (slot + 1) & mask) {
      const held = this.#slots[slot] ?? FREE
      if (held === FREE || this.#oids.compare(bytes, at, at + BYTES, (held - 1) * BYTES, held * BYTES) === 0) return slot
    }
  }

  #growNames(): void {
    const wider = Buffer.alloc(Math.ceil((this.#oids.length * 1.5) / BYTES) * BYTES)
    this.#oids.copy(wider)
    this.#oids = wider
  }

  #growSlots(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2)
    for (let number = 0; number < this.#size; number++) this.#slots[this.#slotOf(this.#oids, number * BYTES)] = number + 1
  }
}

const digit = (code = 0): number => (code < 0x3a ? code - 0x30 : code - 0x57)
