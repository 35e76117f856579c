import type { CollectionId } from '../../src/contract/ids.ts'
import type { Ports } from '../../src/contract/ports.ts'
import type { Applied, ApplyContext, Directory, Ledger, Observed, Stated, Target } from '../../src/contract/target.ts'
import { apply } from './apply/apply.ts'
import { checks } from './check.ts'
import type { ImapOperation } from './map/operations.ts'
import { ownersByLogin } from './map/people.ts'
import { observe } from './observe.ts'
import { destroyScratch } from './scratch.ts'
import type { Settings } from './settings.ts'
import { survey } from './survey.ts'

/** Opens a mail server. Asks nothing yet; every connection is made when it is needed and closed when it is not. */
export function openImap(settings: Settings, ports: Ports): Target<ImapOperation> {
  let logins: readonly string[] | undefined
  const target = {
    check: (signal: AbortSignal) => checks(settings, ports, signal),
    survey: (directory: Directory, signal: AbortSignal) => {
      logins = [...ownersByLogin(directory, settings).keys()]
      return survey(settings, directory, signal)
    },
    apply: (ops: AsyncIterable<Stated<ImapOperation>>, context: ApplyContext, signal: AbortSignal): AsyncIterable<Applied> =>
      apply(settings, ports, ops, context, signal),
    observe: (ledger: Ledger, only: ReadonlySet<CollectionId> | undefined, signal: AbortSignal): AsyncIterable<Observed> =>
      observe(settings, ports, ledger, only, signal),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const { scratch } = settings
  return scratch === undefined
    ? target
    : { ...target, scratch: { destroy: (signal: AbortSignal) => destroyScratch(settings, scratch, logins, signal) } }
}
