import { deflateRawSync, inflateRawSync } from 'node:zlib'

/**
 * The mails that were read and the labels they had, so that a full comparison costs lists and not a request for each.
 * Ids are 64 bits in hex, sorted as numbers they are close together: a mail takes about six bytes in a cursor.
 */
export class Known {
  readonly #mails = new Map<string, number>()
  readonly #sets = new Map<string, number>()
  readonly #names: string[] = []

  get size(): number {
    return this.#mails.size
  }
  has(id: string): boolean {
    return this.#mails.has(id)
  }
  ids(): IterableIterator<string> {
    return this.#mails.keys()
  }
  labels(id: string): readonly string[] {
    const at = this.#mails.get(id)
    return at === undefined ? [] : split(this.#names[at])
  }
  set(id: string, labels: readonly string[]): void {
    const name = labels.toSorted().join(' ')
    const at = this.#sets.get(name) ?? this.#names.push(name) - 1
    this.#sets.set(name, at)
    this.#mails.set(id, at)
  }
  delete(id: string): void {
    this.#mails.delete(id)
  }

  /** Column by column, so that equal bytes stand together and pack well. */
  pack(): PackedKnown {
    const used = new Map<number, number>()
    const sets: string[] = []
    const ids: { readonly number: bigint; readonly set: number }[] = []
    const odd: [string, number][] = []
    for (const [id, at] of this.#mails) {
      const set = used.get(at) ?? sets.push(this.#names[at] ?? '') - 1
      used.set(at, set)
      if (/^[1-9a-f][\da-f]{0,15}$/.test(id)) ids.push({ number: BigInt(`0x${id}`), set })
      else odd.push([id, set])
    }
    ids.sort((a, b) => (a.number < b.number ? -1 : 1))
    const columns = Buffer.alloc(ids.length * WIDTH)
    let before = 0n
    for (const [row, { number, set }] of ids.entries()) {
      let rest = number - before
      before = number
      for (let column = 0; column < 8; column++, rest >>= 8n) columns[column * ids.length + row] = Number(rest & 255n)
      for (let column = 0; column < 3; column++) columns[(8 + column) * ids.length + row] = (set >> (8 * column)) & 255
    }
    return { count: ids.length, columns: deflateRawSync(columns).toString('base64'), sets, odd }
  }
  static unpack({ count, columns: text, sets, odd }: PackedKnown): Known {
    const known = new Known()
    const columns = inflateRawSync(Buffer.from(text, 'base64'))
    if (columns.length !== count * WIDTH) throw new RangeError('columns of another length')
    let number = 0n
    for (let row = 0; row < count; row++) {
      let step = 0n
      for (let column = 7; column >= 0; column--) step = (step << 8n) | BigInt(columns[column * count + row] ?? 0)
      number += step
      let set = 0
      for (let column = 2; column >= 0; column--) set = (set << 8) | (columns[(8 + column) * count + row] ?? 0)
      known.set(number.toString(16), split(sets[set]))
    }
    for (const [id, set] of odd) known.set(id, split(sets[set]))
    return known
  }
}

/** Eight bytes of id, three for the set of labels. */
const WIDTH = 11
const split = (name: string | undefined): string[] => (name === undefined || name === '' ? [] : name.split(' '))

export interface PackedKnown {
  readonly count: number
  readonly columns: string
  readonly sets: readonly string[]
  /** Ids of another form. */
  readonly odd: readonly (readonly [string, number])[]
}
