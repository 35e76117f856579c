import type { Loss, LossCode } from '../../contract/fidelity.ts'
import type { RunResult } from '../../engine/api.ts'
import { markup, type Html } from './html.ts'
import type { Bounded, ReportLists } from './lists.ts'
import type { Locale } from './locale.ts'
import { tableOf } from './table.ts'

export function findings({ findings: { shown, total } }: ReportLists, { say, count }: Locale): Html {
  const words = say.findings
  if (total === 0) return markup`<p>${words.none}</p>`
  const table = tableOf(
    words.title,
    [
      { head: words.item, cell: ({ item }) => markup`<code>${item}</code>` },
      { head: words.where, cell: ({ collection }) => markup`<code>${collection}</code>` },
      { head: words.field, cell: ({ field }) => field ?? '' },
      {
        head: words.what,
        cell: ({ type, detail }) =>
          markup`<span lang="en">${type === 'missing' ? markup`<strong>${say.result.missing}</strong> ` : undefined}${detail}</span>`,
      },
    ],
    shown,
  )
  return markup`${table}${total > shown.length ? markup`<p class="note">${words.rest(count(total - shown.length))}</p>` : undefined}`
}

export function losses(result: RunResult, lists: ReportLists, locale: Locale): Html {
  const { say, count } = locale
  if (result.lossesTotal === 0) return markup`<p>${say.losses.none}</p>`
  const rows = result.losses.toSorted((a, b) => b.count - a.count)
  const summary = tableOf(
    say.losses.summary,
    [
      { head: say.result.kind, cell: ({ kind }) => say.kinds[kind as keyof typeof say.kinds] ?? kind },
      { head: say.losses.reason, cell: ({ code }) => say.codes[code] },
      { head: say.losses.stage, cell: ({ stage }) => say.lossStages[stage] },
      { head: say.losses.effect, cell: ({ effect, field }) => effectText(say.effects[effect], field) },
      { head: say.losses.count, cell: (loss) => count(loss.count), figures: true },
    ],
    rows,
  )
  const groups = [...lists.losses].toSorted(([, a], [, b]) => b.total - a.total)
  return markup`<p>${say.losses.intro}</p>${summary}${groups.map(([code, list]) => group(code, list, locale))}`
}

const effectText = (effect: string, field: string | undefined): string => (field === undefined ? effect : `${effect}: ${field}`)

function group(code: LossCode, { shown, total }: Bounded<Loss>, { say, count }: Locale): Html {
  const table = tableOf(
    say.codes[code],
    [
      { head: say.losses.item, cell: ({ item }) => markup`<code>${item}</code>` },
      { head: say.losses.stage, cell: ({ stage }) => say.lossStages[stage] },
      {
        head: say.losses.effect,
        cell: ({ effect }) => effectText(say.effects[effect.type], effect.type === 'dropped' ? undefined : effect.field),
      },
      { head: say.losses.detail, cell: ({ detail }) => markup`<span lang="en">${detail}</span>` },
    ],
    shown,
  )
  return markup`<section class="reason"><h3>${say.codes[code]} <small><code>${code}</code>, ${say.losses.entries(count(total))}</small></h3>
<p class="decision">${say.losses.decision}</p>
${table}${total > shown.length ? markup`<p class="note">${say.losses.rest(count(total - shown.length))}</p>` : undefined}</section>`
}
