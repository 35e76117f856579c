import { z } from 'zod'
import type { Answer } from '../client.ts'
import { type Github, rowsOf } from '../github.ts'
import { GithubFault } from '../github-fault.ts'
import type { Mark } from './state.ts'

const perPage = 100
/** GitHub may show a row a little later than its own time says; so far back every run looks again. */
const overlapMs = 2 * 60_000
const mostRecent = 400

const Row = z.object({ id: z.number(), updated_at: z.string() })

/** One page: rows that were not taken before, and how far that brings us. */
export interface Step {
  readonly rows: readonly unknown[]
  readonly mark: Mark
  /** More rows changed in this one second than GitHub gives. */
  readonly capped?: string
}

/**
 * A list in order of change, oldest first, from a mark on. Every page begins anew with `since` at the last row of the one before: a row that
 * changes meanwhile moves to the end and pushes nothing over the edge of a page, and no page number ever meets GitHub's caps (10,000 issues,
 * 30,000 comments). Only where a whole page changed within one second are GitHub's links followed, verbatim.
 * @param path with `sort=updated`, `direction=asc` and everything else but `since`
 */
export async function* sinceWalk(
  github: Github,
  what: string,
  path: string,
  from: Mark | undefined,
  signal: AbortSignal,
): AsyncGenerator<Step> {
  let mark = from ?? { at: '', recent: {} }
  let since = mark.at === '' ? '' : before(mark.at, overlapMs)
  let next: string | undefined
  for (;;) {
    let answer: Answer
    try {
      answer = await github.get(what, next ?? `${path}&per_page=${perPage}${since === '' ? '' : `&since=${since}`}`, signal)
    } catch (error) {
      if (next === undefined || !(error instanceof GithubFault) || error.status !== 422) throw error
      const second = mark.at
      since = after(second)
      next = undefined
      mark = { at: since, recent: {} }
      yield { rows: [], mark, capped: second }
      continue
    }
    const rows = rowsOf(answer.data, undefined, what)
    const fresh: unknown[] = []
    let last = since
    for (const raw of rows) {
      const row = Row.safeParse(raw).data
      if (row === undefined) {
        fresh.push(raw)
        continue
      }
      last = row.updated_at > last ? row.updated_at : last
      if (mark.recent[row.id] !== row.updated_at) fresh.push(raw)
    }
    mark = advanced(mark, rows, last)
    yield { rows: fresh, mark }
    if (answer.next === undefined) return
    if (last === since) next = answer.next
    else {
      since = last
      next = undefined
    }
  }
}

function advanced(mark: Mark, rows: readonly unknown[], last: string): Mark {
  const at = last > mark.at ? last : mark.at
  const edge = at === '' ? '' : before(at, overlapMs)
  const entries = Object.entries(mark.recent).concat(
    rows.flatMap((raw): [string, string][] => {
      const row = Row.safeParse(raw).data
      return row === undefined ? [] : [[String(row.id), row.updated_at]]
    }),
  )
  const kept = [...new Map(entries)].filter(([, updated]) => updated >= edge).toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0))
  // What falls out is only read once more.
  return { at, recent: Object.fromEntries(kept.length > mostRecent ? kept.slice(-mostRecent) : kept) }
}

const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
const before = (time: string, ms: number): string => iso(Date.parse(time) - ms)
const after = (time: string): string => iso(Date.parse(time) + 1000)
