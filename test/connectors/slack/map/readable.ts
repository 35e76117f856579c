import type { Text } from '../../../../src/model/message.ts'

/**
 * What a person reads of Markdown that has neither emphasis nor links nor holes: escapes resolved as CommonMark does. Anything that would
 * mean something is shown in angle quotes, so that a test sees it.
 */
export function readable(text: Text): string {
  const markdown = text.map((part) => (typeof part === 'string' ? part : `«${part.type}»`)).join('')
  return markdown.split('\n').map(line).join('\n')
}

function line(source: string): string {
  const block = /^ {0,3}(?:#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|(?:[-*_]\s*){3,}$|=+\s*$|-+\s*$|```|~~~)|^(?: {4}|\t)/.exec(
    source,
  )
  if (block !== null) return `«block»${source}`
  let out = ''
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] as string
    const next = source[at + 1]
    if (char === '\\' && next !== undefined && /[!-/:-@[-`{-~]/.test(next)) {
      out += next
      at += 1
    } else if (/[`*[<]/.test(char) || (char === '&' && /^&#?\w+;/.test(source.slice(at)))) out += `«${char}»`
    else out += char
  }
  return out.replaceAll('\u00a0', ' ')
}
