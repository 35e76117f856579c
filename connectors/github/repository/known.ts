/**
 * What the vault holds of one issue, change request or discussion, as far as it takes to see later that something of it is gone or was
 * reacted to: numbers of comments and reviews, and how many reactions and cross references there were.
 */
export interface KnownItem {
  readonly kind: 'issue' | 'change-request' | 'discussion'
  reactions: number
  references: number
  /** Id → which signs it got, one bit for each. Of a discussion: those of the first level. */
  readonly comments: Map<number, number>
  readonly reviews: Set<number>
  /** Comments on lines; of a discussion: answers. */
  readonly lines: Map<number, number>
  /** First comments of threads. */
  readonly threads: Set<number>
  /** Of change requests: where the head was and how its threads stood, each in 24 bits, and how many comments GitHub counted. */
  head: number
  standing: number
  total: number
}

const letters = { issue: 'i', 'change-request': 'p', discussion: 'd' } as const
const kinds = new Map(Object.entries(letters).map(([kind, letter]) => [letter as string, kind as KnownItem['kind']]))

/** All of one repository, by number. Memory: some dozens of bytes for each comment, while its repository is read. */
export class Known {
  readonly items = new Map<number, KnownItem>()
  /** Comments on lines that answer one which is not there: id → that one and the number of the change request. */
  readonly orphans = new Map<number, { readonly root: number; readonly number: number }>()

  /** The entry of a number; made if it is not there. */
  of(number: number, kind: KnownItem['kind']): KnownItem {
    const found = this.items.get(number)
    if (found !== undefined && found.kind === kind) return found
    const made: KnownItem = {
      kind,
      reactions: 0,
      references: 0,
      comments: new Map(),
      reviews: new Set(),
      lines: new Map(),
      threads: new Set(),
      head: 0,
      standing: 0,
      total: 0,
    }
    this.items.set(number, made)
    return made
  }
  count(kind: KnownItem['kind']): number {
    let count = 0
    for (const item of this.items.values()) if (item.kind === kind) count += 1
    return count
  }

  /** About five letters for each comment; numbers are written as differences in base 36. */
  encode(): string {
    const parts: string[] = []
    for (const [number, item] of [...this.items].toSorted(([a], [b]) => a - b)) {
      const { reactions, references, comments, reviews, lines, threads, head: tip, standing, total } = item
      const head = `${number.toString(36)}${letters[item.kind].toUpperCase()}${reactions === 0 ? '' : reactions.toString(36)}`
      const numbers = [references, tip, standing, total].map((value) => (value === 0 ? '' : value.toString(36)))
      const lists = [...numbers, written(comments), written(reviews), written(lines), written(threads)]
      parts.push(`${head}|${lists.join('|').replace(/\|+$/, '')}`)
    }
    const orphans = [...this.orphans].toSorted(([a], [b]) => a - b).map(([id, { root, number }]) => [id, root, number].join('.'))
    return `${orphans.join(',')};${parts.join(' ')}`
  }

  /** @throws when it is no such text */
  static decode(text: string): Known {
    const known = new Known()
    const split = text.indexOf(';')
    if (split === -1) throw new TypeError('no list of what is known')
    for (const entry of split === 0 ? [] : text.slice(0, split).split(',')) {
      const [id = 0, root = 0, number = 0] = entry.split('.').map(Number)
      known.orphans.set(id, { root, number })
    }
    const items = text.slice(split + 1)
    for (const part of items === '' ? [] : items.split(' ')) {
      const [head = '', references = '', tip = '', standing = '', total = '', comments = '', reviews = '', lines = '', threads = ''] =
        part.split('|')
      const [, number = '', letter = '', reactions = ''] = /^([\da-z]+)([A-Z])([\da-z]*)$/.exec(head) ?? []
      const kind = kinds.get(letter.toLowerCase())
      if (kind === undefined) throw new TypeError('no list of what is known')
      known.items.set(Number.parseInt(number, 36), {
        kind,
        reactions: small(reactions),
        references: small(references),
        head: small(tip),
        standing: small(standing),
        total: small(total),
        comments: read(comments),
        reviews: new Set(read(reviews).keys()),
        lines: read(lines),
        threads: new Set(read(threads).keys()),
      })
    }
    return known
  }
}

const small = (text: string): number => (text === '' ? 0 : Number.parseInt(text, 36))

function written(ids: ReadonlyMap<number, number> | ReadonlySet<number>): string {
  let last = 0
  const reactions = (id: number): number => ('get' in ids ? (ids.get(id) ?? 0) : 0)
  return [...ids.keys()]
    .toSorted((a, b) => a - b)
    .map((id) => {
      const count = reactions(id)
      const text = `${(id - last).toString(36)}${count === 0 ? '' : `*${count.toString(36)}`}`
      last = id
      return text
    })
    .join(',')
}

function read(text: string): Map<number, number> {
  const ids = new Map<number, number>()
  let at = 0
  for (const part of text === '' ? [] : text.split(',')) {
    const [delta = '', count = ''] = part.split('*')
    at += Number.parseInt(delta, 36)
    ids.set(at, count === '' ? 0 : Number.parseInt(count, 36))
  }
  return ids
}
