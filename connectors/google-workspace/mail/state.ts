import { z } from 'zod'
import { type Cursor, cursor } from '../../../src/contract/ids.ts'
import { Known } from './known.ts'

const Packed = z.object({
  count: z.number().int().min(0),
  columns: z.string(),
  sets: z.array(z.string()),
  odd: z.array(z.tuple([z.string(), z.number().int()])),
})
const Stored = z.object({
  v: z.literal(1),
  history: z.string(),
  listing: z.object({ token: z.string().nullable(), listed: z.number(), total: z.number() }).nullable(),
  labels: z.record(z.string(), z.string()),
  orphans: z.array(z.string()),
  settings: z.string(),
  lookedAt: z.number(),
  owed: z.array(z.string()),
  known: Packed,
})

/** Where the reading of one person's mail stands. Grows with the number of mails, by about six bytes each. */
export interface State {
  /** Everything before this point of Gmail's history is read or in `listing`. */
  history: string
  /** A first reading under way: the next page, the mails listed so far, and how many Gmail says there are. */
  listing: { token: string | null; listed: number; total: number } | null
  /** Label id → beginning of its revision; the labels that are mailboxes. */
  readonly labels: Map<string, string>
  /** Labels that were deleted; the mails that carried them have to be looked at. */
  readonly orphans: Set<string>
  /** Revision of the settings and what was withheld of them. */
  settings: string
  /** When labels and settings were last read: milliseconds since 1970. */
  lookedAt: number
  /** Mails that Google could not give although it lists them; asked for again by every run, and a run that leaves some has failed. */
  readonly owed: Set<string>
  readonly known: Known
}

export const newState = (history: string, total: number): State => ({
  history,
  listing: { token: null, listed: 0, total },
  labels: new Map(),
  orphans: new Set(),
  settings: '',
  lookedAt: 0,
  owed: new Set(),
  known: new Known(),
})

export function encode(state: State): Cursor {
  const { history, listing, labels, orphans, settings, lookedAt, owed, known } = state
  const sorted = Object.fromEntries([...labels].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return cursor(
    JSON.stringify({
      v: 1,
      history,
      listing,
      labels: sorted,
      orphans: [...orphans],
      settings,
      lookedAt,
      owed: [...owed],
      known: known.pack(),
    }),
  )
}

/** Undefined: nobody of ours wrote it. */
export function decode(since: Cursor): State | undefined {
  try {
    const { labels, orphans, owed, known, ...rest } = Stored.parse(JSON.parse(since))
    return { ...rest, labels: new Map(Object.entries(labels)), orphans: new Set(orphans), owed: new Set(owed), known: new Known(known) }
  } catch {
    return undefined
  }
}
