import { Random } from '../../world/random.ts'
import { type Answer, type Call, prefers, Refusal, selected } from '../call.ts'
import { listing } from '../pages.ts'

type Happening = { readonly at: number; readonly id: string; readonly type: 'put' | 'left' }

/** Things in one place (a folder, a list) and what happened there, as delta queries tell it. */
export class Feed<T extends object> {
  readonly things = new Map<string, T>()
  readonly #entered = new Map<string, number>()
  readonly #log: Happening[] = []
  #serial = 0

  put(id: string, thing: T): void {
    this.#serial += 1
    if (!this.things.has(id)) this.#entered.set(id, this.#serial)
    this.things.set(id, thing)
    this.#log.push({ at: this.#serial, id, type: 'put' })
  }
  remove(id: string): void {
    this.#serial += 1
    this.things.delete(id)
    this.#log.push({ at: this.#serial, id, type: 'left' })
  }

  /**
   * One answer of a delta query. The first round lists what was there when it began; what changed since shows up in the round after it.
   * What left and came back between two rounds is only said to have left, as with immutable ids at Microsoft (microsoft-graph-docs#21752).
   */
  delta(call: Call, path: string, type: string, shape: (thing: T, query: URLSearchParams) => object): Answer {
    const { query, pager, base, tenant, params } = call
    if (tenant.mailbox(params['user'] ?? '').full)
      throw new Refusal(507, 'ErrorQuotaExceeded', 'The process failed to get the correct properties.')
    const token = query.get('$skiptoken') ?? query.get('$deltatoken')
    const at = token === null ? undefined : pager.position(token)
    // Options are only given at the beginning, and stand in the tokens from then on.
    const asked = at === undefined ? new URLSearchParams([...query]) : new URLSearchParams(String(at['query']))
    const started = Number(at?.['started'] ?? this.#serial)
    const since = at?.['since'] === undefined ? undefined : Number(at['since'])
    const from = Number(at?.['from'] ?? 0)
    const all = since === undefined ? this.#first(started) : this.#later(since, started)
    const gap = from < all.length && pager.gap(from, at?.['gap'] === true)
    const size = pager.size(Number(prefers(call.headers).get('odata.maxpagesize') ?? 10), from)
    const page = gap ? [] : all.slice(from, from + size)
    const next = from + page.length
    const link = (name: string, position: object): string =>
      `${base}${path}?${name}=${pager.token({ query: asked.toString(), ...position })}`
    const entry = (id: string): object => {
      const thing = this.things.get(id)
      const removed =
        thing === undefined || (since !== undefined && this.#log.some((each) => each.id === id && each.type === 'left' && each.at > since))
      return removed ? { id, '@removed': { reason: 'deleted' } } : selected(shape(thing, asked), asked)
    }
    return {
      json: {
        '@odata.context': `${base}/$metadata#Collection(${type})`,
        ...(next < all.length
          ? { '@odata.nextLink': link('$skiptoken', { started, from: next, gap, ...(since === undefined ? {} : { since }) }) }
          : { '@odata.deltaLink': link('$deltatoken', { since: started }) }),
        value: jumbled(page, from).map(entry),
      },
    }
  }

  /** Everything that is there now. */
  list(call: Call, path: string, type: string, shape: (thing: T, query: URLSearchParams) => object): Answer {
    const all = [...this.things.values()].map((thing) => selected(shape(thing, call.query), call.query))
    return listing(call, path, all, { most: 1000, usual: 10, type })
  }

  #first(started: number): readonly string[] {
    const entered = [...this.#entered].filter(([id, at]) => at <= started && this.things.has(id))
    return entered.toSorted(([, a], [, b]) => a - b).map(([id]) => id)
  }
  #later(since: number, started: number): readonly string[] {
    return [...new Set(this.#log.filter(({ at }) => at > since && at <= started).map(({ id }) => id))]
  }
}

/** The same entries in another order: none is promised. */
function jumbled<T>(entries: readonly T[], seed: number): readonly T[] {
  const random = new Random(seed + 1)
  return entries
    .map((entry) => ({ entry, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ entry }) => entry)
}
