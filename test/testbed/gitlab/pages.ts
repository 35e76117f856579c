import type { Answer, Ask } from './ask.ts'
import { Refusal } from './refusal.ts'

const MOST = 100
const numeric = (text: string | null, fallback: number): number => (text !== null && /^\d+$/.test(text) ? Number(text) : fallback)

function linkTo(ask: Ask, changes: Readonly<Record<string, string>>): string {
  const url = new URL(ask.http.req.path, ask.world.url)
  for (const [key, value] of ask.query) url.searchParams.append(key, value)
  for (const [key, value] of Object.entries(changes)) url.searchParams.set(key, value)
  return url.href
}

/** A list that only counts and slices what is asked for. */
export interface Slices<T> {
  readonly total: number
  readonly slice: (offset: number, limit: number) => readonly T[]
}
export const slicesOf = <T>(all: readonly T[]): Slices<T> => ({
  total: all.length,
  slice: (offset, limit) => all.slice(offset, offset + limit),
})

/**
 * One page by number: 20 unless `per_page` says more, 100 at most. Above 10,000 rows there is neither a total nor a last page
 * (doc/api/rest/_index.md "Pagination response headers", read 2026-11-25).
 */
export function page<T>(ask: Ask, all: Slices<T> | readonly T[], shape: (row: T) => unknown): Answer {
  if (ask.query.get('pagination') === 'keyset')
    throw new Refusal(405, { error: 'Keyset pagination is not yet available for this type of request' })
  const rows: Slices<T> = 'slice' in all && 'total' in all ? all : slicesOf(all)
  const size = Math.min(Math.max(1, numeric(ask.query.get('per_page'), 20)), MOST)
  const at = Math.max(1, numeric(ask.query.get('page'), 1))
  const offset = (at - 1) * size
  const total = rows.total
  const more = offset + size < total
  const last = Math.max(1, Math.ceil(total / size))
  const links = [
    ...(at > 1 ? [`<${linkTo(ask, { page: String(at - 1), per_page: String(size) })}>; rel="prev"`] : []),
    ...(more ? [`<${linkTo(ask, { page: String(at + 1), per_page: String(size) })}>; rel="next"`] : []),
    `<${linkTo(ask, { page: '1', per_page: String(size) })}>; rel="first"`,
    ...(total > 10_000 ? [] : [`<${linkTo(ask, { page: String(last), per_page: String(size) })}>; rel="last"`]),
  ]
  return {
    json: rows.slice(offset, size).map(shape),
    headers: {
      link: links.join(', '),
      'x-page': String(at),
      'x-per-page': String(size),
      'x-next-page': more ? String(at + 1) : '',
      'x-prev-page': at > 1 ? String(at - 1) : '',
      ...(total > 10_000 ? {} : { 'x-total': String(total), 'x-total-pages': String(last) }),
    },
  }
}

/** As `page`, and by keyset over ids where that is asked for: only a Link header leads on, and only ordering by id works. */
export function keysetPage<T extends { readonly id: number }>(ask: Ask, all: readonly T[], shape: (row: T) => unknown): Answer {
  const down = (ask.query.get('sort') ?? 'desc') === 'desc'
  const sorted = all.toSorted((a, b) => (down ? b.id - a.id : a.id - b.id))
  const offset = (numeric(ask.query.get('page'), 1) - 1) * numeric(ask.query.get('per_page'), 20)
  if (ask.query.get('pagination') !== 'keyset') {
    if (offset >= 50_000)
      throw new Refusal(405, {
        error: 'Offset pagination has a maximum allowed offset of 50000. Remaining records can be retrieved using keyset pagination.',
      })
    return page(ask, sorted, shape)
  }
  if ((ask.query.get('order_by') ?? 'id') !== 'id')
    throw new Refusal(405, { error: 'Keyset pagination is not yet available for this type of request' })
  const size = Math.min(Math.max(1, numeric(ask.query.get('per_page'), 20)), MOST)
  const after = numeric(ask.query.get('id_after'), 0)
  const before = numeric(ask.query.get('id_before'), Number.MAX_SAFE_INTEGER)
  const rest = sorted.filter(({ id }) => id > after && id < before)
  const rows = rest.slice(0, size)
  const last = rows.at(-1)
  const next = last === undefined || rest.length <= size ? undefined : linkTo(ask, { [down ? 'id_before' : 'id_after']: String(last.id) })
  return { json: rows.map(shape), headers: next === undefined ? {} : { link: `<${next}>; rel="next"` } }
}
