import type { RunResult } from '../../engine/api.ts'
import { markup, type Html } from './html.ts'
import type { Locale } from './locale.ts'
import { tableOf } from './table.ts'

export type Light = 'good' | 'explained' | 'bad'
export function lightOf({ totals }: Pick<RunResult, 'totals'>): Light {
  if (totals.differs + totals.missing > 0 || !sumHolds(totals)) return 'bad'
  return totals.explained > 0 ? 'explained' : 'good'
}
export const sumHolds = ({ planned, matched, explained, differs, missing }: RunResult['totals']): boolean =>
  planned === matched + explained + differs + missing
const signs: Readonly<Record<Light, string>> = { good: '✓', explained: '✓', bad: '✗' }

export function cover(result: RunResult, { say, time }: Locale): Html {
  const { cover: words } = say
  const light = lightOf(result)
  const facts: readonly (readonly [string, string])[] = [
    [words.run, result.run],
    [words.date, time(result.startedAt)],
    [words.kind, say.exercise[result.command]],
    [words.scope, `${result.source.title} (${result.source.name}) → ${result.target.title} (${result.target.name})`],
    ...(result.person === undefined ? [] : [[words.person, result.person] as const]),
    [words.snapshot, `${result.snapshot.id}, ${result.snapshot.state === 'complete' ? words.completeSnapshot : words.partialSnapshot}`],
    [words.evidence, words.evidenceText],
    [words.classification, words.classificationText],
    [words.tool, result.tool],
  ]
  return markup`<p class="result ${light}"><span class="sign" aria-hidden="true">${signs[light]}</span> <strong>${words[light]}</strong></p>
<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`
}

export function objectives(result: RunResult, { say, duration, count, percent }: Locale): Html {
  const words = say.objectives
  const { planned, matched, explained } = result.totals
  const met = lightOf(result) !== 'bad'
  const blank = markup`<span class="blank">${words.fillIn}</span>`
  const rows = [
    {
      name: words.complete,
      measured: `${count(matched + explained)} / ${count(planned)} (${percent(matched + explained, planned)})`,
      agreed: words.must,
      met: met ? `✓ ${words.yes}` : `✗ ${words.no}`,
    },
    { name: words.rto, measured: duration(result.seconds), agreed: blank, met: '☐' },
    { name: words.rpo, measured: duration(result.snapshot.ageSeconds), agreed: blank, met: '☐' },
  ]
  const table = tableOf(
    words.title,
    [
      { head: words.measure, cell: (row) => row.name },
      { head: words.measured, cell: (row) => row.measured },
      { head: words.agreed, cell: (row) => row.agreed },
      { head: words.met, cell: (row) => row.met },
    ],
    rows,
  )
  return markup`${table}<p class="note">${words.note}</p>`
}
