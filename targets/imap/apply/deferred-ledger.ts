import type { Ledger, LedgerEntry } from '../../../src/contract/target.ts'

/** So many entries are written at the latest. */
const MOST = 2000

/**
 * The ledger, with what is known to stand written a little later, together with what is written next: each transaction costs a wait for the
 * disk. Nothing depends on it: until then the entries say that an attempt was begun, and a later run finds the mails where they are.
 * Whoever reads sees everything.
 */
export class DeferredLedger implements Ledger {
  readonly #ledger: Ledger
  #entries: LedgerEntry[] = []
  #then: (() => void)[] = []
  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }
  /** `then` is called when the entries are on disk. */
  later(entries: readonly LedgerEntry[], then: () => void): void {
    this.#entries.push(...entries)
    this.#then.push(then)
    if (this.#entries.length >= MOST) this.flush()
  }
  flush(): void {
    if (this.#then.length > 0) this.put([])
  }
  put(entries: Iterable<LedgerEntry>): void {
    const [all, then] = [[...this.#entries, ...entries], this.#then]
    this.#entries = []
    this.#then = []
    if (all.length > 0) this.#ledger.put(all)
    for (const tell of then) tell()
  }
  delete(keys: Iterable<LedgerEntry['key']>): void {
    this.flush()
    this.#ledger.delete(keys)
  }
  get(key: LedgerEntry['key']): LedgerEntry | undefined {
    this.flush()
    return this.#ledger.get(key)
  }
  byRemote(remote: LedgerEntry['remote']): LedgerEntry | undefined {
    this.flush()
    return this.#ledger.byRemote(remote)
  }
  entries(of: Parameters<Ledger['entries']>[0]): IterableIterator<LedgerEntry> {
    this.flush()
    return this.#ledger.entries(of)
  }
}
