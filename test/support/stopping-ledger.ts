import type { Ledger } from '../../src/contract/target.ts'

/**
 * A ledger that stops whoever uses it at the write with this number, and at every one after it, as a killed process makes no more of them.
 * `done`: whether that write itself still reaches the disk. The answer: how many writes there were.
 */
export function stopAt(ledger: Ledger, number: number, done: boolean): { readonly writes: number; goOn(): void } {
  let writes = 0
  let stops = true
  const put: Ledger['put'] = ledger.put.bind(ledger)
  const remove: Ledger['delete'] = ledger.delete.bind(ledger)
  const counted = <T>(write: (what: Iterable<T>) => void) => {
    return (what: Iterable<T>): void => {
      writes++
      if (!stops || writes < number) return write(what)
      if (writes === number && done) write(what)
      throw new Error(`stopped at write ${writes}`)
    }
  }
  ledger.put = counted(put)
  ledger.delete = counted(remove)
  return {
    get writes() {
      return writes
    },
    goOn: () => void (stops = false),
  }
}
