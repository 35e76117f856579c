import { htmlToText } from './html-text.ts'

/** Whether a description is HTML, as Google's editor writes it; a lone `<` is not. */
export const looksLikeHtml = (text: string): boolean =>
  /<(?:\/?(?:a|b|i|u|p|br|ul|ol|li|div|span|html|strong|em|h[1-6])\b[^>]*)>/i.test(text)

/** What somebody would read: Google shows line breaks between the tags as they are, and an address stays behind the words of its link. */
export function textOfHtml(html: string): string {
  const links = html.replaceAll(/<a\b[^>]*\bhref="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, (_, href: string, words: string) =>
    words.trim() === '' || words.includes(href.replace(/^mailto:/, '')) ? words : `${words} &lt;${href}&gt;`,
  )
  return htmlToText(links.replaceAll(/\r\n?|\n/g, '<br>'))
}
