import type { RunResult, Totals } from '../../engine/api.ts'
import { stageBar, verdictBar } from './charts.ts'
import { markup, type Html } from './html.ts'
import type { Locale } from './locale.ts'
import { tableOf, type Column } from './table.ts'

export function timeline(result: RunResult, { say, duration, time }: Locale): Html {
  const words = say.timeline
  let from = 0
  const rows = result.stages.map(({ stage, seconds }) => {
    const row = { name: say.stages[stage], bar: stageBar(from, seconds, result.seconds), took: duration(seconds) }
    from += seconds
    return row
  })
  const table = tableOf(
    words.title,
    [
      { head: words.stage, cell: (row) => row.name },
      { head: '', cell: (row) => row.bar, bars: true },
      { head: words.took, cell: (row) => row.took, figures: true },
    ],
    rows,
    { name: words.total, bar: markup``, took: duration(result.seconds) },
  )
  return markup`${table}<p class="note">${words.began} ${time(result.startedAt)}, ${words.ended} ${time(result.finishedAt)}.</p>`
}

interface Row {
  readonly name: string
  readonly totals: Totals
}
const verdictColumns = ({ say, count }: Locale): readonly Column<Row>[] =>
  (['planned', 'matched', 'explained', 'differs', 'missing'] as const).map((field) => ({
    head: say.result[field],
    figures: true,
    cell: ({ totals }) =>
      (field === 'differs' || field === 'missing') && totals[field] > 0
        ? markup`<strong class="bad">${count(totals[field])}</strong>`
        : count(totals[field]),
  }))
const barColumn = ({ say, count }: Locale): Column<Row> => ({
  head: '',
  bars: true,
  cell: ({ totals }) =>
    verdictBar(totals, say.result.chart(count(totals.matched), count(totals.explained), count(totals.differs + totals.missing))),
})

export function results(result: RunResult, locale: Locale): Html {
  const { say, count } = locale
  const { created, updated, unchanged, deleted, failed } = result.applied
  const kinds = Object.entries(result.byKind).map(([kind, totals]) => ({ name: say.kinds[kind as keyof typeof say.kinds] ?? kind, totals }))
  const table = tableOf(
    `${result.source.title} → ${result.target.title}`,
    [{ head: say.result.kind, cell: ({ name }) => name }, barColumn(locale), ...verdictColumns(locale)],
    kinds,
    { name: say.result.all, totals: result.totals },
  )
  return markup`${table}
<p class="legend"><span class="key matched">${say.result.matched}</span> <span class="key explained">${say.result.explained}</span> <span class="key bad">${say.result.differs}, ${say.result.missing}</span></p>
<p class="note">${say.result.legend}</p>
<p>${say.result.applied(count(created), count(updated), count(unchanged), count(deleted), count(failed))}</p>`
}

const PLACES = 60

/** Places with something unexplained first, then the largest. */
export function places(result: RunResult, locale: Locale): Html {
  const { say, count } = locale
  const bad = (totals: Totals): number => totals.differs + totals.missing
  const sorted = result.byCollection.toSorted((a, b) => bad(b) - bad(a) || b.planned - a.planned)
  const rows = sorted.slice(0, PLACES).map(({ title, id, ...totals }) => ({ name: title === '' ? id : title, totals }))
  const rest = sorted.length - rows.length
  return markup`${tableOf(say.places.title, [{ head: say.places.place, cell: ({ name }) => name }, ...verdictColumns(locale)], rows)}${rest > 0 ? markup`<p class="note">${say.places.rest(count(rest))}</p>` : undefined}`
}
