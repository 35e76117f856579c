/** Mailbox names on the wire: modified UTF-7 (RFC 3501, section 5.1.3) for servers that speak IMAP4rev1. */
export function toModifiedUtf7(name: string): string {
  return name.replaceAll(/&|[^\u0020-\u007e]+/g, (run) => {
    if (run === '&') return '&-'
    const bytes = Buffer.from(run, 'utf16le').swap16()
    return `&${bytes.toString('base64').replaceAll('/', ',').replace(/=+$/, '')}-`
  })
}

/** The other way; a sequence that is none stays as it stands. */
export function fromModifiedUtf7(name: string): string {
  return name.replaceAll(/&([A-Za-z0-9+,]*)-/g, (whole, coded: string) => {
    if (coded === '') return '&'
    const bytes = Buffer.from(coded.replaceAll(',', '/'), 'base64')
    return bytes.length % 2 === 0 ? bytes.swap16().toString('utf16le') : whole
  })
}

/** A quoted string. @throws RangeError for letters that no quoted string can hold */
export function quoted(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new RangeError('a line end or NUL in a quoted string')
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}
