/** Elements whose content is not for reading. */
const unseen = new Set(['head', 'style', 'script', 'title'])
/** Elements that begin a line. */
const blocks = new Set(
  'p div tr table ul ol li h1 h2 h3 h4 h5 h6 blockquote pre section article header footer hr dl dt dd address figure'.split(' '),
)
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  euro: '€',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  bdquo: '„',
  bull: '•',
  copy: '©',
  reg: '®',
}

/**
 * What somebody would read in a piece of HTML: text, line breaks, the marks of lists, and the address behind a link that does not show it.
 * Takes time linear in the text; what is no HTML comes out as it is.
 */
export function textOfHtml(html: string): string {
  const out: string[] = []
  let hidden: string | undefined
  let link: { readonly href: string; readonly at: number } | undefined
  for (const token of tokens(html)) {
    if (hidden !== undefined) {
      if (token.type === 'end' && token.name === hidden) hidden = undefined
    } else if (token.type === 'text') out.push(unescapeEntities(token.text).replaceAll(/[\s\u00a0]+/g, ' '))
    else if (token.type === 'start' && unseen.has(token.name)) hidden = token.name
    else if (token.name === 'br') out.push('\n')
    else if (token.type === 'start' && token.name === 'a') link = { href: hrefOf(token.text), at: out.length }
    else if (token.type === 'end' && token.name === 'a') {
      if (link !== undefined && worthShowing(link.href, out.slice(link.at).join(''))) out.push(` <${link.href}>`)
      link = undefined
    } else if (token.name === 'td' || token.name === 'th') out.push(token.type === 'end' ? '\t' : '')
    else if (blocks.has(token.name)) out.push(token.type === 'start' && token.name === 'li' ? '\n- ' : '\n')
  }
  return tidy(out.join(''))
}

interface Token {
  readonly type: 'text' | 'start' | 'end'
  readonly name: string
  readonly text: string
}
function* tokens(html: string): Generator<Token> {
  // What lies behind it opens nothing: looking for an end again from every `<` would take time by the square.
  const last = html.lastIndexOf('>')
  for (let at = 0; at < html.length;) {
    const open = html.indexOf('<', at)
    const stop = open === -1 ? html.length : open
    if (stop > at) yield { type: 'text', name: '', text: html.slice(at, stop) }
    if (open === -1) return
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4)
      at = end === -1 ? html.length : end + 3
      continue
    }
    const end = open < last ? html.indexOf('>', open + 1) : -1
    const name = /^\/?[A-Za-z][A-Za-z0-9:]*|^[!?]/.exec(html.slice(open + 1, open + 33))?.[0]
    if (end === -1 || name === undefined) {
      yield { type: 'text', name: '', text: '<' }
      at = open + 1
      continue
    }
    if (name.startsWith('/')) yield { type: 'end', name: name.slice(1).toLowerCase(), text: '' }
    else yield { type: 'start', name: name.toLowerCase(), text: html.slice(open + 1 + name.length, end) }
    at = end + 1
  }
}

const hrefOf = (attributes: string): string => {
  const found = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(attributes.slice(0, 4096))
  return unescapeEntities(found?.[1] ?? found?.[2] ?? found?.[3] ?? '').trim()
}
const worthShowing = (href: string, shown: string): boolean =>
  /^https?:/i.test(href) &&
  !shown.includes(href) &&
  shown.trim().replace(/\/$/, '') !== href.replace(/^https?:\/\//i, '').replace(/\/$/, '')

const unescapeEntities = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}\d?));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff) ? String.fromCodePoint(code) : ''
  })

const tidy = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
