import { mkdir } from 'node:fs/promises'
import type { Ports } from '../contract/ports.ts'
import type { PortsFor, Workspace } from '../engine/api.ts'
import { Fault } from '../fault.ts'
import type { Session } from './session.ts'

export interface OpenPorts extends AsyncDisposable {
  readonly portsFor: PortsFor
  readonly clock: Ports['clock']
  readonly log: Ports['log']
}
export interface OpenWorkspace extends AsyncDisposable {
  readonly workspace: Workspace
}
interface Needs {
  /** True for whatever reads content: the journeys into targets, export, `verify --depth every-byte`. */
  readonly contentKey: boolean
}

/** Network, clock and log as the configuration wants them. */
export async function openPorts(session: Session): Promise<OpenPorts> {
  const { openBackendPorts } = await import('./ports.ts')
  return openBackendPorts(session)
}

/**
 * Opens the vault and everything a journey needs.
 * @throws Fault `no-vault`, `config` when content is wanted and `vault.contentKey` is not set, `wrong-key`
 */
export async function openWorkspace(session: Session, { contentKey }: Needs): Promise<OpenWorkspace> {
  const { config, path } = await session.config()
  if (contentKey && config.vault.contentKey === undefined)
    throw new Fault({
      code: 'config',
      what: 'This needs to read what the vault holds, and there is no key for it here',
      why: 'vault.contentKey is not set',
      remedy: `Add contentKey: { file: … } under vault: in ${path}`,
    })
  await mkdir(config.stateDir, { recursive: true, mode: 0o700 })
  const { openConfiguredVault } = await import('./vault.ts')
  const { loadIdentities, reviewed } = await import('../config/identities.ts')
  const people = reviewed(await loadIdentities(config.identities))
  await using stack = new AsyncDisposableStack()
  const ports = stack.use(await openPorts(session))
  const vault = stack.use(await openConfiguredVault(config, { contentKey, clock: ports.clock, log: ports.log }, session.signal))
  const owned = stack.move()
  return {
    workspace: {
      vault,
      portsFor: ports.portsFor,
      clock: ports.clock,
      stateDir: config.stateDir,
      people,
      emit: (event) => session.output.event(event),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
