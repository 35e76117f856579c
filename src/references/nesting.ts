/**
 * Limits beyond which the parser's time grows with the square of a text's length. What people write stays far below each of them; of texts
 * of 65,536 characters within them the worst known took 3 s of a processor, the worst ones beyond more than 16 s.
 */
const limits = {
  /** Quotes and lists in one another on one line. */
  depth: 100,
  /** Lists that begin within a list on one line, as in `- - a`, in the whole text. */
  listsInLists: 2000,
  /** Headings with a line of `=` or `-` below them. */
  underlined: 500,
  /** In one paragraph: brackets, `]` without a `[` before it, and runs of `*`, `_` or `~`. */
  brackets: 9000,
  loneBrackets: 400,
  emphasis: 6000,
  /** Likewise openings of HTML comments and of tags, each of which makes the parser look for its end. */
  comments: 300,
  tags: 2000,
}

const markers = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/
const marker = /[->+*.)]/g
const underline = /^[ \t>]*(?:=+|-+)\s*$/

interface Counts {
  listsInLists: number
  underlined: number
  open: number
  brackets: number
  lone: number
  emphasis: number
  comments: number
  tags: number
}

/** Why a text is not parsed at all, or nothing: what is made to keep a parser busy is left as it stands, and said. */
export function tooHostile(text: string): string | undefined {
  const counts: Counts = { listsInLists: 0, underlined: 0, open: 0, brackets: 0, lone: 0, emphasis: 0, comments: 0, tags: 0 }
  // Nothing shorter can reach a limit that costs anything.
  if (text.length < limits.loneBrackets) return undefined
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline + 1
    const why = tooMuch(text.slice(start, end), counts)
    if (why !== undefined) return why
    start = end
  }
  return undefined
}

function tooMuch(line: string, counts: Counts): string | undefined {
  if (line.trim() === '') counts.open = counts.brackets = counts.lone = counts.emphasis = counts.comments = counts.tags = 0
  const nested = markers.exec(line)?.[0].match(marker) ?? []
  if (nested.length > limits.depth) return `quotes and lists stand more than ${limits.depth} deep in one another`
  counts.listsInLists += Math.max(0, nested.filter((each) => each !== '>').length - 1)
  if (counts.listsInLists > limits.listsInLists) return `more than ${limits.listsInLists} lists begin within a list`
  if (underline.test(line) && ++counts.underlined > limits.underlined) return `more than ${limits.underlined} underlined headings`
  let last = 0
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code === 91) counts.open++
    else if (code === 93 && counts.open > 0) counts.open--
    else if (code === 93) counts.lone++
    if (code === 91) counts.brackets++
    else if ((code === 42 || code === 95 || code === 126) && code !== last) counts.emphasis++
    else if (code === 60) counts.tags++
    else if (last === 60 && (code === 33 || code === 63)) counts.comments++
    last = code
  }
  if (counts.brackets > limits.brackets) return `a paragraph has more than ${limits.brackets} brackets`
  if (counts.lone > limits.loneBrackets) return `a paragraph has more than ${limits.loneBrackets} closing brackets without an opening one`
  if (counts.comments > limits.comments) return `a paragraph has more than ${limits.comments} HTML comments`
  if (counts.tags > limits.tags) return `a paragraph has more than ${limits.tags} HTML tags`
  return counts.emphasis > limits.emphasis ? `a paragraph has more than ${limits.emphasis} marks of emphasis` : undefined
}
