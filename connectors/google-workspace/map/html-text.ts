const entities: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', '#39': "'" }

/** Whether a description is HTML, as Google's editor writes it; a lone `<` is not. */
export const looksLikeHtml = (text: string): boolean =>
  /<(?:\/?(?:a|b|i|u|p|br|ul|ol|li|div|span|html|strong|em|h[1-6])\b[^>]*)>/i.test(text)

/** What somebody would read: line breaks where the tags mean some, addresses of links behind their words. */
export function textOfHtml(html: string): string {
  return html
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/<a\b[^>]*\bhref="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, (_, href: string, words: string) =>
      words.trim() === '' || words.includes(href.replace(/^mailto:/, '')) ? words : `${words} \u0001${href}>`,
    )
    .replaceAll(/<li\b[^>]*>/gi, '\n- ')
    .replaceAll(/<(?:br|\/p|\/div|\/h[1-6]|\/ul|\/ol)\b[^>]*>/gi, '\n')
    .replaceAll(/<\/?[a-z][^<>]*>/gi, '')
    .replaceAll('\u0001', '<')
    .replaceAll(/&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]+|#39);/gi, (all, name: string) => entities[name.toLowerCase()] ?? numbered(name) ?? all)
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

function numbered(name: string): string | undefined {
  if (!name.startsWith('#')) return undefined
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : undefined
}
