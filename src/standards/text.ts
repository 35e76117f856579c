/**
 * Text without what no standard allows in it: control letters (tab and line breaks stay) and halves of letters.
 * Line breaks become `\n`.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
}

/** A TEXT value (RFC 5545 3.3.11, RFC 6350 3.4; read 2026-11-25). In structured values and lists each part is escaped by itself. */
export function escapeText(text: string): string {
  return cleanText(text)
    .replaceAll(/[\\;,]/g, (letter) => `\\${letter}`)
    .replaceAll('\n', '\\n')
}

/** A text of a card that has no parts: RFC 6350 wants no backslash before a semicolon there, and some readers (ical.js) leave it in. */
export function escapeCardText(text: string): string {
  return escapeText(text).replaceAll('\\;', ';')
}

/** The reverse of `escapeText`; a backslash before any other letter stays. */
export function unescapeText(text: string): string {
  return text.replaceAll(/\\([\\;,:nN])/g, (_, letter: string) => (letter === 'n' || letter === 'N' ? '\n' : letter))
}

/** The parts of a value between separators that no backslash stands before, still escaped. */
export function splitUnescaped(value: string, separator: ',' | ';'): readonly string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '\\') at++
    else if (value[at] === separator) {
      parts.push(value.slice(start, at))
      start = at + 1
    }
  }
  parts.push(value.slice(start))
  return parts
}

/** An address as a value: no control letters, blanks or quotes that would end it early. */
export function uriValue(address: string): string {
  return cleanText(address)
    .trim()
    .replaceAll(/[\s"<>\\^`{|}]/g, (letter) => encodeURIComponent(letter))
}
