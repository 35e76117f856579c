import { hash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../contract/json.ts'
import { canonicalJson } from '../model/canonical.ts'
import type { Line } from './lines.ts'

/** One value of a property, ready to be compared. */
export interface CanonicalValue {
  readonly params: Readonly<Record<string, readonly string[]>>
  readonly value: JsonValue
}

/** Parameters by name, their values sorted; those whose words have no letter case in upper case. */
export function canonicalParams(line: Line, caseless: ReadonlySet<string>): Readonly<Record<string, readonly string[]>> {
  const all = new Map<string, string[]>()
  for (const { name, values } of line.params) {
    // Some write TYPE="home,work" and mean two.
    const parts = caseless.has(name) ? values.flatMap((value) => value.toUpperCase().split(',')) : values
    const known = all.get(name)
    if (known === undefined) all.set(name, [...parts])
    else for (const part of parts) known.push(part)
  }
  return Object.fromEntries([...all].map(([name, values]) => [name, values.toSorted()]))
}

/** Values without parameters are bare; neighbours of one name are sorted. */
export function byName(values: Iterable<readonly [string, CanonicalValue]>): JsonObject {
  const names = Map.groupBy(values, ([name]) => name)
  const bare = ([, { params, value }]: readonly [string, CanonicalValue]): JsonValue =>
    Object.keys(params).length === 0 ? value : { params, value }
  return Object.fromEntries([...names].map(([name, entries]) => [name, sorted(entries.map(bare))]))
}

export function sorted<T extends JsonValue>(values: readonly T[]): readonly T[] {
  return values
    .map((value) => ({ value, text: canonicalJson(value) }))
    .toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ value }) => value)
}

/** Bytes as their hash: `sha256:...`. */
export function hashOfBase64(text: string): string {
  return `sha256:${hash('sha256', Buffer.from(text.replaceAll(/\s/g, ''), 'base64'))}`
}
