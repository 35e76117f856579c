const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The name of a ref as text. git's names are bytes, and old repositories have some that are no UTF-8: each byte of such a name beyond ASCII
 * becomes a lone surrogate U+DC80 to U+DCFF, so that `refNameBytes` gives exactly the same bytes again.
 */
export function refNameOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('')
  }
}

export function refNameBytes(name: string): Buffer {
  if (name.isWellFormed()) return Buffer.from(name)
  return Buffer.from(Array.from(name, (letter) => letter.charCodeAt(0) & 0xff))
}

/**
 * True for `HEAD` and for what git itself would take as the name of a ref, below `refs/`.
 * https://git-scm.com/docs/git-check-ref-format, read 2026-11-25
 */
export function isRefName(name: string): boolean {
  if (name === 'HEAD') return true
  if (!name.startsWith('refs/') || name.length > 4096) return false
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\.$/.test(name)) return false
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}
