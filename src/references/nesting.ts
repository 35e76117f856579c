/** How deep quotes and lists may stand in one another. People stay below ten; the parser's time grows with the square. */
const deepest = 100
/** How many `]` a paragraph may have without a `[` before them; each makes the parser look back to the paragraph's start. */
const loneBrackets = 400

const markers = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/
const marker = />|[-+*](?=[ \t])|[.)](?=[ \t])/g

/** Why a text is not parsed at all, or nothing: what is made to keep a parser busy is left as it stands, and said. */
export function tooHostile(text: string): string | undefined {
  let open = 0
  let lone = 0
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline + 1
    const line = text.slice(start, end)
    if (line.trim() === '') open = lone = 0
    const nested = line.length > deepest ? (markers.exec(line)?.[0].match(marker)?.length ?? 0) : 0
    if (nested > deepest) return `quotes and lists stand more than ${deepest} deep in one another`
    for (let at = line.indexOf(']') === -1 ? line.length : 0; at < line.length; at++) {
      const code = line.charCodeAt(at)
      if (code === 91) open++
      else if (code === 93 && open > 0) open--
      else if (code === 93 && ++lone > loneBrackets) return `more than ${loneBrackets} closing brackets without an opening one`
    }
    if (!line.includes(']')) for (let at = line.indexOf('['); at !== -1; at = line.indexOf('[', at + 1)) open++
    start = end
  }
  return undefined
}
