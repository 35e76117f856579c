import { hash } from 'node:crypto'

/** A UID in the form of a UUID, the same for ever for the same native ids. */
export function uidOf(...native: readonly string[]): string {
  const hex = hash('sha256', native.join('\u0000'))
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}
