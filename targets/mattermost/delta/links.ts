import type { JsonValue } from '../../../src/contract/json.ts'

/** A text with the addresses that were rewritten before: `links` maps an address of the source to one of this server. */
export function rewritten(message: string, links: JsonValue | undefined): string {
  if (links === undefined || links === null || typeof links !== 'object' || Array.isArray(links)) return message
  let text = message
  // Longest first: one address may begin with another.
  for (const [from, to] of Object.entries(links).toSorted(([a], [b]) => b.length - a.length))
    if (typeof to === 'string') text = text.replaceAll(from, to)
  return text
}
