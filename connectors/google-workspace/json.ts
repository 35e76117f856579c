/**
 * Google's JSON as it comes: nothing is believed, and a field of a wrong type counts as absent, so that one odd item never stops its
 * neighbours. The SDK's own types say what ought to be there.
 */
export type Json = { readonly [key: string]: unknown }

export const object = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
export const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value)
    ? value.flatMap((entry): Json[] => {
        const found = object(entry)
        return found === undefined ? [] : [found]
      })
    : []
/** Text, or none. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')
/** Text that says something. */
export const filled = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null)
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : []
export const flag = (value: unknown): boolean => value === true
/** A whole number, also where it was written as text. */
export function whole(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}
/** An instant as ISO 8601, UTC, or null for what is none. */
export function instant(value: unknown): string | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) || ms < -62_135_596_800_000 || ms > 253_402_300_799_999 ? null : new Date(ms).toISOString()
}
