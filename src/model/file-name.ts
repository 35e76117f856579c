const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
const forbidden = /[\u0000-\u001f\u007f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]/g
const maxBytes = 200

/**
 * A name that every file system takes and no path can be made of: no separators, control letters or direction marks, not `..`, not a
 * device name, at most 200 bytes of UTF-8 with the extension kept, NFC. Never empty.
 */
export function safeFileName(name: string, fallback = 'unnamed'): string {
  const clean = name
    .normalize('NFC')
    .replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '�')
    .replaceAll(forbidden, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '')
  const whole = clean === '' ? fallback : reserved.test(clean) ? `_${clean}` : clean
  if (Buffer.byteLength(whole) <= maxBytes) return whole
  const dot = whole.lastIndexOf('.')
  const extension = dot > 0 && Buffer.byteLength(whole.slice(dot)) <= 20 ? whole.slice(dot) : ''
  return cut(whole.slice(0, whole.length - extension.length), maxBytes - Buffer.byteLength(extension)) + extension
}

/** The longest beginning of a text that fits into so many bytes, never ending within a letter. */
function cut(text: string, bytes: number): string {
  let used = 0
  let end = 0
  for (const letter of text) {
    used += Buffer.byteLength(letter)
    if (used > bytes) break
    end += letter.length
  }
  return text.slice(0, end)
}

/** Gives each name once, ignoring letter case; the second `a.txt` becomes `a (2).txt`. */
export class UniqueNames {
  readonly #taken = new Set<string>()
  take(name: string): string {
    const dot = name.lastIndexOf('.')
    const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? name : `${stem} (${n})${extension}`
      const key = candidate.toLowerCase()
      if (this.#taken.has(key)) continue
      this.#taken.add(key)
      return candidate
    }
  }
}
