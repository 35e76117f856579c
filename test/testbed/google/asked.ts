/** One GET as a service of the emulator sees it, after the token was checked. */
export interface Asked {
  /** Decoded segments after the API's root: `['users', 'me', 'calendarList']`. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  /** Address of the person in whose name it is asked. */
  readonly person: string
}

/** An answer of Google's that is no success. `reason` is the word in `error.errors[].reason`, or in `error.details` where the API has those. */
export class Refused extends Error {
  readonly status: number
  readonly reason: string
  /** Google's canonical word (`PERMISSION_DENIED`), which the newer APIs add. */
  readonly word: string | undefined
  constructor(status: number, reason: string, message: string, word?: string) {
    super(message)
    this.status = status
    this.reason = reason
    this.word = word
  }
  /** The body as Google writes it. */
  get body(): object {
    const errors = [{ message: this.message, domain: 'global', reason: this.reason }]
    if (this.word === undefined) return { error: { errors, code: this.status, message: this.message } }
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: this.reason, domain: 'googleapis.com' }]
    return { error: { code: this.status, message: this.message, status: this.word, details } }
  }
}

export const notFound = (): Refused => new Refused(404, 'notFound', 'Not Found')

/** A whole number from the query, or the default; out of bounds is refused as Google does. */
export function size(query: URLSearchParams, name: string, usual: number, most: number): number {
  const text = query.get(name)
  if (text === null) return usual
  const asked = Number(text)
  if (!Number.isInteger(asked) || asked < 1) throw new Refused(400, 'invalid', `Invalid value for: ${name}`)
  return Math.min(asked, most)
}
