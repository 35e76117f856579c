import type { Graph, Page, Query } from './graph.ts'
import { Fault } from '../../src/fault.ts'
import { isFull, needsResync } from './graph-fault.ts'
import type { Known } from './known.ts'

/** The server does not know a delta link any more: the collection has to be listed from its beginning. */
export class Expired extends Error {
  override readonly name = 'Expired'
  constructor(cause: unknown) {
    super('a delta link expired', { cause })
  }
}

/**
 * `path` and `query` begin the query; `key` is its place among the links of the cursor. `held`: native ids of what was known to stand there,
 * for a mailbox that is too full to write down the state of a delta query.
 */
export interface DeltaQuery {
  readonly key: string
  readonly held: () => readonly string[]
  readonly path: string
  readonly query: Query
  readonly pageSize: number
}

/**
 * Pages of one delta query, from where it stood. After each page that was worked on, `known` says where to go on; so a checkpoint after a
 * page covers it. Yields nothing when there is nothing new. @throws Expired
 */
export async function* deltaPages(graph: Graph, known: Known, wanted: DeltaQuery, signal: AbortSignal): AsyncGenerator<Page['value']> {
  const { key, path, query, pageSize } = wanted
  const link = known.links.get(key)
  const headers = { prefer: [`odata.maxpagesize=${pageSize}`] }
  try {
    for await (const page of graph.pages(link ?? path, link === undefined ? query : {}, headers, signal)) {
      yield page.value
      const next = page.nextLink ?? page.deltaLink
      if (next === undefined) throw endless(key)
      known.links.set(key, next)
    }
  } catch (error) {
    if (isFull(error)) {
      yield* plainPages(graph, wanted, signal)
      return
    }
    if (link !== undefined && needsResync(error)) throw new Expired(error)
    throw error
  }
}

/** The whole listing instead, and what it does not name as removed. The link stays: when there is room again, it may still work. */
async function* plainPages(graph: Graph, { path, query, pageSize, held }: DeltaQuery, signal: AbortSignal): AsyncGenerator<Page['value']> {
  const gone = new Set(held())
  for await (const { value } of graph.pages(path.replace(/\/delta$/, ''), { ...query, $top: pageSize }, {}, signal)) {
    for (const { id } of value) if (typeof id === 'string') gone.delete(id)
    yield value
  }
  yield [...gone].map((id) => ({ id, '@removed': { reason: 'absent' } }))
}

const endless = (key: string): Fault =>
  new Fault({
    code: 'unavailable',
    what: `Microsoft Graph gave no way to go on with ${key.replace(/\/.*/, '')}`,
    why: 'a page of a delta query had neither a next link nor a delta link',
    remedy: 'Run again later; what was done is kept',
    retry: { type: 'backoff' },
  })

/** Whether an entry of a delta query says that a thing is not there any more. It may have been moved. */
export const isRemoved = (raw: Readonly<Record<string, unknown>>): boolean => raw['@removed'] !== undefined
