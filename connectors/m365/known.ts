import { hash } from 'node:crypto'
import { z } from 'zod'
import { type Cursor, cursor } from '../../src/contract/ids.ts'

/** A calendar, folder, list or plan. `object`: what was seen of it, or a mark of that; `item`: a mark of the item that was given. */
export interface Place {
  readonly object: string
  readonly item: string
}
/** What stands in a place. `mark`: of its version; `more`: what the collection has to remember beside it. */
export interface Thing {
  readonly place: string
  readonly mark: string
  readonly more: string
}

const Written = z.object({
  v: z.literal(1),
  swept: z.number().nullable(),
  losses: z.string(),
  links: z.record(z.string(), z.string()),
  removed: z.array(z.string()),
  places: z.record(z.string(), z.tuple([z.string(), z.string(), z.array(z.tuple([z.number(), z.string(), z.string(), z.string()]))])),
})

/**
 * What a collection held, by native ids, as its cursor keeps it. About 45 bytes a thing: ids of one mailbox begin alike, and only what
 * differs is written.
 */
export class Known {
  readonly places = new Map<string, Place>()
  readonly things = new Map<string, Thing>()
  /** Where each delta query goes on: a delta link, or the link to the next page of an unfinished one. */
  readonly links = new Map<string, string>()
  /** Things that some delta query called removed and nobody has looked for yet. */
  readonly removed = new Set<string>()
  /** When everything was last looked at whatever its version; milliseconds since 1970. */
  swept: number | null = null
  /** A mark of the losses of the listing that were told already. */
  losses = ''

  /** Native ids of what stands in a place. */
  idsIn(place: string): readonly string[] {
    return [...this.things].flatMap(([id, thing]) => (thing.place === place ? [id] : []))
  }

  encode(): Cursor {
    const places: Record<string, [string, string, [number, string, string, string][]]> = {}
    for (const [id, { object, item }] of this.places) places[id] = [object, item, []]
    const last = new Map<string, string>()
    for (const [id, { place, mark, more }] of [...this.things].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const shared = common(last.get(place) ?? '', id)
      const [, , things] = (places[place] ??= ['', '', []])
      things.push([shared, id.slice(shared), mark, more])
      last.set(place, id)
    }
    const { swept, losses, links, removed } = this
    return cursor(JSON.stringify({ v: 1, swept, losses, links: Object.fromEntries(links), removed: [...removed], places }))
  }

  /** Undefined: it was not written by this version. */
  static decode(since: Cursor): Known | undefined {
    const read = Written.safeParse(jsonOf(since))
    if (!read.success) return undefined
    const known = new Known()
    known.swept = read.data.swept
    known.losses = read.data.losses
    for (const [key, link] of Object.entries(read.data.links)) known.links.set(key, link)
    for (const id of read.data.removed) known.removed.add(id)
    for (const [place, [object, item, things]] of Object.entries(read.data.places)) {
      known.places.set(place, { object, item })
      let id = ''
      for (const [shared, rest, mark, more] of things) {
        id = id.slice(0, shared) + rest
        known.things.set(id, { place, mark, more })
      }
    }
    return known
  }
}

/** A short name for a value, which changes when the value does. */
export const markOf = (value: unknown): string => hash('sha256', JSON.stringify(value) ?? '', 'base64url').slice(0, 10)

export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function common(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  let at = 0
  while (at < end && a[at] === b[at]) at += 1
  return at
}
