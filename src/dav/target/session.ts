import type { CollectionId } from '../../contract/ids.ts'
import type { Ports } from '../../contract/ports.ts'
import type { ApplyContext, Directory, Ledger, Stated, Target } from '../../contract/target.ts'
import { apply } from './apply.ts'
import { checks } from './check.ts'
import type { Format } from './format.ts'
import { Homes } from './homes.ts'
import { Lanes } from './lanes.ts'
import { observe } from './observe.ts'
import type { DavOperation } from './operations.ts'
import { loginsOf } from './people.ts'
import { destroyScratch } from './scratch.ts'
import type { CommonSettings } from './settings.ts'
import { surveyed } from './survey.ts'

/** Opens a server. Asks nothing yet. */
export function openDav(format: Format, settings: CommonSettings, ports: Ports): Target<DavOperation> {
  const homes = new Homes(settings, format.kind, ports, false)
  const on = { settings, format, homes }
  const target: Target<DavOperation> = {
    check: (signal: AbortSignal) => checks(on, signal),
    survey: (directory: Directory, signal: AbortSignal) => surveyed(homes, loginsOf(directory, settings), signal),
    apply: (ops: AsyncIterable<Stated<DavOperation>>, context: ApplyContext, signal: AbortSignal) =>
      apply(
        {
          ...on,
          homes: new Homes(settings, format.kind, ports, true),
          ports,
          context,
          lanes: new Lanes(settings.connections, ports.clock),
          putsWhole: new Set([new URL(settings.url).origin]),
        },
        ops,
        signal,
      ),
    observe: (ledger: Ledger, only: ReadonlySet<CollectionId> | undefined, signal: AbortSignal) => observe(on, ledger, only, signal),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  if (settings.scratch === undefined) return target
  return { ...target, scratch: { destroy: (signal: AbortSignal) => destroyScratch(on, signal) } }
}
