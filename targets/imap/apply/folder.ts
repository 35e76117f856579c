import { fetchHashes, fetchHeaders, type Seen } from '../client/fetch.ts'
import type { Opened } from '../client/folders.ts'
import { mailRemote, shownFlags, type Spot } from '../expect.ts'
import type { MailOperation } from '../map/operations.ts'
import type { Connection } from '../wire/connection.ts'
import type { Box } from './box.ts'
import { type Looks, markOf } from './mark.ts'
import type { Candidate } from './seen-index.ts'
import { type Work, examinedIn } from './work.ts'

/** A mail that was found where one was to be put. `ours`: an earlier attempt of ours put it there. */
export interface Adopted {
  readonly uid: number
  readonly ours: boolean
  readonly flags: readonly string[]
}

/**
 * A mail that may stand there already. `attempted`: we tried to put it there, and do not know how that ended. `old`: what it replaces, which
 * may look just like it: an edit need not change the header, nor the size.
 */
interface Wanted {
  readonly op: MailOperation
  readonly old?: Spot | undefined
  readonly looks: Pick<Looks, 'mark' | 'distinct'> & Partial<Pick<Looks, 'others'>>
  readonly sha256: string
  readonly attempted: boolean
}

/** One folder during one run: what was there when it was first opened, and what has come since. */
export class FolderState {
  readonly login: string
  readonly name: string
  /** Keywords that this folder is known to keep. */
  readonly kept = new Set<string>()
  /** Mails below this uid were there when the run began, and have been looked at. Undefined: not opened yet. */
  examined: number | undefined
  opened: Opened | undefined
  /** Mails from this uid on have not been looked at. */
  #next = 1
  #candidates = false
  #preparing: Promise<Opened> | undefined

  constructor(login: string, name: string) {
    this.login = login
    this.name = name
  }

  /** Opens the folder on this connection, and looks once at everything in it that the ledger does not know. */
  async prepare(work: Work, box: Box, connection: Connection): Promise<Opened> {
    if (this.opened !== undefined) return this.opened
    // Two who come at once look once.
    this.#preparing ??= this.#prepare(work, box, connection).finally(() => (this.#preparing = undefined))
    return this.#preparing
  }
  async #prepare(work: Work, box: Box, connection: Connection): Promise<Opened> {
    const opened = await box.select(connection, this.name)
    if (opened.exists > 0)
      await this.#look(work, connection, examinedIn(work, this.login, this.name, opened.uidValidity), opened.uidValidity)
    this.examined = opened.uidNext
    this.#next = Math.max(this.#next, opened.uidNext)
    this.opened = opened
    return opened
  }

  /** Looks at what has come since: after an attempt whose end was not heard, or where the server does not say what it numbered. */
  async lookAgain(work: Work, box: Box, connection: Connection): Promise<void> {
    box.deselect(connection)
    const { uidValidity, uidNext } = await box.select(connection, this.name)
    // Whoever has it open as it was before would look for these mails in vain.
    box.changed(this.name, connection)
    await this.#look(work, connection, this.#next, uidValidity)
    this.#next = Math.max(this.#next, uidNext)
  }

  /** These came from us, and need not be looked at. */
  passed(uid: number): void {
    this.#next = Math.max(this.#next, uid + 1)
  }

  async #look(work: Work, connection: Connection, from: number, uidValidity: number): Promise<void> {
    for await (const seen of fetchHeaders(connection, `${from}:*`)) {
      this.#next = Math.max(this.#next, seen.uid + 1)
      if (seen.uid < from) continue
      if (work.ledger.byRemote(mailRemote(this.login, { folder: this.name, uidValidity, uid: seen.uid })) !== undefined) continue
      work.index.add(this.login, this.name, markOf(seen.header, seen.size).mark, seen)
      this.#candidates = true
    }
  }

  /** The mail that stands here already in place of this one, if there is one. Each is given once. */
  async adopt(work: Work, box: Box, connection: Connection, wanted: Wanted): Promise<Adopted | undefined> {
    if (!this.#candidates) return undefined
    const { op, old, looks, sha256, attempted } = wanted
    const replaced = old?.folder === this.name && old.uidValidity === this.opened?.uidValidity ? old.uid : undefined
    const under = (mark: string): readonly Candidate[] =>
      work.index.find(this.login, this.name, mark, op.date).filter(({ uid }) => uid !== replaced)
    const mark = [looks.mark, ...(looks.others ?? [])].find((one) => under(one).length > 0) ?? looks.mark
    const candidates = under(mark)
    const sure = looks.distinct && candidates.length === 1 ? candidates[0] : await this.#sameBytes(box, connection, candidates, sha256)
    if (sure === undefined) return undefined
    work.index.take(this.login, this.name, mark, sure.uid)
    const uidValidity = this.opened?.uidValidity ?? 0
    if (work.ledger.byRemote(mailRemote(this.login, { folder: this.name, uidValidity, uid: sure.uid })) !== undefined)
      return this.adopt(work, box, connection, wanted)
    return { uid: sure.uid, flags: sure.flags, ours: attempted && sure.date === op.date && sameFlags(sure.flags, op.flags) }
  }

  async #sameBytes(box: Box, connection: Connection, candidates: readonly Candidate[], sha256: string): Promise<Candidate | undefined> {
    if (candidates.length === 0) return undefined
    await box.select(connection, this.name)
    const same = new Set<number>()
    for await (const seen of fetchHashes(connection, candidates.map(({ uid }) => uid).join(',')))
      if (seen.sha256 === sha256) same.add(seen.uid)
    return candidates.find(({ uid }) => same.has(uid))
  }

  /** One mail as it stands now. */
  async read(box: Box, connection: Connection, uid: number): Promise<Seen | undefined> {
    await box.select(connection, this.name)
    for await (const seen of fetchHashes(connection, String(uid))) if (seen.uid === uid) return seen
    return undefined
  }
}

/** Servers may have dropped keywords; then the mail is still ours. */
const sameFlags = (there: readonly string[], wanted: readonly string[]): boolean => {
  const asked = shownFlags(wanted)
  return there.every((flag) => asked.includes(flag)) && asked.every((flag) => !flag.startsWith('\\') || there.includes(flag))
}
