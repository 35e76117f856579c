import { hash } from 'node:crypto'

/** Dovecot's `mail_max_keyword_length` is 50 (2.3.19, seen). */
const LONGEST = 50

/**
 * A label or category as an IMAP keyword: an atom of ASCII (RFC 9051, `flag-keyword`). Accents go, other letters become `_`; where more than
 * spaces and marks are lost, the end tells two names apart. The same name always gives the same keyword.
 */
export function keywordOf(name: string): string {
  const plain = name
    .trim()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
  // "]" is allowed in atoms, but not everywhere they are used.
  const atom = plain.replaceAll(/[\s(){%*"\\\]\u0000-\u001f\u007f]|[^\u0000-\u007f]/g, '_')
  const lossy = /[^\u0000-\u007f]/.test(plain) || atom === '' || atom.length > LONGEST
  if (!lossy) return atom
  return `${atom.slice(0, LONGEST - 5)}-${hash('sha256', name).slice(0, 4)}`
}
