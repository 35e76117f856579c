import { z } from 'zod'
import { type Cursor, cursor } from '../../../src/contract/ids.ts'

const FolderWire = z.object({ r: z.string(), l: z.string().nullable(), d: z.boolean(), n: z.number(), t: z.number().nullable() })
const StateWire = z.object({
  v: z.literal(1),
  phase: z.enum(['first', 'again', 'steady']),
  swept: z.string().nullable(),
  settings: z.string(),
  asked: z.string().nullable(),
  roles: z.record(z.string(), z.string()),
  folders: z.record(z.string(), FolderWire),
  removed: z.array(z.string()),
  unsure: z.array(z.string()),
  built: z.array(z.string()),
  plain: z.boolean(),
  noMailbox: z.boolean(),
})

/** What is remembered of one folder. */
export interface FolderState {
  /** Revision of the item made of it. */
  revision: string
  /** Where its listing goes on: a next link inside a round, a delta link after it; undefined before the first. */
  link: string | undefined
  /** A round of it was finished at least once. */
  done: boolean
  /** Mails named in it so far, in a full listing; those that changed while a run was killed count twice. */
  named: number
  /** What Exchange said it holds when it was last read. */
  total: number | undefined
}

/**
 * What one mailbox was seen to hold: the cursor of its collection. Grows with folders, never with mails: which mails there are is
 * Microsoft's to remember, behind a link for each folder.
 */
export class MailState {
  /**
   * `first`: everything is being listed for the first time, and a killed run goes on where it was; `again`: everything has to be listed
   * from the beginning; `steady`: only what changed.
   */
  phase: 'first' | 'again' | 'steady' = 'first'
  /** ISO time of the last complete listing that was confirmed. */
  swept: string | undefined
  /** Revision of the settings. */
  settings = ''
  /** ISO time at which the settings were last asked for. */
  asked: string | undefined
  /** Ids of the folders that are there for something, by Graph's word; empty for those that do not exist. */
  readonly roles = new Map<string, string>()
  readonly folders = new Map<string, FolderState>()
  /** Mails that left a folder, and of which is not yet known where they went. */
  readonly removed = new Set<string>()
  /** Mails whose bytes were under way when this was written down: whether they could be had is not known. */
  readonly unsure = new Set<string>()
  /** Mails whose bytes were put together by us. */
  readonly built = new Set<string>()
  /** This server gives no extended properties in listings. */
  plain = false
  noMailbox = false

  folder(id: string): FolderState {
    const known = this.folders.get(id) ?? { revision: '', link: undefined, done: false, named: 0, total: undefined }
    this.folders.set(id, known)
    return known
  }
  /** For a listing of everything from the beginning. What was built by us stays built. */
  forget(): void {
    this.phase = 'first'
    this.settings = ''
    this.asked = undefined
    this.folders.clear()
    this.removed.clear()
  }
  encode(): Cursor {
    const folders = [...this.folders].map(
      ([id, { revision, link, done, named, total }]) =>
        [id, { r: revision, l: link ?? null, d: done, n: named, t: total ?? null }] as const,
    )
    const wire: z.infer<typeof StateWire> = {
      v: 1,
      phase: this.phase,
      swept: this.swept ?? null,
      settings: this.settings,
      asked: this.asked ?? null,
      roles: Object.fromEntries([...this.roles].toSorted(byName)),
      folders: Object.fromEntries(folders.toSorted(byName)),
      removed: [...this.removed].toSorted(),
      unsure: [...this.unsure].toSorted(),
      built: [...this.built].toSorted(),
      plain: this.plain,
      noMailbox: this.noMailbox,
    }
    return cursor(JSON.stringify(wire))
  }
  /** The state behind a cursor, or undefined when it is none of ours. */
  static decode(since: Cursor): MailState | undefined {
    let wire: z.infer<typeof StateWire>
    try {
      wire = StateWire.parse(JSON.parse(since))
    } catch {
      return undefined
    }
    const state = new MailState()
    state.phase = wire.phase
    state.swept = wire.swept ?? undefined
    state.settings = wire.settings
    state.asked = wire.asked ?? undefined
    for (const [word, id] of Object.entries(wire.roles)) state.roles.set(word, id)
    for (const [id, { r, l, d, n, t }] of Object.entries(wire.folders))
      state.folders.set(id, { revision: r, link: l ?? undefined, done: d, named: n, total: t ?? undefined })
    for (const id of wire.removed) state.removed.add(id)
    for (const id of wire.unsure) state.unsure.add(id)
    for (const id of wire.built) state.built.add(id)
    state.plain = wire.plain
    state.noMailbox = wire.noMailbox
    return state
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)
