import { cpus } from 'node:os'
import { join } from 'node:path'
import { collectionId, cursor, type CollectionId, type Cursor, type SnapshotId } from '../contract/ids.ts'
import type { Check, Ports } from '../contract/ports.ts'
import type { Manifest, SnapshotReader, SnapshotWriter, Vault, VerifyDepth } from '../contract/vault.ts'
import type { Secret } from '../config/secret.ts'
import { Fault } from '../fault.ts'
import { recipientOf } from './age.ts'
import { Catalog } from './catalog.ts'
import { chainOf, type Commit, type Committed, lanesOf } from './commit.ts'
import { type Compartment, createCompartment, identityIn, openCompartment } from './compartment.ts'
import type { Driver } from './driver.ts'
import { FramePool } from './frame-pool.ts'
import { KeyedHashes, laneOf } from './hashes.ts'
import { manifestOf, parseId } from './listing.ts'
import { LocalDriver } from './local.ts'
import { Locations } from './locations.ts'
import { acquireLock } from './lock.ts'
import { LaneReader } from './reader.ts'
import { rebuild } from './rebuild.ts'
import { CursorLine } from './refs.ts'
import { refuseCollected } from './run.ts'
import { announce } from './session.ts'
import { linesOf, unsealing } from './unsealed.ts'
import { readVaultFile, type VaultFile } from './vault-file.ts'
import { verify } from './verify/verify.ts'
import { LaneWriter } from './writer.ts'

const PART_SIZE = 1 << 30
/** One core is left to the calling thread; beyond three others it is what holds up the rest. */
const THREADS = Math.max(1, Math.min(3, cpus().length - 1))

export interface OpenVault {
  readonly dir: string
  /** For caches and locks, outside the vault; may be emptied whenever nothing runs. */
  readonly stateDir: string
  /** Names this machine for ever; with the source it names a lane. */
  readonly host: string
  readonly ports: Pick<Ports, 'clock' | 'log'>
  /** Needed to write. */
  readonly indexIdentity?: Secret
  /** Needed to read and to verify every byte: an escrow identity, or the key of the compartment. */
  readonly contentKey?: Secret
  /** Storage other than a local directory. */
  readonly driver?: Driver
  /** Threads beside the calling one that compress and verify; 0: none. Default: one per core but one, from one to three. */
  readonly threads?: number
  /** Larger files are split into parts of so many bytes. Default and the format's own: 1 GiB. */
  readonly partSize?: number
}

/** @throws Fault `no-vault`, `corrupt`, `config` */
export async function openVault(options: OpenVault, signal: AbortSignal): Promise<Vault> {
  const driver = options.driver ?? new LocalDriver(options.dir, () => options.ports.clock.now())
  const { file, sha256 } = await readVaultFile(driver, signal)
  return new LocalVault(options, driver, file, sha256)
}

class LocalVault implements Vault {
  readonly #options: OpenVault
  readonly #driver: Driver
  readonly #file: VaultFile
  readonly #sha256: string
  readonly #state: string
  readonly #pool: FramePool
  constructor(options: OpenVault, driver: Driver, file: VaultFile, sha256: string) {
    this.#options = options
    this.#driver = driver
    this.#file = file
    this.#sha256 = sha256
    this.#state = join(options.stateDir, file.id)
    this.#pool = new FramePool(options.threads ?? THREADS)
  }

  async begin(source: string, signal: AbortSignal): Promise<SnapshotWriter> {
    const { host, indexIdentity } = this.#options
    if (indexIdentity === undefined)
      throw new Fault({
        code: 'config',
        what: 'The vault cannot be written without the index identity',
        remedy: 'Set vault.indexIdentity in the configuration',
      })
    const identity = identityIn(await indexIdentity.expose(signal))
    if (recipientOf(identity) !== this.#file.recipients.index)
      throw new Fault({
        code: 'wrong-key',
        what: 'This index identity does not belong to this vault',
        remedy: 'Use the one that was made with the vault',
      })
    const lane = laneOf(host, source)
    const driver = this.#driver
    await using stack = new AsyncDisposableStack()
    stack.use(await acquireLock(join(this.#state, `${lane}.lock`), `Another process writes source "${source}" into this vault`))
    await refuseCollected(driver, signal)
    const session = stack.use(await announce(driver, lane, host, signal))
    const chain: Committed[] = []
    for await (const committed of chainOf(driver, lane, undefined, signal)) chain.push(committed)
    const head = chain.at(-1)
    const catalog = stack.use(Catalog.open(join(this.#state, `${lane}.db`)))
    await rebuild(driver, catalog, chain, identity, signal)
    const compartment =
      head?.body.compartment ??
      (await this.#sharedCompartment(source, signal)) ??
      (await createCompartment(driver, this.#file.recipients.escrow, session.id))
    pin(catalog, compartment, head !== undefined)
    const cursors = await this.#cursors(head, identity, signal)
    const startedAt = await driver.now()
    return new LaneWriter(
      {
        driver,
        pool: this.#pool,
        catalog,
        hashes: new KeyedHashes(identity, this.#file.id, source),
        compartment,
        indexRecipient: this.#file.recipients.index,
        vault: { id: this.#file.id, sha256: this.#sha256 },
        lane,
        source,
        session: session.id,
        head,
        cursors,
        spoolDir: join(this.#state, 'spool'),
        partSize: this.#options.partSize ?? PART_SIZE,
        startedAt,
        signal,
      },
      stack.move(),
    )
  }

  async read(id: SnapshotId, signal: AbortSignal): Promise<SnapshotReader> {
    const { lane, seq } = parseId(id)
    const commits: Commit[] = []
    let newest: Committed | undefined
    for await (const committed of chainOf(this.#driver, lane, undefined, signal)) {
      if (committed.body.seq > seq) break
      commits.push(committed.body)
      newest = committed
    }
    if (newest?.body.seq !== seq || newest.body.kind !== 'snapshot')
      throw new Fault({ code: 'gone', what: `There is no snapshot ${id}`, remedy: 'List them with: fallreep snapshots' })
    const identity = await this.#contentIdentity(newest.body.compartment, signal)
    const locations = Locations.open(join(this.#state, `${newest.body.compartment.id}.locations.db`))
    try {
      for (const other of await lanesOf(this.#driver, signal)) {
        if (other !== lane && (await this.#newestOf(other, signal))?.body.compartment.id !== newest.body.compartment.id) continue
        for await (const { body } of chainOf(this.#driver, other, undefined, signal))
          await locations.learn(this.#driver, body.index, [identity], signal)
      }
      return new LaneReader({ driver: this.#driver, manifest: manifestOf(newest), commits, identity, locations })
    } catch (error) {
      locations[Symbol.dispose]()
      throw error
    }
  }

  async *list(source?: string): AsyncGenerator<Manifest> {
    const { signal } = new AbortController()
    const found: { readonly at: string; readonly manifest: Manifest }[] = []
    for (const lane of await lanesOf(this.#driver, signal)) {
      // A clock that was put back does not turn the order of one writer's commits around.
      let at = ''
      for await (const committed of chainOf(this.#driver, lane, undefined, signal)) {
        const { kind, source: from, time } = committed.body
        at = time > at ? time : at
        if (kind === 'snapshot' && (source === undefined || from === source)) found.push({ at, manifest: manifestOf(committed) })
      }
    }
    for (const { manifest } of found.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) yield manifest
  }

  async *verify(depth: VerifyDepth, signal: AbortSignal): AsyncGenerator<Check> {
    const contentKey = depth === 'every-byte' ? await this.#contentKey(signal) : undefined
    yield* verify({ driver: this.#driver, depth, contentKey, threads: this.#options.threads ?? THREADS }, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Writers and readers are closed by themselves; between calls only threads are held.
    this.#pool[Symbol.dispose]()
  }

  async #contentKey(signal: AbortSignal): Promise<string> {
    const key = this.#options.contentKey
    if (key === undefined)
      throw new Fault({
        code: 'wrong-key',
        what: 'The vault cannot be read without a content key',
        why: 'this machine can write it, not read it',
        remedy: 'Give an escrow identity as vault.contentKey',
      })
    return key.expose(signal)
  }
  async #contentIdentity(compartment: Compartment, signal: AbortSignal): Promise<string> {
    return openCompartment(this.#driver, compartment, await this.#contentKey(signal), signal)
  }
  /** Another machine that writes the same source shares its key and its blobs. */
  async #sharedCompartment(source: string, signal: AbortSignal): Promise<Compartment | undefined> {
    for (const lane of await lanesOf(this.#driver, signal)) {
      const newest = await this.#newestOf(lane, signal)
      if (newest?.body.source === source) return newest.body.compartment
    }
    return undefined
  }
  async #newestOf(lane: string, signal: AbortSignal): Promise<Committed | undefined> {
    return (await Array.fromAsync(chainOf(this.#driver, lane, undefined, signal))).at(-1)
  }
  async #cursors(head: Committed | undefined, identity: string, signal: AbortSignal): Promise<Map<CollectionId, Cursor>> {
    const cursors = new Map<CollectionId, Cursor>()
    const name = head?.body.cursors
    if (name === undefined || name === null) return cursors
    for await (const text of linesOf(unsealing(this.#driver, name, [identity], signal))) {
      const line = CursorLine.parse(JSON.parse(text))
      cursors.set(collectionId(line.c), cursor(line.cursor))
    }
    return cursors
  }
}

/**
 * The catalog remembers whom this lane encrypts to: a vault that suddenly names somebody else is not believed.
 * A key that no commit names was made by a run that died before its first: nothing hangs on it.
 */
function pin(catalog: Catalog, compartment: Compartment, committed: boolean): void {
  const known = catalog.meta('recipient')
  if (committed && known !== undefined && known !== compartment.recipient)
    throw new Fault({
      code: 'corrupt',
      what: 'The vault names another key to encrypt to than before',
      why: `compartment ${compartment.id}`,
      remedy: 'Find out who changed it; if it was you, remove the state directory of this vault',
    })
  catalog.setMeta('recipient', compartment.recipient)
}
