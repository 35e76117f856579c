import type { LedgerEntry } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import { type Listed, listFolders, validities } from '../client/folders.ts'
import { folderNotes, folderRemote, type MailNotes, mailNotes } from '../expect.ts'
import type { MailOperation } from '../map/operations.ts'
import { Box, patiently } from './box.ts'
import { type Copy, type Folders, copyInto } from './copies.ts'
import { Delivery, type Standing } from './deliver.ts'
import { type Delta, applyDeltas } from './deltas.ts'
import { FolderState } from './folder.ts'
import { type FolderWish, makeFolders } from './folders.ts'
import { removeFormer } from './gone.ts'
import type { Memory } from './memory.ts'
import { type CopyJob, type Waiting, type Work, bytesHeld, failed, lossOf } from './work.ts'

/** Mails of one command, and their bytes: more make no server faster. */
const BATCH_MAILS = 250
const BATCH_BYTES = 6 << 20
/** So many mails of a person, the newest, let them work again: none of them waits until its pile is full. */
const NEWEST = 500
/** Changes of one folder that are made together. */
const DELTAS = 500

interface Pile {
  readonly state: FolderState
  mails: Waiting[]
  bytes: number
  deltas: Delta[]
}

/** One mailbox during one run: mails gather in piles by folder and leave in batches, several folders at a time. */
export class PersonRun implements Folders, AsyncDisposable {
  readonly login: string
  readonly box: Box
  readonly #work: Work
  readonly #piles = new Map<string, Pile>()
  readonly #delivery: Delivery
  readonly #standing: Standing = { full: undefined }
  readonly #memory: Memory
  readonly #failedWith: (error: unknown) => void
  readonly #tasks = new Set<Promise<void>>()
  #copies: CopyJob[] = []
  #mails = 0
  #refusedFolders: ReadonlyMap<string, string> = new Map()
  #validities: Promise<ReadonlyMap<string, number>> | undefined
  #listed: Promise<readonly Listed[]> | undefined

  /** `failedWith`: the run cannot go on. */
  constructor(login: string, work: Work, memory: Memory, failedWith: (error: unknown) => void) {
    this.login = login
    this.#work = work
    this.#memory = memory
    this.#failedWith = failedWith
    this.box = new Box(login, work.settings, work.ports, work.signal)
    this.#delivery = new Delivery(work, this.box, this.#standing)
  }

  /** Why nobody gets into this mailbox; undefined when somebody does. @throws Fault when that is not the mailbox's fault */
  async refusal(): Promise<string | undefined> {
    try {
      await this.#list()
      return undefined
    } catch (error) {
      if (error instanceof Fault && (error.code === 'auth' || error.code === 'permission')) return error.message
      throw error
    }
  }
  #list(): Promise<readonly Listed[]> {
    this.#listed ??= patiently(this.#work, () => this.box.use((connection) => listFolders(connection)))
    return this.#listed
  }
  async makeFolders(wishes: readonly FolderWish[]): Promise<void> {
    this.#refusedFolders = await makeFolders(this.#work, this.box, await this.#list(), wishes)
  }

  folder(name: string): FolderState {
    return this.#pile(name).state
  }
  #pile(name: string): Pile {
    const known = this.#piles.get(name)
    if (known !== undefined) return known
    const pile: Pile = { state: new FolderState(this.login, name), mails: [], bytes: 0, deltas: [] }
    this.#piles.set(name, pile)
    return pile
  }

  /** True: the mail of this entry is where its notes say, as far as the numbers of its folder tell. */
  async holds(notes: MailNotes): Promise<boolean> {
    this.#validities ??= this.#list().then((listed) =>
      patiently(this.#work, () =>
        this.box.use((connection) =>
          validities(
            connection,
            listed
              .filter(({ flags }) => !flags.includes(String.raw`\noselect`) && !flags.includes(String.raw`\nonexistent`))
              .map(({ name }) => name),
          ),
        ),
      ),
    )
    return (await this.#validities).get(notes.folder) === notes.uidValidity
  }

  /** False: the folder of this mail could not be made, and the mail was refused with it. */
  accepts(op: MailOperation): boolean {
    const why = this.#refusedFolders.get(op.folder)
    if (why === undefined) return true
    failed(this.#work, op, [lossOf(op, 'rejected-by-target', `its folder could not be made: ${why}`)])
    return false
  }

  mail(waiting: Waiting): void {
    const pile = this.#pile(waiting.op.folder)
    pile.mails.push(waiting)
    pile.bytes += bytesHeld(waiting)
    if (pile.mails.length >= BATCH_MAILS || pile.bytes >= BATCH_BYTES || !Buffer.isBuffer(waiting.content)) this.#send([pile])
    // What came first is sent whole, whichever folders it is spread over.
    if (++this.#mails === NEWEST) this.#send([...this.#piles.values()])
  }
  delta(delta: Delta): void {
    const pile = this.#pile(delta.notes.folder)
    pile.deltas.push(delta)
    if (pile.deltas.length >= DELTAS) this.#sendDeltas(pile)
  }
  copy(job: CopyJob): void {
    this.#copies.push(job)
  }

  sendAll(): void {
    for (const pile of this.#piles.values()) this.#sendDeltas(pile)
    this.#send([...this.#piles.values()])
  }
  /** Sends the largest piles, so many bytes together at least, if there are so many. */
  sendLargest(bytes: number): void {
    let sum = 0
    const largest: Pile[] = []
    for (const pile of [...this.#piles.values()].toSorted((a, b) => b.bytes - a.bytes)) {
      if (sum >= bytes) break
      largest.push(pile)
      sum += pile.bytes
    }
    this.#send(largest)
  }
  /** All of them in one transaction of the ledger, then each on its own way. */
  #send(piles: readonly Pile[]): void {
    const ready = piles.filter(({ mails }) => mails.length > 0)
    if (ready.length === 0) return
    this.#work.ledger.put(ready.flatMap(({ state, mails }) => this.#delivery.staged(state, mails)))
    for (const pile of ready) {
      const { mails, bytes, state } = pile
      pile.mails = []
      pile.bytes = 0
      this.#memory.fly(bytes)
      const sent = this.box.alone(state.name, () => this.#delivery.run(state, mails)).finally(() => this.#memory.release(bytes))
      this.#task(sent.then((copies) => this.#sendCopies(copies)))
    }
  }
  #sendDeltas(pile: Pile): void {
    const { deltas } = pile
    pile.deltas = []
    if (deltas.length > 0)
      this.#task(this.box.alone(pile.state.name, () => applyDeltas(this.#work, this.box, this, pile.state.name, deltas)))
  }
  #sendCopies(copies: readonly Copy[]): void {
    for (const [name, group] of Map.groupBy(copies, ({ op }) => op.folder))
      this.#task(this.box.alone(name, () => copyInto(this.#work, this.box, this.folder(name), group)))
  }
  #task(work: Promise<void>): void {
    const task: Promise<void> = work.catch(this.#failedWith).finally(() => this.#tasks.delete(task))
    this.#tasks.add(task)
  }

  /** Until everything that was begun has ended. */
  async idle(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks)
  }
  /** Sends what has gathered and waits for its end; then copies what is to stand in further folders. */
  async flush(): Promise<void> {
    this.sendAll()
    await this.idle()
    const copies = this.#copies
    this.#copies = []
    const jobs = copies.flatMap((job) => {
      const from = mailNotes(this.#work.ledger.get(job.op.copyOf ?? job.op.key))
      if (from !== undefined && from.uid > 0) return [{ ...job, from }]
      failed(this.#work, job.op, [])
      return []
    })
    this.#sendCopies(jobs)
    await this.idle()
  }

  /** Everything of this run has ended well: later runs need not look again at what was looked at. */
  async conclude(): Promise<void> {
    const { ledger } = this.#work
    const entries: LedgerEntry[] = []
    for (const { state } of this.#piles.values()) {
      const { opened, examined } = state
      const entry = ledger.byRemote(folderRemote(this.login, state.name))
      const notes = folderNotes(entry)
      if (entry === undefined || notes === undefined || opened === undefined || examined === undefined) continue
      if (notes.uidValidity !== opened.uidValidity || notes.examined !== examined)
        entries.push({ ...entry, notes: { ...entry.notes, uidValidity: opened.uidValidity, examined } })
    }
    if (entries.length > 0) ledger.put(entries)
    await this.box[Symbol.asyncDispose]()
  }
  async removeFormer(entry: LedgerEntry): Promise<void> {
    const notes = folderNotes(entry)
    if (notes?.was === undefined) return
    await removeFormer(this.box, notes)
    const { was: _, ...rest } = notes
    this.#work.ledger.put([{ ...entry, notes: rest }])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.box[Symbol.asyncDispose]()
  }
}
