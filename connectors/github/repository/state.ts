import { z } from 'zod'
import { type Cursor, cursor } from '../../../src/contract/ids.ts'
import { Known } from './known.ts'

/**
 * How far a list in order of change was read. `at`: `updated_at` of the last row that was taken; `recent`: rows of the last moments before it,
 * id → `updated_at`, because GitHub may show a row a little later than its time.
 */
const Mark = z.object({ at: z.string(), recent: z.record(z.string(), z.string()) })
export type Mark = z.infer<typeof Mark>

const Stored = z.object({
  v: z.literal(1),
  name: z.string(),
  former: z.array(z.string()),
  /** What the list of repositories said when each part was read last; a part whose line is the same has nothing new. */
  lines: z.record(z.string(), z.string()),
  /** The day of the last sweep, counted from 1970. */
  swept: z.number().nullable(),
  marks: z.record(z.string(), Mark),
  /** Newest event of which all older ones were read; `top` and `page`: a reading that was broken off. */
  events: z.object({ seen: z.number(), walk: z.object({ top: z.number(), page: z.string() }).nullable() }),
  discussions: z.string(),
  /** Items of short lists: id → the first half of their revision. */
  items: z.record(z.string(), z.string()),
  /** Of all losses that were said, by part. */
  losses: z.record(z.string(), z.string()),
  known: z.string(),
  git: z.unknown(),
})
type Stored = z.infer<typeof Stored>

/** Everything that one repository's cursor remembers. */
export class RepositoryState {
  name: string
  former: string[]
  readonly lines: Map<string, string>
  swept: number | null
  readonly marks: Map<string, Mark>
  events: Stored['events']
  discussions: string
  readonly items: Map<string, string>
  readonly losses: Map<string, string>
  readonly known: Known
  git: unknown

  constructor(stored: Omit<Stored, 'v' | 'known'>, known: Known) {
    this.name = stored.name
    this.former = stored.former
    this.lines = new Map(Object.entries(stored.lines))
    this.swept = stored.swept
    this.marks = new Map(Object.entries(stored.marks))
    this.events = stored.events
    this.discussions = stored.discussions
    this.items = new Map(Object.entries(stored.items))
    this.losses = new Map(Object.entries(stored.losses))
    this.known = known
    this.git = stored.git
  }
  static empty(name: string): RepositoryState {
    const events = { seen: 0, walk: null }
    const nothing = { lines: {}, marks: {}, items: {}, losses: {} }
    return new RepositoryState({ name, former: [], swept: null, events, discussions: '', git: null, ...nothing }, new Known())
  }
  /** The state behind a cursor, or undefined when it is none of ours. */
  static decode(text: Cursor): RepositoryState | undefined {
    try {
      const stored = Stored.parse(JSON.parse(text))
      return new RepositoryState(stored, Known.decode(stored.known))
    } catch {
      return undefined
    }
  }
  encode(): Cursor {
    const { name, former, swept, events, discussions, git } = this
    const stored: Stored = {
      v: 1,
      name,
      former,
      lines: sorted(this.lines),
      swept,
      marks: sorted(this.marks),
      events,
      discussions,
      items: sorted(this.items),
      losses: sorted(this.losses),
      known: this.known.encode(),
      git,
    }
    return cursor(JSON.stringify(stored))
  }
  /** Renamed or transferred: old links still mean it. */
  rename(name: string): void {
    if (name === this.name) return
    this.former = [...new Set([...this.former, this.name])].filter((old) => old !== name)
    this.name = name
  }
}

const sorted = <T>(map: ReadonlyMap<string, T>): Record<string, T> => Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)))
