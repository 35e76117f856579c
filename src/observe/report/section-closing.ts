import type { RunResult } from '../../engine/api.ts'
import { markup, type Html } from './html.ts'
import type { Locale } from './locale.ts'
import { sumHolds } from './section-cover.ts'
import { tableOf } from './table.ts'

export function verification({ totals, blobs, foreign }: RunResult, { say, count, bytes }: Locale): Html {
  const words = say.verification
  const { planned, matched, explained, differs, missing } = totals
  const names = say.result
  const sum = `${count(planned)} ${names.planned} = ${count(matched)} ${names.matched} + ${count(explained)} ${names.explained} + ${count(differs)} ${names.differs} + ${count(missing)} ${names.missing}`
  return markup`<p>${words.method}</p>
<p>${words.blobs(count(blobs.count), bytes(blobs.bytes))}</p>
<p>${sumHolds(totals) ? words.sumHolds(sum) : markup`<strong class="bad">${words.sumBroken(sum)}</strong>`}</p>
<p>${foreign === 0 ? words.noForeign : words.foreign(count(foreign))}</p>`
}

export function leftovers(result: RunResult, { say }: Locale): Html {
  const words = say.leftovers
  if (result.leftovers.length === 0) return markup`<p>${result.command === 'cutover' ? words.noneCutover : words.none}</p>`
  return tableOf(
    words.title,
    [
      { head: words.what, cell: ({ what }) => markup`<span lang="en">${what}</span>` },
      { head: words.why, cell: ({ why }) => markup`<span lang="en">${why}</span>` },
      { head: words.next, cell: ({ remedy }) => markup`<span lang="en">${remedy}</span>` },
    ],
    result.leftovers,
  )
}

export function privacy(result: RunResult, { say }: Locale): Html {
  const words = say.privacy
  const copy = result.command === 'cutover' ? words.stays : result.leftovers.length === 0 ? words.removed : words.kept
  return markup`<p>${words.categories}</p><p>${copy}</p><p>${words.access}</p><p>${words.reference} <span class="line"></span></p>`
}

export function signOff({ say }: Locale): Html {
  const words = say.signOff
  const table = tableOf(
    words.title,
    [
      { head: words.role, cell: (role) => role },
      { head: words.name, cell: () => '' },
      { head: words.date, cell: () => '' },
      { head: words.decision, cell: () => words.decisions.map((decision) => markup`<span>☐ ${decision}</span>`) },
      { head: words.signature, cell: () => '' },
    ],
    words.roles,
  )
  return markup`<div class="sign-off">${table}</div>`
}
