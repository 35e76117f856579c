import type { RunResult } from '../../engine/api.ts'
import type { Kind } from '../../contract/item.ts'
import { markup, type Html } from './html.ts'
import type { Locale } from './locale.ts'
import { tableOf } from './table.ts'

/** When what could be used, counted from the beginning of the whole command; and what was left to other targets. */
export function usable({ milestones, uncarried }: RunResult, { say, count, duration }: Locale): Html {
  const words = say.usable
  const names = (kinds: readonly Kind[]): string => kinds.map((kind) => say.kinds[kind]).join(', ')
  const left = Object.entries(uncarried).map(([kind, items]) => `${say.kinds[kind as Kind]}: ${count(items)}`)
  const table = tableOf(
    words.title,
    [
      { head: words.what, cell: ({ kinds, items, newest }) => (newest ? words.newest(count(items)) : `${names(kinds)} (${count(items)})`) },
      { head: words.where, cell: ({ target }) => target },
      { head: words.after, cell: ({ seconds }) => duration(seconds), figures: true },
    ],
    milestones,
  )
  return markup`${milestones.length === 0 ? markup`<p>${words.nothing}</p>` : table}
<p class="note">${words.note}</p>
${left.length === 0 ? undefined : markup`<p>${words.left} ${left.join('; ')}.</p>`}`
}
