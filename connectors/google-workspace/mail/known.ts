import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** Eight bytes of id, three for the set of labels. */
const WIDTH = 11

/** As it stands in a cursor: columns of bytes, so that equal ones stand together and pack well. */
export interface PackedKnown {
  readonly count: number
  readonly columns: string
  readonly sets: readonly string[]
  /** Ids of another form. */
  readonly odd: readonly (readonly [string, number])[]
}
const NOTHING: PackedKnown = { count: 0, columns: '', sets: [], odd: [] }

/**
 * The mails that were read and the labels they had, so that a full comparison costs lists and not a request for each.
 * Ids are 64 bits in hex; sorted as numbers they are close together, and a mail takes about six bytes in a cursor.
 * Unpacked when first asked, and packed again only if something changed: most mailboxes are left alone most nights.
 */
export class Known {
  #packed: PackedKnown | undefined
  #mails: Map<string, string> | undefined
  /** Sets of labels, each kept once. */
  readonly #sets = new Map<string, string>()

  constructor(packed: PackedKnown = NOTHING) {
    this.#packed = packed
  }
  get size(): number {
    return this.#packed === undefined ? this.#all.size : this.#packed.count + this.#packed.odd.length
  }
  has(id: string): boolean {
    return this.#all.has(id)
  }
  ids(): IterableIterator<string> {
    return this.#all.keys()
  }
  labels(id: string): readonly string[] {
    const name = this.#all.get(id)
    return name === undefined || name === '' ? [] : name.split(' ')
  }
  set(id: string, labels: readonly string[]): void {
    const name = labels.toSorted().join(' ')
    if (this.#all.get(id) === name) return
    this.#packed = undefined
    const kept = this.#sets.get(name) ?? name
    this.#sets.set(kept, kept)
    this.#all.set(id, kept)
  }
  delete(id: string): void {
    if (this.#all.delete(id)) this.#packed = undefined
  }
  pack(): PackedKnown {
    return (this.#packed ??= packed(this.#all))
  }

  /** @throws RangeError if it is nothing that `pack` gave */
  get #all(): Map<string, string> {
    return (this.#mails ??= unpacked(this.#packed ?? NOTHING))
  }
}

function packed(mails: ReadonlyMap<string, string>): PackedKnown {
  const sets = [...new Set(mails.values())].toSorted()
  const at = new Map(sets.map((name, index) => [name, index]))
  const rows: { readonly number: bigint; readonly set: number }[] = []
  const odd: [string, number][] = []
  for (const [id, name] of mails) {
    const set = at.get(name) ?? 0
    if (/^[1-9a-f][\da-f]{0,15}$/.test(id)) rows.push({ number: BigInt(`0x${id}`), set })
    else odd.push([id, set])
  }
  rows.sort((a, b) => (a.number < b.number ? -1 : 1))
  odd.sort(([a], [b]) => (a < b ? -1 : 1))
  const columns = Buffer.alloc(rows.length * WIDTH)
  const step = Buffer.alloc(WIDTH)
  let before = 0n
  for (const [row, { number, set }] of rows.entries()) {
    step.writeBigUInt64LE(number - before)
    step.writeUIntLE(set, 8, 3)
    before = number
    for (let column = 0; column < WIDTH; column++) columns[column * rows.length + row] = step[column] ?? 0
  }
  return { count: rows.length, columns: deflateRawSync(columns).toString('base64'), sets, odd }
}

function unpacked({ count, columns: text, sets, odd }: PackedKnown): Map<string, string> {
  const mails = new Map<string, string>()
  const columns = count === 0 ? Buffer.alloc(0) : inflateRawSync(Buffer.from(text, 'base64'))
  if (columns.length !== count * WIDTH) throw new RangeError('columns of another length')
  const step = Buffer.alloc(WIDTH)
  let number = 0n
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < WIDTH; column++) step[column] = columns[column * count + row] ?? 0
    number += step.readBigUInt64LE()
    mails.set(number.toString(16), sets[step.readUIntLE(8, 3)] ?? '')
  }
  for (const [id, set] of odd) mails.set(id, sets[set] ?? '')
  return mails
}
