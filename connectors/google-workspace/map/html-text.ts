const names: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  euro: '€',
}

/** Stands where a block begins: a new line unless there is one already. */
const begin = '\u0001'

/** The words of a short piece of HTML, as an absence notice is: paragraphs and line breaks stay, everything else goes. */
export function htmlToText(html: string): string {
  return (
    html
      .replaceAll(/<!--.*?-->|<(style|script)\b.*?<\/\1\s*>/gis, '')
      .replaceAll(/[\r\n\t ]+/g, ' ')
      // The one line break inside of an empty line is that line.
      .replaceAll(/<br\b[^>]*>\s*<\/(?:div|p)\s*>/gi, '\n')
      .replaceAll(/<li\b[^>]*>/gi, `${begin}- `)
      .replaceAll(/<(?:div|p|ul|ol|table|tr|blockquote|h[1-6])\b[^>]*>/gi, begin)
      .replaceAll(/<br\b[^>]*>|<\/(?:div|li|tr|h[1-6])\s*>/gi, '\n')
      .replaceAll(/<\/(?:p|ul|ol|table|blockquote)\s*>/gi, '\n\n')
      .replaceAll(/<[^<>]*>/g, '')
      .replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return Object.hasOwn(names, name) ? (names[name] ?? whole) : whole
        const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      })
      .replaceAll(/[ \u00a0]*([\n\u0001])[ \u00a0]*/g, '$1')
      .replaceAll(/(^|\n)\u0001+/g, '$1')
      .replaceAll(/\u0001+/g, '\n')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim()
  )
}
