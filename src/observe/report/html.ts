/** Markup that is safe to put into a page. Made by the `markup` tag and by nothing else. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
export type Value = Html | string | number | readonly Value[] | undefined

/** Builds markup; everything that is not markup itself is escaped. `undefined` is nothing, lists are joined. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((text, part, index) => text + markupOf(values[index - 1]) + part))
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** Also drops what XML and HTML cannot hold: controls other than tab and line ends, and lone surrogates. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- these are the characters to drop
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\uFFFD')
    .replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter)

function markupOf(value: Value): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.text
  return typeof value === 'string' || typeof value === 'number' ? escaped(String(value)) : value.map(markupOf).join('')
}
