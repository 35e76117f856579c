import { Random } from '../world/random.ts'
import { type Answer, type Call, prefers, Refusal } from './call.ts'

export type PageSizes = 'small' | 'full'

/** Cuts lists into pages the way Graph does: never more than asked, often fewer, now and then none at all with a link to more. */
export class Pager {
  readonly sizes: PageSizes
  #era = 0
  constructor(sizes: PageSizes) {
    this.sizes = sizes
  }
  /** State tokens handed out until now are refused from now on, as after days without a request. */
  expireTokens(): void {
    this.#era += 1
  }
  token(position: object): string {
    return Buffer.from(JSON.stringify({ era: this.#era, ...position })).toString('base64url')
  }
  /** @throws Refusal 410 `SyncStateNotFound`, or 400 for what is no token. */
  position(token: string): Readonly<Record<string, unknown>> {
    let read: Record<string, unknown>
    try {
      read = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>
    } catch {
      throw new Refusal(400, 'ErrorInvalidSyncStateData', 'The sync state is invalid.')
    }
    if (read['era'] !== this.#era) throw new Refusal(410, 'SyncStateNotFound', 'The sync state generation is not found.')
    return read
  }
  /** How many entries the page at a position gets. */
  size(asked: number, position: number): number {
    if (this.sizes === 'full') return asked
    const random = new Random(position * 31 + 7)
    return Math.max(1, Math.min(asked, 4 + random.below(9)))
  }
  /** Whether a page is empty although there is more. Never twice in a row. */
  gap(position: number, after: boolean): boolean {
    return this.sizes === 'small' && !after && position > 0 && new Random(position * 17 + 3).chance(0.2)
  }
}

export interface Listing {
  /** What the caller may ask for at most in one page, and what comes when he asks for nothing. */
  readonly most: number
  readonly usual: number
  readonly type: string
}

/** One page of a plain listing, in the order given, with `$top` or `odata.maxpagesize` and an opaque `$skiptoken`. */
export function listing(call: Call, path: string, all: readonly object[], { most, usual, type }: Listing): Answer {
  const { query, pager, base } = call
  const top = Number(query.get('$top') ?? prefers(call.headers).get('odata.maxpagesize') ?? usual)
  if (!Number.isInteger(top) || top < 1 || top > most)
    throw new Refusal(400, 'Request_BadRequest', `Invalid page size specified: '${top}'.`)
  const token = query.get('$skiptoken')
  const at = token === null ? { from: 0, gap: false } : pager.position(token)
  const from = Number(at['from'])
  const gap = pager.gap(from, at['gap'] === true)
  const value = gap ? [] : all.slice(from, from + pager.size(top, from))
  const next = from + value.length
  const link = new URL(`${base}${path}`)
  for (const [name, kept] of query) if (name !== '$skiptoken') link.searchParams.set(name, kept)
  link.searchParams.set('$skiptoken', pager.token({ from: next, gap }))
  return {
    json: { '@odata.context': `${base}/$metadata#${type}`, ...(next < all.length ? { '@odata.nextLink': link.href } : {}), value },
  }
}
