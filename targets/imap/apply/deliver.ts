import type { Loss } from '../../../src/contract/fidelity.ts'
import type { LedgerEntry } from '../../../src/contract/target.ts'
import { type Appended, type Begun, appendTogether, beginEach, beginTogether, begun } from '../client/append.ts'
import { type MailNotes, mailNotes } from '../expect.ts'
import type { MailOperation } from '../map/operations.ts'
import type { Connection } from '../wire/connection.ts'
import { codeOf, type Reply } from '../wire/replies.ts'
import { Fault } from '../../../src/fault.ts'
import { type Box, isUnavailable, patiently } from './box.ts'
import type { Copy } from './copies.ts'
import type { Delivered } from './delivered.ts'
import type { FolderState } from './folder.ts'
import { allowedFlags, lettersOf } from './letters.ts'
import { removeOld } from './old.ts'
import { checkStored, mustBeLookedAt } from './stored.ts'
import { substituteFor } from './substitute.ts'
import { type Waiting, type Work, failed, lossOf, mailEntry, settled } from './work.ts'

/** A line may die by chance; one that dies this often over the same mails does not. */
const LINE_DEATHS = 3
/** How often "not now" is taken for an answer, and the first wait after it; each further one is twice as long. */
const PATIENCE = 5
const FIRST_WAIT_MS = 1000

/** The server's word on mails that were sent together. */
interface Heard {
  readonly mails: readonly Waiting[]
  readonly result: Appended
}
/** What the server says of a whole mailbox rather than of a mail. */
export interface Standing {
  /** The mailbox is full: nothing more goes in. */
  full: string | undefined
}
/** Puts mails of one folder into it, and sees to it that each ends as delivered or as refused, whatever happens on the way. */
export class Delivery {
  readonly #work: Work
  readonly #box: Box
  readonly #standing: Standing
  /** Operations that have ended; a second attempt over the same mails leaves them alone. */
  readonly #ended = new Set<MailOperation>()
  readonly #copied = new Map<MailOperation, MailNotes>()
  constructor(work: Work, box: Box, standing: Standing) {
    this.#work = work
    this.#box = box
    this.#standing = standing
  }

  /** What the ledger must know of these mails before `run`: that an attempt is begun. */
  staged(folder: FolderState, mails: readonly Waiting[]): readonly LedgerEntry[] {
    return mails.map((mail) => {
      const { old } = mail
      const former = old === undefined ? {} : { former: { folder: old.folder, uidValidity: old.uidValidity, uid: old.uid } }
      return mailEntry(mail.op, 'staged', { ...this.#notes(folder, mail, 0, 0), ...former })
    })
  }

  /** The answer: those that stand now and are to stand elsewhere as well. */
  async run(folder: FolderState, mails: readonly Waiting[]): Promise<readonly Copy[]> {
    this.#step('sending')
    await this.#deliver(folder, mails, false)
    const copies: Copy[] = []
    for (const { op, copies: jobs } of mails) {
      const from = this.#copied.get(op)
      if (from !== undefined) for (const job of jobs) copies.push({ ...job, from })
      this.#copied.delete(op)
      this.#ended.delete(op)
    }
    return copies
  }

  #step(stage: string): void {
    this.#work.context.progress(stage, 0, undefined)
    this.#work.signal.throwIfAborted()
  }

  async #deliver(folder: FolderState, all: readonly Waiting[], again: boolean): Promise<void> {
    let attempted = again
    let mails = all
    for (let deaths = 0; ;) {
      try {
        return await this.#attempt(folder, mails, attempted)
      } catch (error) {
        this.#work.signal.throwIfAborted()
        if (error instanceof Fault && error.code === 'rejected') return this.#refuseAll(mails, error.message)
        if (!isUnavailable(error)) throw error
        // Throws if there is no server any more: then it was not the mails.
        await patiently(this.#work, () => this.#box.use((connection) => folder.lookAgain(this.#work, this.#box, connection)))
        // The first time it may have been somebody else's mails, over the same line. From now on these go alone.
        if (attempted) deaths++
        attempted = true
        mails = mails.filter(({ op }) => !this.#ended.has(op))
        if (deaths === LINE_DEATHS) break
      }
    }
    if (mails.length > 1) return this.#halves(folder, mails, true)
    const [mail] = mails
    if (mail !== undefined)
      this.#refuse(mail, [lossOf(mail.op, 'rejected-by-target', 'the server hangs up whenever this mail is sent to it')])
  }

  async #halves(folder: FolderState, mails: readonly Waiting[], again: boolean): Promise<void> {
    const middle = mails.length >> 1
    await this.#deliver(folder, mails.slice(0, middle), again)
    await this.#deliver(folder, mails.slice(middle), again)
  }

  /** `again`: it is not the first time, and nothing else may be under way over the same line. */
  async #attempt(folder: FolderState, mails: readonly Waiting[], again: boolean): Promise<void> {
    const sent = await this.#box.use(async (connection) => {
      const begun = await this.#begin(connection, folder, mails, again)
      if (again) await begun?.answer
      return begun && { ...begun, connection }
    }, !again)
    if (sent === undefined) return
    const results = await sent.answer.finally(() => this.#box.stir())
    this.#box.changed(folder.name, sent.connection)
    for (const { mails: some, result } of results) await this.#heard(folder, some, result)
  }

  /** Sends those that are not there yet. The connection can go on to somebody else before the server has answered. */
  async #begin(
    connection: Connection,
    folder: FolderState,
    mails: readonly Waiting[],
    again: boolean,
  ): Promise<Begun<readonly Heard[]> | undefined> {
    const { uidValidity } = await folder.prepare(this.#work, this.#box, connection)
    const missing: Waiting[] = []
    const adopted: Delivered[] = []
    for (const mail of mails) {
      const attempted = again || mail.known?.state === 'staged' || mailNotes(mail.known)?.ours === true
      const found = await folder.adopt(this.#work, this.#box, connection, { ...wanted(mail), attempted })
      // An earlier attempt may have put it there otherwise, because the server would not take it as it is.
      const other = found === undefined && attempted ? substituteFor(mail) : undefined
      const instead = other && (await folder.adopt(this.#work, this.#box, connection, { ...wanted(other), attempted }))
      if (found !== undefined) adopted.push(this.#adopted(folder, mail, uidValidity, found))
      else if (other !== undefined && instead !== undefined) adopted.push(this.#adopted(folder, other, uidValidity, instead))
      else missing.push(mail)
    }
    if (adopted.length > 0) await this.#settle(connection, folder, adopted)
    if (missing.length === 0) return undefined
    if (this.#standing.full !== undefined) {
      this.#full(missing, this.#standing.full)
      return undefined
    }
    const letters = await lettersOf(missing, folder)
    if (missing.length === 1 || connection.has('MULTIAPPEND')) {
      const { answer } = await beginTogether(connection, folder.name, letters)
      return begun(answer.then((result) => [{ mails: missing, result }]))
    }
    const { answer } = await beginEach(connection, folder.name, letters)
    return begun(answer.then((results) => results.map((result, at) => ({ mails: missing.slice(at, at + 1), result }))))
  }

  async #heard(folder: FolderState, mails: readonly Waiting[], result: Appended): Promise<void> {
    if (result.type === 'refused') return this.#refused(folder, mails, result.reply)
    this.#step('settling')
    const stands = mails.map((mail, at) => ({ mail, stand: result.stands[at] }))
    // Nothing to look at and nothing to take away: no line is needed, which others may be writing to.
    if (stands.every(({ mail, stand }) => stand !== undefined && mail.old === undefined && !mustBeLookedAt(folder, mail)))
      return this.#done(stands.map(({ mail, stand }) => this.#delivered(folder, mail, stand)))
    await this.#box.use(async (connection) => {
      if (result.stands.includes(undefined)) await folder.lookAgain(this.#work, this.#box, connection)
      const delivered: Delivered[] = []
      for (const { mail, stand } of stands) {
        const found = stand ?? (await folder.adopt(this.#work, this.#box, connection, { ...wanted(mail), attempted: true }))
        delivered.push(this.#delivered(folder, mail, found))
      }
      await this.#settle(connection, folder, delivered)
    })
  }
  #delivered(folder: FolderState, mail: Waiting, stand: { readonly uid: number; readonly uidValidity?: number } | undefined): Delivered {
    if (stand !== undefined) folder.passed(stand.uid)
    const notes = this.#notes(folder, mail, stand?.uidValidity ?? folder.opened?.uidValidity ?? 0, stand?.uid ?? 0)
    return { waiting: mail, notes, outcome: mail.old === undefined ? 'created' : 'updated' }
  }

  async #settle(connection: Connection, folder: FolderState, delivered: readonly Delivered[]): Promise<void> {
    const checked = await checkStored(this.#box, connection, folder, delivered)
    await removeOld(this.#work, this.#box, connection, checked)
    this.#done(checked)
  }
  #done(delivered: readonly Delivered[]): void {
    settled(
      this.#work,
      delivered.map(({ waiting, notes, outcome }) => ({ op: waiting.op, notes, outcome })),
    )
    for (const one of delivered) {
      this.#ended.add(one.waiting.op)
      if (one.waiting.copies.length > 0) this.#copied.set(one.waiting.op, one.notes)
    }
  }

  #adopted(
    folder: FolderState,
    mail: Waiting,
    uidValidity: number,
    found: { uid: number; ours: boolean; flags: readonly string[] },
  ): Delivered {
    const notes = { ...this.#notes(folder, mail, uidValidity, found.uid), ours: found.ours }
    const flags = found.ours ? notes.flags.filter((flag) => found.flags.includes(flag.toLowerCase())) : notes.flags
    return {
      waiting: mail,
      notes: { ...notes, flags },
      outcome: found.ours ? (mail.known?.state === 'applied' ? 'updated' : 'created') : 'unchanged',
    }
  }

  /** A refusal of several says nothing about each: they are tried in halves until it is known whose it is. */
  async #refused(folder: FolderState, mails: readonly Waiting[], reply: Reply): Promise<void> {
    const code = codeOf(reply)
    const [mail] = mails
    if (mail === undefined) return
    if (code === 'OVERQUOTA' || /\bquota\b/i.test(reply.text)) {
      this.#standing.full = reply.text
      return this.#full(mails, reply.text)
    }
    if (code === 'UNAVAILABLE' || code === 'INUSE' || code === 'LIMIT' || code === 'SERVERBUG') return this.#later(folder, mails, reply)
    // The folder, not the mails.
    if (code === 'TRYCREATE' || code === 'NONEXISTENT' || code === 'NOPERM') return this.#refuseAll(mails, reply.text)
    if (mails.length > 1) {
      const middle = mails.length >> 1
      await this.#attempt(folder, mails.slice(0, middle), true)
      return this.#attempt(folder, mails.slice(middle), true)
    }
    if (code === 'TOOBIG') return this.#refuse(mail, [lossOf(mail.op, 'too-large', `${mail.op.blob.bytes} bytes: ${reply.text}`)])
    const other = substituteFor(mail)
    if (other === undefined) return this.#refuse(mail, [lossOf(mail.op, 'rejected-by-target', reply.text)])
    const result = await this.#append(folder, [other])
    if (result.type === 'refused') return this.#refuse(mail, [lossOf(mail.op, 'rejected-by-target', result.reply.text)])
    await this.#heard(folder, [other], result)
  }

  async #append(folder: FolderState, mails: readonly Waiting[]): Promise<Appended> {
    const letters = await lettersOf(mails, folder)
    return this.#box.use(async (connection) => {
      const result = await appendTogether(connection, folder.name, letters)
      this.#box.changed(folder.name, connection)
      return result
    })
  }

  async #later(folder: FolderState, mails: readonly Waiting[], reply: Reply): Promise<void> {
    const { ports, signal } = this.#work
    for (let attempt = 0; attempt < PATIENCE; attempt++) {
      await ports.clock.sleep(FIRST_WAIT_MS * 2 ** attempt, signal)
      const result = await this.#append(folder, mails)
      if (result.type === 'there' || codeOf(result.reply) !== codeOf(reply)) return this.#heard(folder, mails, result)
    }
    throw new Fault({
      code: 'throttled',
      what: 'The mail server takes no mails now',
      why: reply.text,
      remedy: 'Run again later',
      retry: { type: 'backoff' },
    })
  }

  #refuseAll(mails: readonly Waiting[], why: string): void {
    for (const mail of mails) if (!this.#ended.has(mail.op)) this.#refuse(mail, [lossOf(mail.op, 'rejected-by-target', why)])
  }
  #full(mails: readonly Waiting[], text: string): void {
    for (const mail of mails)
      this.#refuse(mail, [
        lossOf(mail.op, 'too-large', `the mailbox of ${mail.op.login} is full (${text}); give it more room and run again`),
      ])
  }

  #refuse(mail: Waiting, losses: readonly Loss[]): void {
    this.#ended.add(mail.op)
    this.#work.ledger.delete([mail.op.key, ...mail.copies.map(({ op }) => op.key)])
    failed(this.#work, mail.op, losses)
    for (const { op } of mail.copies) failed(this.#work, op, [])
  }

  #notes(folder: FolderState, { op, looks }: Waiting, uidValidity: number, uid: number): MailNotes {
    return {
      type: 'mail',
      login: op.login,
      folder: folder.name,
      uidValidity,
      uid,
      ours: true,
      bytes: op.blob.sha256,
      mark: looks.mark,
      date: op.date,
      flags: [...allowedFlags(folder, op.flags)],
    }
  }
}

const wanted = ({ op, old, looks, sha256 }: Waiting) => ({ op, old, looks, sha256: sha256 ?? op.blob.sha256 })
