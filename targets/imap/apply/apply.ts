import type { Ports } from '../../../src/contract/ports.ts'
import type { Applied, ApplyContext, LedgerEntry, Stated } from '../../../src/contract/target.ts'
import { type MailNotes, folderNotes, mailNotes, mailRemote } from '../expect.ts'
import type { FolderOperation, ImapOperation, MailOperation } from '../map/operations.ts'
import { inParallel } from '../parallel.ts'
import type { Settings } from '../settings.ts'
import { scriptNotes } from '../sieve/place.ts'
import { contentOf } from './content.ts'
import { DeferredLedger } from './deferred-ledger.ts'
import type { FolderWish } from './folders.ts'
import { removeGoneFolder, removeGoneMails } from './gone.ts'
import { Memory } from './memory.ts'
import { PersonRun } from './person.ts'
import { bringScript, removeScript } from './scripts.ts'
import { SeenIndex } from './seen-index.ts'
import { type Waiting, type Work, bytesOnly, failed, lossOf, settled, standingLosses } from './work.ts'

/** Mails of one folder that are removed together. */
const GONE = 500

type Living = Exclude<Stated<ImapOperation>, { state: 'gone' }>
type LivingMail = Living & { readonly op: MailOperation }

/**
 * Applies a snapshot: folders first, then mails in the order in which they come, each staged in the ledger before it is sent and settled when
 * the server has said where it stands. Killed anywhere and run again it finds what had arrived, and ends in the same state.
 */
export async function* apply(
  settings: Settings,
  ports: Ports,
  ops: AsyncIterable<Stated<ImapOperation>>,
  context: ApplyContext,
  signal: AbortSignal,
): AsyncGenerator<Applied> {
  await using run = new Run(settings, ports, context, signal)
  for await (const stated of ops) {
    await run.take(stated)
    yield* run.results()
  }
  yield* run.end()
}

class Run implements AsyncDisposable {
  readonly #work: Work
  readonly #stop = new AbortController()
  /** Called when something has become of an operation. */
  #told: (() => void) | undefined
  readonly #people = new Map<string, PersonRun>()
  readonly #refusals = new Map<string, string | undefined>()
  #results: Applied[] = []
  /** Mailboxes that are written to, the latest last. */
  #active: PersonRun[] = []
  #wishes: FolderWish[] | undefined = []
  readonly #formers: LedgerEntry[] = []
  readonly #goneFolders: LedgerEntry[] = []
  #gone = new Map<string, LedgerEntry[]>()
  #last: Waiting | undefined
  readonly #memory = new Memory()
  #failure: { readonly error: unknown } | undefined
  #taken = 0

  constructor(settings: Settings, ports: Ports, context: ApplyContext, signal: AbortSignal) {
    this.#work = {
      settings,
      ports,
      context,
      ledger: new DeferredLedger(context.ledger),
      index: new SeenIndex(context.workDir),
      signal: AbortSignal.any([signal, this.#stop.signal]),
      done: (applied) => {
        this.#results.push(applied)
        this.#told?.()
      },
    }
  }

  *results(): Generator<Applied> {
    const results = this.#results
    this.#results = []
    yield* results
  }
  /** Brings everything to its end, and tells meanwhile what has ended: somebody waits for the newest mails, not for all. */
  async *end(): AsyncGenerator<Applied> {
    const end = this.#finish().then(() => true)
    // Whoever reads no further hears of it all the same, and there is nobody to throw to.
    end.catch(() => undefined)
    for (let ended = false; !ended;) {
      const told = new Promise<boolean>((resolve) => (this.#told = () => resolve(false)))
      yield* this.results()
      ended = await Promise.race([end, told])
    }
    yield* this.results()
  }

  async take(stated: Stated<ImapOperation>): Promise<void> {
    this.#check()
    if (stated.state === 'gone')
      return scriptNotes(stated.known) === undefined ? this.#takeGone(stated.known) : removeScript(this.#work, stated.known)
    const { op } = stated
    const known = stated.state === 'new' ? undefined : stated.known
    if (op.type === 'folder') {
      this.#wishes?.push({ op, known })
      return
    }
    await this.#folders()
    if (op.type === 'script') return bringScript(this.#work, op, known)
    if (op.copyOf !== null && this.#last?.op.key === op.copyOf && (known === undefined || known.state === 'staged')) {
      this.#last.copies.push({ op, known })
      return
    }
    await this.#sendLast()
    if (++this.#taken % 1000 === 0) this.#work.context.progress('mails', this.#taken, undefined)
    await this.#mail({ ...stated, op })
  }

  async #mail(stated: LivingMail): Promise<void> {
    const { op } = stated
    const person = await this.#person(op.login)
    if (person === undefined) return this.#refuse(op)
    await this.#turnTo(person)
    if (!person.accepts(op)) return
    const known = stated.state === 'new' ? undefined : stated.known
    const notes = mailNotes(known)
    const here = notes !== undefined && notes.uid > 0 && notes.login === op.login && (await person.holds(notes)) ? notes : undefined
    if (known === undefined || here === undefined) {
      if (op.copyOf !== null && here === undefined && this.#work.ledger.get(op.copyOf)?.state === 'applied') person.copy({ op, known })
      else await this.#read(op, known, notes?.former === undefined ? undefined : { ...notes, ...notes.former })
    } else if (stated.state === 'same') this.#unchanged(op, here)
    else if (!here.ours) settled(this.#work, [{ op, notes: here, outcome: 'unchanged' }])
    else if (here.bytes !== op.blob.sha256 || here.date !== op.date) await this.#read(op, known, here)
    else person.delta({ op, known, notes: here })
  }

  /** Only so many mailboxes are written to at once; those before are brought to their end. */
  async #turnTo(person: PersonRun): Promise<void> {
    if (this.#active.at(-1) === person) return
    for (const other of this.#active) other.sendAll()
    this.#active = [...this.#active.filter((other) => other !== person), person]
    while (this.#active.length > this.#work.settings.accounts) {
      const oldest = this.#active.shift()
      await oldest?.flush()
      this.#check()
      await oldest?.conclude()
    }
  }

  /** People may have read, marked and answered it since: only that it is there is still ours to say. */
  #unchanged(op: MailOperation, notes: MailNotes): void {
    this.#work.done({
      key: op.key,
      item: op.item,
      outcome: 'unchanged',
      remote: mailRemote(op.login, notes),
      expect: bytesOnly(notes),
      losses: standingLosses(op, notes),
    })
  }
  #refuse(op: FolderOperation | MailOperation): void {
    const why = this.#refusals.get(op.login) ?? 'nobody is let into this mailbox'
    failed(this.#work, op, [lossOf(op, 'rejected-by-target', why)])
  }

  async #read(op: MailOperation, known: LedgerEntry | undefined, old: MailNotes | undefined): Promise<void> {
    const { context, signal } = this.#work
    await this.#memory.room(
      op.blob.bytes,
      (bytes) => this.#active.at(-1)?.sendLargest(bytes),
      () => this.#check(),
    )
    const { content, looks } = await contentOf(op, context, signal)
    const waiting: Waiting = { op, known, old, looks, content, copies: [] }
    if (Buffer.isBuffer(content)) this.#memory.hold(content.length)
    this.#last = waiting
    // The vault is read from front to back: a mail that is not held must be gone before the next is opened.
    if (!Buffer.isBuffer(content)) {
      await this.#sendLast()
      await this.#people.get(op.login)?.idle()
    }
  }
  /** Its copies come right behind a mail; once something else has come, it can go. */
  async #sendLast(): Promise<void> {
    const last = this.#last
    this.#last = undefined
    if (last !== undefined) (await this.#person(last.op.login))?.mail(last)
  }

  readonly #failed = (error: unknown): void => {
    this.#failure ??= { error }
    this.#memory.stir()
  }
  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error
    this.#work.signal.throwIfAborted()
  }

  /** All folders of everybody, once the last of them has come. */
  async #folders(): Promise<void> {
    const wishes = this.#wishes
    if (wishes === undefined) return
    this.#wishes = undefined
    const { settings } = this.#work
    await inParallel([...Map.groupBy(wishes, ({ op }) => op.login)], settings.accounts, async ([login, theirs]) => {
      const person = await this.#person(login)
      if (person === undefined) for (const { op } of theirs) this.#refuse(op)
      else {
        await person.makeFolders(theirs)
        await person.box[Symbol.asyncDispose]()
      }
    })
    for (const { op } of wishes) {
      const entry = this.#work.ledger.get(op.key)
      if (folderNotes(entry)?.was !== undefined && entry !== undefined) this.#formers.push(entry)
    }
  }

  /** Undefined: nobody is let into this mailbox, and why is known. */
  async #person(login: string): Promise<PersonRun | undefined> {
    if (this.#refusals.get(login) !== undefined) return undefined
    const known = this.#people.get(login)
    if (known !== undefined) return known
    const person = new PersonRun(login, this.#work, this.#memory, this.#failed)
    this.#people.set(login, person)
    const why = await person.refusal()
    this.#refusals.set(login, why)
    if (why === undefined) return person
    this.#people.delete(login)
    return undefined
  }

  async #takeGone(entry: LedgerEntry): Promise<void> {
    await this.#folders()
    await this.#sendLast()
    const notes = mailNotes(entry)
    if (notes === undefined) {
      this.#goneFolders.push(entry)
      return
    }
    const key = JSON.stringify([notes.login, notes.folder])
    const pile = this.#gone.get(key) ?? []
    this.#gone.set(key, pile)
    pile.push(entry)
    if (pile.length >= GONE) await this.#removeGone(key)
  }
  async #removeGone(key: string): Promise<void> {
    const pile = this.#gone.get(key) ?? []
    this.#gone.delete(key)
    const [login = '', folder = ''] = JSON.parse(key) as string[]
    const keep = this.#work.settings.deletions === 'keep'
    const person = keep ? undefined : await this.#person(login)
    await person?.flush()
    await removeGoneMails(this.#work, person?.box, folder, pile)
  }

  async #finish(): Promise<void> {
    await this.#folders()
    await this.#sendLast()
    for (const person of this.#people.values()) await person.flush()
    this.#check()
    for (const key of this.#gone.keys()) await this.#removeGone(key)
    for (const entry of this.#goneFolders.toReversed()) {
      const person = this.#work.settings.deletions === 'keep' ? undefined : await this.#person(folderNotes(entry)?.login ?? '')
      await removeGoneFolder(this.#work, person?.box, entry)
    }
    for (const entry of this.#formers) await this.#people.get(folderNotes(entry)?.login ?? '')?.removeFormer(entry)
    this.#check()
    for (const person of this.#people.values()) await person.conclude()
    this.#work.ledger.flush()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('the run has ended'))
    for (const person of this.#people.values()) {
      await person.idle()
      await person[Symbol.asyncDispose]()
    }
    this.#work.ledger.flush()
    this.#work.index[Symbol.dispose]()
  }
}
