/**
 * Cuts a text into parts of at most `runes` code points, at line ends where there is one, else at spaces, else anywhere.
 * A code block that is cut is closed and opened again, so that every part reads as it did.
 */
export function split(text: string, runes: number): readonly string[] {
  if (text.length <= runes) return [text]
  const points = Array.from(text)
  if (points.length <= runes) return [text]
  const parts: string[] = []
  /** Room for a fence at both ends. */
  const room = runes - 2 * FENCE.length
  let fenced = false
  for (let at = 0; at < points.length;) {
    const end = Math.min(points.length, at + room)
    const cut = end === points.length ? end : cutBefore(points, at, end)
    const piece = points.slice(at, cut).join('')
    const opened = fenced
    if (piece.split('```').length % 2 === 0) fenced = !fenced
    parts.push(`${opened ? '```\n' : ''}${piece}${fenced ? '\n```' : ''}`)
    at = cut
    // The line end at the cut is said by the cut itself.
    if (points[at] === '\n') at++
  }
  return parts
}
const FENCE = '```\n'

function cutBefore(points: readonly string[], from: number, to: number): number {
  const least = from + Math.floor((to - from) / 2)
  for (const wanted of ['\n', ' ']) for (let at = to; at > least; at--) if (points[at] === wanted) return at
  return to
}
