import type { Collection, Connector } from '../contract/connector.ts'
import type { Loss } from '../contract/fidelity.ts'
import type { CollectionId, Cursor, ItemId } from '../contract/ids.ts'
import type { Log, Ports } from '../contract/ports.ts'
import type { SnapshotWriter } from '../contract/vault.ts'
import { Fault, faultIn } from '../fault.ts'
import type { BackupSummary, SourceHandle, Workspace } from './api.ts'
import { portsOf } from './open.ts'
import { scheduleCollections } from './schedule.ts'
import { Stages } from './stages.ts'
import { storeCollection } from './store.ts'
import { LossTally } from './tally.ts'

/** Time between two commits of kind `checkpoint`: what a power cut may cost. */
const checkpointMs = 10 * 60_000

export interface BackupRequest {
  readonly source: SourceHandle
  /** Read everything again instead of what changed; what is not named again is recorded as deleted. */
  readonly full: boolean
  readonly tool: string
}

/**
 * Reads what changed at a source into the vault. One broken collection does not stop the others: the snapshot is then `partial` and
 * says so. A refused token stops all. Whatever stops it, what was checkpointed is kept and the same call continues there.
 * @throws Fault
 */
export async function backup(request: BackupRequest, workspace: Workspace, signal: AbortSignal): Promise<BackupSummary> {
  const { definition, name, config } = request.source
  const from = workspace.clock.monotonicMs()
  const stages = new Stages(workspace.clock, workspace.emit)
  const counted = counting(portsOf(request.source, true, workspace.portsFor))
  await using writer = await workspace.vault.begin(name, signal)
  await using connector = await definition.open(name, config, counted.ports, signal)
  const tally = new LossTally()
  const reading = new Reading(request, connector, writer, workspace, tally, counted.ports.log)
  try {
    await stages.time('read', () => reading.all(signal))
  } catch (error) {
    // What came so far is worth keeping: the next run continues behind the last cursors.
    await writer.checkpoint()
    throw error
  }
  const snapshot = await stages.time('commit', () => writer.commit(reading.failed === 0 ? 'complete' : 'partial'))
  return {
    command: 'backup',
    source: name,
    state: snapshot.state,
    snapshot,
    collections: { total: reading.total, failed: reading.failed },
    losses: tally.counts,
    requests: counted.requests(),
    seconds: (workspace.clock.monotonicMs() - from) / 1000,
  }
}

/** One pass over all collections of a source. */
class Reading {
  readonly #request: BackupRequest
  readonly #connector: Connector
  readonly #writer: SnapshotWriter
  readonly #workspace: Workspace
  readonly #tally: LossTally
  readonly #log: Log
  readonly #cursors = new Map<CollectionId, Cursor>()
  readonly #listed = new Set<CollectionId>()
  #items = 0
  #done = 0
  #failed = 0
  #lastCheckpoint: number
  #committing: Promise<void> = Promise.resolve()

  constructor(request: BackupRequest, connector: Connector, writer: SnapshotWriter, workspace: Workspace, tally: LossTally, log: Log) {
    this.#request = request
    this.#connector = connector
    this.#writer = writer
    this.#workspace = workspace
    this.#tally = tally
    this.#log = log
    this.#lastCheckpoint = workspace.clock.monotonicMs()
  }
  get total(): number {
    return this.#listed.size
  }
  get failed(): number {
    return this.#failed
  }

  async all(signal: AbortSignal): Promise<void> {
    const { stateDir, clock } = this.#workspace
    await scheduleCollections(
      {
        source: this.#request.source.name,
        stateDir,
        clock,
        log: this.#log,
        atOnce: this.#request.source.definition.atOnce,
        list: (stop) => this.#listing(stop),
        read: (collection, stop) => this.#one(collection, stop),
        gaveUp: (collection, why) => this.#broken(collection, why),
        stopOn: stopsAll,
      },
      signal,
    )
    if (this.#listed.size === 0 && this.#writer.resume.size > 0)
      throw new Fault({
        code: 'permission',
        what: `${this.#request.source.name} lists nothing at all, and the vault knows ${this.#writer.resume.size} collections of it`,
        remedy: `Nothing was changed in the vault. Check the token: fallreep doctor ${this.#request.source.name}`,
      })
    for (const id of this.#writer.resume.keys()) if (!this.#listed.has(id)) await this.#unlisted(id)
  }

  async *#listing(signal: AbortSignal): AsyncGenerator<Collection> {
    for await (const collection of this.#connector.collections(signal)) {
      this.#listed.add(collection.id)
      yield collection
    }
  }

  async #one(collection: Collection, signal: AbortSignal): Promise<void> {
    const { emit } = this.#workspace
    const { id, title } = collection
    const sink = {
      item: () => {
        if (++this.#items % 200 === 0) this.#status(title)
      },
      loss: (loss: Loss) => this.#lose(loss),
      failed: (item: { readonly id: string }, why: unknown) =>
        emit({ type: 'item-failed', collection: id, item: item.id, what: sentence(why) }),
      checkpoint: (cursor: Cursor) => {
        this.#cursors.set(id, cursor)
        return this.#checkpoint()
      },
    }
    const known = this.#cursors.get(id) ?? this.#writer.resume.get(id)
    const relist = this.#request.full && known !== undefined && !this.#cursors.has(id)
    const result = await storeCollection(
      { connector: this.#connector, collection, since: relist ? undefined : known, writer: this.#writer, relist },
      sink,
      signal,
    )
    if (result === 'partial') this.#failed++
    this.#done++
    this.#status(title)
  }

  async #broken(collection: Collection, why: unknown): Promise<void> {
    this.#done++
    this.#workspace.emit({ type: 'item-failed', collection: collection.id, item: undefined, what: sentence(why) })
    const fault = faultIn(why)
    if (fault?.code !== 'gone' && fault?.code !== 'permission') {
      this.#failed++
      return
    }
    // It will not be there tomorrow either: a recorded loss, and the snapshot is as complete as the source allows.
    await this.#withheld(collection.id, 'contents', fault.message)
  }

  /** A collection we have and the source names no more: kept as last seen, and said. */
  async #unlisted(id: CollectionId): Promise<void> {
    await this.#withheld(
      id,
      'freshness',
      'The source does not list it any more (deleted, or no longer visible to the token); the vault keeps it as last seen',
    )
  }

  async #withheld(id: CollectionId, field: string, detail: string): Promise<void> {
    const loss: Loss = {
      item: id as string as ItemId,
      stage: 'export',
      code: 'withheld-by-source',
      effect: { type: 'degraded', field },
      detail,
    }
    this.#lose(loss)
    // What is not listed was not begun in this run; its loss is written down with the first that was.
    const [first = id] = this.#listed
    await this.#writer.write(this.#listed.has(id) ? id : first, { type: 'loss', loss })
  }

  #lose(loss: Loss): void {
    this.#tally.add(loss)
    this.#workspace.emit({ type: 'loss', loss })
  }

  #checkpoint(): Promise<void> {
    const now = this.#workspace.clock.monotonicMs()
    if (now - this.#lastCheckpoint >= checkpointMs) {
      this.#lastCheckpoint = now
      this.#committing = this.#committing.then(() => this.#writer.checkpoint())
    }
    return this.#committing
  }

  #status(what: string): void {
    this.#workspace.emit({
      type: 'status',
      stage: 'read',
      what: `${what}: ${this.#items.toLocaleString('en')} items`,
      done: this.#done,
      total: this.#listed.size,
    })
  }
}

/** These are true for every collection of the source: going on would only make more noise. */
const stopsAll = ({ code }: Fault): boolean =>
  code === 'auth' || code === 'config' || code === 'usage' || code === 'locked' || code === 'wrong-key' || code === 'cancelled'

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The same ports, with their requests counted for the summary. */
function counting(ports: Ports): { readonly ports: Ports; requests(): number } {
  let count = 0
  const fetch: typeof globalThis.fetch = (...request) => {
    count++
    return ports.fetch(...request)
  }
  return { ports: { ...ports, fetch }, requests: () => count }
}
