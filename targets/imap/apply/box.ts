import type { Ports } from '../../../src/contract/ports.ts'
import { Fault } from '../../../src/fault.ts'
import { type Opened, openFolder } from '../client/folders.ts'
import { logIn } from '../client/login.ts'
import type { Settings } from '../settings.ts'
import type { Connection } from '../wire/connection.ts'

/** How often a server that does not answer is tried again, and how long the first wait is; each further one is twice as long. */
const ATTEMPTS = 5
const FIRST_WAIT_MS = 500

export const isUnavailable = (error: unknown): boolean => error instanceof Fault && error.code === 'unavailable'

/** What is open on a connection, and as of how many changes. */
interface Selected {
  readonly folder: string
  readonly opened: Opened
  readonly changes: number
}

/** Does work that may be done twice again when the line dies under it. @throws what it throws, the third time */
export async function patiently<T>({ signal }: { readonly signal: AbortSignal }, work: (again: boolean) => Promise<T>): Promise<T> {
  for (let deaths = 0; ;)
    try {
      return await work(deaths > 0)
    } catch (error) {
      signal.throwIfAborted()
      if (!isUnavailable(error) || ++deaths === 3) throw error
    }
}

/**
 * One mailbox: a few connections into it, and one at a time for each folder, because servers lock folders while they write. A connection is lent
 * to one after the other. What was sent over it may still be without an answer then: over a long line the next one need not wait for that.
 */
export class Box implements AsyncDisposable {
  readonly login: string
  readonly #settings: Settings
  readonly #ports: Ports
  readonly #signal: AbortSignal
  readonly #free: Connection[] = []
  readonly #selected = new WeakMap<Connection, Selected>()
  /** How often mails came into a folder. */
  readonly #changes = new Map<string, number>()
  readonly #folders = new Map<string, Promise<unknown>>()
  readonly #waiting: (() => void)[] = []
  /** How many wait for a connection over which nothing is under way. */
  #alone = 0
  #open = 0
  #most: number
  #closed: { readonly error: unknown } | undefined

  constructor(login: string, settings: Settings, ports: Ports, signal: AbortSignal) {
    this.login = login
    this.#settings = settings
    this.#ports = ports
    this.#signal = signal
    this.#most = settings.connections
    signal.addEventListener('abort', () => this.stir(), { once: true })
  }

  /**
   * Works on a connection of its own, over which nothing else is under way: nobody else's mail can be what the line dies of. `shared`: something
   * may be, and what is begun here may still be when others come.
   * @throws Fault `unavailable` when the line died meanwhile, or there is no server any more
   */
  async use<T>(work: (connection: Connection) => Promise<T>, shared = false): Promise<T> {
    const connection = await this.#acquire(shared)
    try {
      return await work(connection)
    } finally {
      if (connection.alive) this.#free.push(connection)
      else this.#open--
      this.stir()
    }
  }
  /** Something was answered, or a connection is free: whoever waits for one looks again. */
  stir(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  /** The same, and nobody else of us works on this folder meanwhile. */
  alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
    const before = this.#folders.get(folder) ?? Promise.resolve()
    const mine = before.then(work, work)
    this.#folders.set(
      folder,
      mine.catch(() => undefined),
    )
    return mine
  }

  /** Opens a folder on a connection, unless it is open there and shows what came into it over other ones. */
  async select(connection: Connection, folder: string): Promise<Opened> {
    const known = this.#selected.get(connection)
    const changes = this.#changes.get(folder) ?? 0
    if (known?.folder === folder && known.changes === changes) return known.opened
    this.#selected.delete(connection)
    const opened = await openFolder(connection, folder, false)
    this.#selected.set(connection, { folder, opened, changes })
    return opened
  }
  /** Mails came into a folder over this connection, which sees them there. Others would ask for them in vain until they open it again. */
  changed(folder: string, by: Connection): void {
    const changes = (this.#changes.get(folder) ?? 0) + 1
    this.#changes.set(folder, changes)
    const known = this.#selected.get(by)
    if (known?.folder === folder && known.changes === changes - 1) this.#selected.set(by, { ...known, changes })
  }
  /** The next `select` opens it anew, and tells how it is now. */
  deselect(connection: Connection): void {
    this.#selected.delete(connection)
  }

  async #acquire(shared: boolean): Promise<Connection> {
    for (;;) {
      this.#signal.throwIfAborted()
      if (this.#closed !== undefined) throw this.#closed.error
      const free = this.#leastBusy()
      // Whoever needs a line to themselves would wait for ever behind those who do not.
      const share = shared && this.#open >= this.#most && this.#alone === 0
      if (free !== undefined && (free.unanswered === 0 || share)) {
        this.#free.splice(this.#free.indexOf(free), 1)
        return free
      }
      if (this.#open < this.#most) {
        this.#open++
        const connection = await this.#connect()
        if (connection !== undefined) return connection
        continue
      }
      if (!shared) this.#alone++
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
      if (!shared) this.#alone--
    }
  }

  #leastBusy(): Connection | undefined {
    const dead = this.#free.filter(({ alive }) => !alive)
    for (const connection of dead) this.#free.splice(this.#free.indexOf(connection), 1)
    this.#open -= dead.length
    return this.#free.toSorted((a, b) => a.unanswered - b.unanswered)[0]
  }

  /** Undefined: the server wants fewer connections; there are others. */
  async #connect(): Promise<Connection | undefined> {
    for (let attempt = 1; ; attempt++)
      try {
        return await logIn(this.#settings, this.login, this.#signal)
      } catch (error) {
        this.#signal.throwIfAborted()
        if (isUnavailable(error) && this.#open > 1) {
          this.#open--
          this.#most = Math.max(1, this.#open)
          return undefined
        }
        if (!isUnavailable(error) || attempt === ATTEMPTS) {
          this.#open--
          // Whoever waits for a connection need not find out for themselves.
          this.#closed = { error }
          this.stir()
          throw error
        }
        await this.#ports.clock.sleep(FIRST_WAIT_MS * 2 ** (attempt - 1), this.#signal)
      }
  }

  /** Closes what is not in use; the next use opens it again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#open -= this.#free.length
    await Promise.all(this.#free.splice(0).map((connection) => connection[Symbol.asyncDispose]()))
  }
}
