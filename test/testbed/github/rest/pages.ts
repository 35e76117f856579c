import { firstWhere, tail, type Sequence } from '../table.ts'
import { Refusal, type Paging } from './call.ts'

export interface Page {
  readonly rows: readonly unknown[]
  /** For the header `Link`; undefined: everything is on this page. */
  readonly link: string | undefined
}

const cursorOf = (place: readonly [string, number]): string => Buffer.from(`cursor:v2:${JSON.stringify(place)}`).toString('base64')
export function readCursor(cursor: string): readonly [string, number] | undefined {
  try {
    const [time, id]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64').toString().replace('cursor:v2:', '')) as unknown[]
    return typeof time === 'string' && typeof id === 'number' ? [time, id] : undefined
  } catch {
    return undefined
  }
}
export const writeCursor = cursorOf

/** One page of a list, and the way to its neighbours. `self` is the address that was asked, as GitHub writes it back. */
export function page(list: Sequence<unknown>, query: URLSearchParams, self: string, paging: Paging): Page {
  const size = Math.max(1, Math.min(100, positive(query.get('per_page'), 30)))
  switch (paging.type) {
    case 'numbers':
      return numbered(list, query, size, self, paging.cap)
    case 'issues':
      return issues(list, query, size, self, paging)
    case 'cursor': {
      const start = Number(Buffer.from(query.get('after') ?? '', 'base64').toString() || 0)
      const rows = slice(list, start, size)
      const next = start + size < list.length
      const after = Buffer.from(String(start + size)).toString('base64')
      return { rows, link: next ? link([['next', { after }]], query, self) : undefined }
    }
  }
}

function numbered(list: Sequence<unknown>, query: URLSearchParams, size: number, self: string, cap = Infinity): Page {
  const at = Math.max(1, positive(query.get('page'), 1))
  if (at * size > cap)
    throw new Refusal(422, 'In order to keep the API fast for everyone, pagination is limited for this resource.', {}, { errors: [] })
  const last = Math.max(1, Math.ceil(list.length / size))
  const ways: Way[] = []
  if (at > 1) ways.push(['prev', { page: String(Math.min(at - 1, last)) }])
  if (at < last) ways.push(['next', { page: String(at + 1) }], ['last', { page: String(Math.min(last, Math.floor(cap / size))) }])
  if (at > 1) ways.push(['first', { page: '1' }])
  return { rows: slice(list, (at - 1) * size, size), link: link(ways, query, self) }
}

/** Issues: cursors in the links, numbers only up to the cap. */
function issues(
  list: Sequence<unknown>,
  query: URLSearchParams,
  size: number,
  self: string,
  { cap, key }: Extract<Paging, { type: 'issues' }>,
): Page {
  const after = query.get('after')
  const at = Math.max(1, positive(query.get('page'), 1))
  if (after === null && at * size > cap)
    throw new Refusal(
      422,
      'Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)',
    )
  const start = after === null ? (at - 1) * size : afterKey(list.length, key, readCursor(after))
  const rows = slice(list, start, size)
  const end = start + rows.length
  if (rows.length === 0 || end >= list.length) return { rows, link: undefined }
  return { rows, link: link([['next', { after: cursorOf(key(end - 1)), page: String(at + 1) }]], query, self) }
}
/** Where a list goes on after a place that may be gone by now. The list runs up or down. */
function afterKey(length: number, key: (row: number) => readonly [string, number], place: readonly [string, number] | undefined): number {
  if (place === undefined) throw new Refusal(422, 'Validation Failed')
  if (length === 0) return 0
  const keys: Sequence<readonly [string, number]> = { length, at: key }
  const down = compare(key(0), key(length - 1)) > 0
  return firstWhere(keys, (one) => (down ? compare(one, place) < 0 : compare(one, place) > 0))
}
export const compare = (a: readonly [string, number], b: readonly [string, number]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]

type Way = readonly [rel: string, change: Readonly<Record<string, string>>]
function link(ways: readonly Way[], query: URLSearchParams, self: string): string | undefined {
  if (ways.length === 0) return undefined
  return ways
    .map(([rel, change]) => {
      const asked = new URLSearchParams(query)
      for (const [name, value] of Object.entries(change)) asked.set(name, value)
      return `<${self}?${asked.toString()}>; rel="${rel}"`
    })
    .join(', ')
}
const positive = (text: string | null, otherwise: number): number => {
  const value = Number(text ?? otherwise)
  return Number.isInteger(value) && value > 0 ? value : otherwise
}
export function slice<T>(list: Sequence<T>, start: number, size: number): T[] {
  const rest = tail(list, start)
  return Array.from({ length: Math.min(size, rest.length) }, (_, index) => rest.at(index))
}
