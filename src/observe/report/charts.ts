import type { Totals } from '../../engine/api.ts'
import { markup, type Html } from './html.ts'

/** One stacked bar over the whole width: matched, explained, not explained. What is there is never too thin to see. */
export function verdictBar({ planned, matched, explained, differs, missing }: Totals, title: string): Html {
  const parts = (
    [
      ['matched', matched],
      ['explained', explained],
      ['bad', differs + missing],
    ] as const
  ).filter(([, count]) => count > 0)
  const least = 0.8
  const raw = parts.map(([kind, count]) => [kind, Math.max(least, (count / Math.max(1, planned)) * 100)] as const)
  const sum = raw.reduce((all, [, width]) => all + width, 0)
  let x = 0
  const bars = raw.map(([kind, width]) => {
    const scaled = (width / sum) * 100
    const bar = markup`<rect class="${kind}" x="${x.toFixed(2)}" y="0" width="${scaled.toFixed(2)}" height="6"></rect>`
    x += scaled
    return bar
  })
  return markup`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="${title}"><title>${title}</title>${bars}</svg>`
}

/** Where one stage stands in the whole, as a bar between its beginning and its end. */
export function stageBar(fromSeconds: number, seconds: number, wholeSeconds: number): Html {
  const scale = 100 / Math.max(wholeSeconds, 0.001)
  const width = Math.max(0.6, seconds * scale)
  const x = Math.min(fromSeconds * scale, 100 - width)
  return markup`<svg class="bar stage" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" x="0" y="2.5" width="100" height="1"></rect><rect class="took" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="6"></rect></svg>`
}
