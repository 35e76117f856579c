import type { JsonValue } from '../../src/contract/json.ts'

/**
 * Slack's JSON as it comes: nothing is believed, every field is read through one of the readers below, and a field of a wrong type
 * counts as absent. A schema library would be ten times slower here, and a million messages pass through.
 */
export type Wire = { readonly [key: string]: unknown }

export const wire = (value: unknown): Wire | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Wire) : undefined
export function wires(value: unknown): readonly Wire[] {
  if (!Array.isArray(value)) return none
  // Nearly always all of them are, and no copy is needed.
  for (const entry of value) if (wire(entry) === undefined) return value.filter((one) => wire(one) !== undefined)
  return value as readonly Wire[]
}
const none: readonly never[] = []
export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
/** Text that says something; Slack often writes `""` for "nothing". */
export const filled = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
export const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [])
export const flag = (value: unknown): boolean => value === true
/** A whole number, also where it was written as text. */
export function whole(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}
/** A time in Slack's notation (`1700000000.000100`), always with six decimals, also where some tool wrote fewer or a number. */
export function stamp(value: unknown): string | undefined {
  if (typeof value === 'number' && value > 0 && value < 1e11) return value.toFixed(6)
  if (typeof value !== 'string' || !/^\d{1,11}(\.\d{1,6})?$/.test(value)) return undefined
  if (value.length === 17 && value[10] === '.') return value
  const [seconds = '', fraction = ''] = value.split('.')
  return `${seconds}.${fraction.padEnd(6, '0')}`
}
/** Microseconds since 1970 of such a time; whole numbers are exact until the year 2255. */
export const microseconds = (stamp: string): number => Number(stamp.slice(0, -7)) * 1e6 + Number(stamp.slice(-6))
/** The other way round. */
export const stampOf = (microseconds: number): string => `${Math.floor(microseconds / 1e6)}.${String(microseconds % 1e6).padStart(6, '0')}`

const tokenInUrl = /([?&;]t=)(xox[a-z]-[^&#\s"'|<>\\]+)/g
/** No link with a token in it has fewer characters. */
const shortest = 8
/** What stands in place of a token. */
export const redacted = 'redacted'

/**
 * The same JSON without the tokens that Slack writes into links of an export (`?t=xoxe-…`). Unchanged parts are not copied.
 * `seen` is told each token, so that the links can still be followed.
 */
export function withoutTokens(value: unknown, seen: (token: string) => void): JsonValue {
  return scrub(value, seen, 0) as JsonValue
}

/** Nothing honest is nested deeper; what is would break whoever writes it down. */
const deepest = 100

const mayHaveToken = (value: string): boolean => value.length >= shortest && value.includes('t=xox')

function scrub(value: unknown, seen: (token: string) => void, depth: number): unknown {
  if (typeof value === 'string')
    return mayHaveToken(value)
      ? value.replace(tokenInUrl, (_, before: string, token: string) => (seen(token), `${before}${redacted}`))
      : value
  if (typeof value !== 'object' || value === null) return value
  if (depth > deepest) return null
  if (Array.isArray(value)) return scrubList(value, seen, depth)
  const from = value as Wire
  let to: { [key: string]: unknown } | undefined
  for (const key in from) {
    const before = from[key]
    // Nearly all that a message has is text without a token.
    if (typeof before === 'string' ? !mayHaveToken(before) : typeof before !== 'object') continue
    const clean = scrub(before, seen, depth + 1)
    if (clean === before) continue
    to ??= { ...from }
    to[key] = clean
  }
  return to ?? from
}

function scrubList(list: readonly unknown[], seen: (token: string) => void, depth: number): readonly unknown[] {
  let to: unknown[] | undefined
  for (let at = 0; at < list.length; at += 1) {
    const clean = scrub(list[at], seen, depth + 1)
    if (clean === list[at]) continue
    to ??= [...list]
    to[at] = clean
  }
  return to ?? list
}
