import { orGone, projectPath } from '../../api/client.ts'
import { Discussion, type Note } from '../../api/wire.ts'
import type { NotePlace } from '../../operations.ts'
import { discussionId } from '../../file/note-record.ts'
import type { Delta } from './delta.ts'

export interface StandingNote {
  readonly note: Note
  /** Id of its conversation. */
  readonly discussion: string
}

/** The comments that stand at one issue or merge request, by their times; asked for when first wanted. */
export class Standing {
  readonly path: string
  readonly on: Extract<NotePlace, { readonly iid: number }>
  /** Moments that comments of this run have taken. */
  readonly claimed = new Set<string>()
  readonly #delta: Delta
  #notes: Map<string, StandingNote> | undefined
  /** Ids of conversations that GitLab named itself, by their first comment. */
  readonly #named = new Map<string, string>()
  constructor(delta: Delta, on: Extract<NotePlace, { readonly iid: number }>) {
    this.#delta = delta
    this.on = on
    this.path = projectPath(delta.id, `/${on.type}/${on.iid}`)
  }
  async #read(signal: AbortSignal): Promise<Map<string, StandingNote>> {
    if (this.#notes !== undefined) return this.#notes
    this.#notes = new Map()
    const { client } = this.#delta.work
    const list = await orGone(() => Array.fromAsync(client.list(Discussion, `${this.path}/discussions`, {}, signal)))
    for (const { id, notes } of list ?? []) for (const note of notes) this.#notes.set(moment(note.created_at), { note, discussion: id })
    return this.#notes
  }
  async at(createdAt: string, signal: AbortSignal): Promise<StandingNote | undefined> {
    return (await this.#read(signal)).get(moment(createdAt))
  }
  async add(note: Note, discussion: string, signal: AbortSignal): Promise<void> {
    ;(await this.#read(signal)).set(moment(note.created_at), { note, discussion })
  }
  /** The conversation that begins with this comment gets the name that GitLab gave it. */
  name(root: string, discussion: string): void {
    this.#named.set(root, discussion)
  }
  /** The conversation of a first comment, if it is there. */
  async conversation(root: string, signal: AbortSignal): Promise<string | undefined> {
    const named = this.#named.get(root)
    if (named !== undefined) return named
    const notes = await this.#read(signal)
    const ours = discussionId(root)
    if (notes.values().some(({ discussion }) => discussion === ours)) return ours
    for (const entry of this.#delta.work.context.ledger.entries({ prefix: `gitlab/${root}` })) {
      const { discussion } = entry.notes
      if (entry.item === root && typeof discussion === 'string') return discussion
    }
    return undefined
  }
}
const moment = (text: string): string => new Date(text).toISOString()
