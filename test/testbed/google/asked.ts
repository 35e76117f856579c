import { Refusal } from './refusal.ts'

/** One GET as a service of the emulator sees it, after the token was checked. */
export interface Asked {
  /** Decoded segments after the API's root: `['users', 'me', 'calendarList']`. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  /** Address of the person in whose name it is asked. */
  readonly person: string
}

/** A whole number from the query, or the default. @throws Refusal for what is none */
export function size(query: URLSearchParams, name: string, usual: number, most: number): number {
  const text = query.get(name)
  if (text === null) return usual
  const asked = Number(text)
  if (!Number.isInteger(asked) || asked < 1) throw new Refusal(400, 'invalid', `Invalid value for: ${name}`)
  return Math.min(asked, most)
}
