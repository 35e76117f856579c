const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ŋ: 'n' }

/** Lower-case ASCII of a name as far as its script has a plain reading; anything else becomes a hyphen. */
export function plain(text: string): string {
  const latin = text
    .toLowerCase()
    .replace(/[ßæœøłđðþıŋ]/g, (letter) => LETTERS[letter] ?? '-')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
  return latin.replace(/[^a-z0-9._-]+/g, '-')
}

/** The vendor's own id at the end of an item id, as part of a name: lower-case letters and digits. */
export const tail = (id: string): string =>
  id
    .slice(id.indexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')

const RESERVED_USERS: ReadonlySet<string> = new Set(['all', 'channel', 'here', 'matterbot', 'system', 'playbooks'])

/**
 * A username the server accepts: `[a-z0-9._-]`, 3 to 22 wanted by its own forms, up to 64 stored; begins with a letter or digit.
 * Undefined when nothing readable is left.
 */
export function username(handle: string): string | undefined {
  const name = plain(handle)
    .replace(/-{2,}/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 64)
    .replace(/[^a-z0-9]+$/, '')
  return name === '' || RESERVED_USERS.has(name) ? undefined : name
}

/** Names that are there in every team, or that the address of a page needs. */
const RESERVED_CHANNELS: ReadonlySet<string> = new Set(['town-square', 'off-topic'])

/** A channel name the server accepts: `[a-z0-9_-]`, letter or digit at both ends, 2 to 64. Undefined when nothing readable is left. */
export function channelName(name: string): string | undefined {
  const clean = plain(name)
    .replaceAll('.', '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 64)
    .replace(/[^a-z0-9]+$/, '')
  return clean.length < 2 || RESERVED_CHANNELS.has(clean) ? undefined : clean
}

/**
 * `base` if it is free; else `base-id`; without a base `kind-id`; with a number if that is taken too. Depends on the thing's own id and not on
 * the order of things, so that a name stays when others come. At most 64 characters.
 */
export function free(base: string | undefined, kind: string, id: string, taken: (name: string) => boolean): string {
  if (base !== undefined && !taken(base)) return base
  const end = id.slice(-40)
  const stem = base === undefined ? `${kind}-${end}` : `${base.slice(0, 60 - end.length).replace(/[^a-z0-9]+$/, '')}-${end}`
  for (let n = 1; ; n++) {
    const name = n === 1 ? stem : `${stem.slice(0, 60)}-${n}`
    if (!taken(name)) return name
  }
}

/** At most `runes` code points, without half a character and without NUL; U+2026 marks a cut. */
export function clip(text: string, runes: number): string {
  const whole = wellFormed(text)
  if (whole.length <= runes) return whole
  const points = Array.from(whole)
  return points.length <= runes ? whole : `${points.slice(0, runes - 1).join('')}…`
}

/** Text that PostgreSQL and JSON both carry: no NUL, no half surrogates. */
export function wellFormed(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole
}

/**
 * A file name that stays what it was, made safe for a path and for a file system: no separators, no control characters, not `.` or `..`,
 * at most 200 bytes of UTF-8 with its ending kept.
 */
export function fileName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- these are exactly the characters that must go
  const clean = wellFormed(name)
    .normalize('NFC')
    .replace(/[/\\\u0000-\u001f\u007f]/g, '_')
    .trim()
  if (clean === '' || /^\.+$/.test(clean)) return 'file'
  if (Buffer.byteLength(clean) <= 200) return clean
  const dot = clean.lastIndexOf('.')
  const ending = dot > 0 && Buffer.byteLength(clean.slice(dot)) <= 20 ? clean.slice(dot) : ''
  let stem = ''
  let bytes = Buffer.byteLength(ending)
  for (const point of clean) {
    bytes += Buffer.byteLength(point)
    if (bytes > 200) break
    stem += point
  }
  return `${stem}${ending}`
}
