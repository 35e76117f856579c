import type { MailNotes } from '../expect.ts'
import type { Waiting } from './work.ts'

/** One mail that stands in its folder now. */
export interface Delivered {
  readonly waiting: Waiting
  readonly notes: MailNotes
  readonly outcome: 'created' | 'updated' | 'unchanged'
}
