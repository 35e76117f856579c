import type { Connector } from '../contract/connector.ts'
import type { Ports } from '../contract/ports.ts'
import type { Operation, Target } from '../contract/target.ts'
import type { PortsFor, SourceHandle, TargetHandle } from './api.ts'

/** The ports of a backend with its own budgets. `reads`: every request only reads, and may be repeated. */
export function portsOf(
  { name, definition }: Pick<SourceHandle | TargetHandle, 'name' | 'definition'>,
  reads: boolean,
  portsFor: PortsFor,
): Ports {
  return portsFor({ name, limits: definition.limits, quotaOf: (request) => definition.quotaOf(request), reads })
}

/** @throws Fault as the connector's `open` */
export const openSource = (handle: SourceHandle, portsFor: PortsFor, signal: AbortSignal): Promise<Connector> =>
  handle.definition.open(handle.name, handle.config, portsOf(handle, true, portsFor), signal)

/** @throws Fault as the target's `open` */
export const openTarget = (handle: TargetHandle, portsFor: PortsFor, signal: AbortSignal): Promise<Target<Operation>> =>
  handle.definition.open(handle.name, handle.config, portsOf(handle, false, portsFor), signal)
