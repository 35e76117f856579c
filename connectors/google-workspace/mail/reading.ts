import type { gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js'
import type { z } from 'zod'
import { type CollectionId, collectionId } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import type { CallOptions, Google, GooglePerson } from '../google.ts'
import type { State } from './state.ts'

/** What all parts of reading one person's mail share. */
export interface Reading {
  readonly google: Google
  readonly person: GooglePerson
  readonly gmail: gmail_v1.Gmail
  readonly collection: CollectionId
  readonly state: State
  /** Labels that mails carry and no list names, not even after it was read again: they were deleted a moment ago. */
  readonly strangers: Set<string>
  readonly signal: AbortSignal
}

export const mailCollection = (person: GooglePerson): CollectionId => collectionId(`mail/${person.id}`)

/** Enough to ask something. */
export type Asking = Pick<Reading, 'google' | 'person' | 'gmail' | 'signal'>

/** One call of Gmail's API and its answer in a form that is known. @throws Fault; `unavailable` for an answer of another form */
export async function ask<T>(
  { google, person, signal }: Asking,
  method: string,
  schema: z.ZodType<T>,
  send: (options: CallOptions) => Promise<{ readonly data: unknown }>,
): Promise<T> {
  const parsed = schema.safeParse(await google.call(`Gmail refused ${method} of ${person.id}`, send, signal))
  if (parsed.success) return parsed.data
  throw new Fault({
    code: 'unavailable',
    what: `Gmail's answer to ${method} has another form than it should`,
    why: parsed.error.issues
      .map(({ path, message }) => `${path.join('.')}: ${message}`)
      .join('; ')
      .slice(0, 300),
    remedy: 'Run again; if it stays, report it as a defect',
    retry: { type: 'backoff' },
  })
}
