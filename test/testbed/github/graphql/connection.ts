import { compare, readCursor, writeCursor } from '../rest/pages.ts'
import { firstWhere, reversed, type Sequence } from '../table.ts'

export type Args = Readonly<Record<string, unknown>>
type Key<T> = (one: T) => readonly [string, number]

/** One page of a connection. Cursors hold the place in the order, so that rows may come and go between pages. */
export function connection<T extends { readonly id: number }>(list: Sequence<T>, args: Args, show: (one: T) => object, key: Key<T> = byId) {
  const { length } = list
  const down = length > 1 && compare(key(list.at(0)), key(list.at(length - 1))) > 0
  const beyond = (cursor: unknown): number => {
    const place = typeof cursor === 'string' ? readCursor(cursor) : undefined
    if (place === undefined) throw new Error(`\`${String(cursor)}\` does not appear to be a valid cursor.`)
    return firstWhere(list, (one) => (down ? compare(key(one), place) < 0 : compare(key(one), place) > 0))
  }
  let from = typeof args['after'] === 'string' ? beyond(args['after']) : 0
  let to = typeof args['before'] === 'string' ? Math.max(from, beyond(args['before']) - 1) : length
  const { first, last } = args
  if (typeof first === 'number') to = Math.min(to, from + first)
  else if (typeof last === 'number') from = Math.max(from, to - last)
  else to = from
  const rows = Array.from({ length: Math.max(0, to - from) }, (_, at) => list.at(from + at))
  const cursor = (one: T | undefined): string | null => (one === undefined ? null : writeCursor(key(one)))
  return {
    totalCount: length,
    nodes: () => rows.map(show),
    edges: () => rows.map((one) => ({ cursor: cursor(one), node: () => show(one) })),
    pageInfo: {
      hasNextPage: to < length,
      hasPreviousPage: from > 0,
      startCursor: cursor(rows[0]),
      endCursor: cursor(rows.at(-1)),
    },
  }
}
const byId: Key<{ readonly id: number }> = ({ id }) => ['', id]

interface Dated {
  readonly id: number
  readonly createdAt: string
  readonly updatedAt: string
}
/** `orderBy: { field: UPDATED_AT, direction: DESC }`, for tables that know both orders. */
export function ordered<T extends Dated>(
  by: (order: 'created' | 'updated') => Sequence<T>,
  args: Args,
): { readonly list: Sequence<T>; readonly key: Key<T> } {
  const { field, direction } = (args['orderBy'] ?? {}) as { field?: string; direction?: string }
  const order = field === 'UPDATED_AT' ? 'updated' : 'created'
  const list = by(order)
  return {
    list: direction === 'DESC' ? reversed(list) : list,
    key: (one) => [order === 'updated' ? one.updatedAt : one.createdAt, one.id],
  }
}
