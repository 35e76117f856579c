import { connectors } from '../../connectors/registry.gen.ts'
import { targets } from '../../targets/registry.gen.ts'
import type { ConnectorDefinition } from '../contract/connector.ts'
import type { Operation, TargetDefinition } from '../contract/target.ts'
import type { SourceHandle, SourceLabel, TargetHandle } from '../engine/api.ts'
import { Fault } from '../fault.ts'
import { faultOf } from './document.ts'
import { keysOf } from './keys.ts'
import type { LoadedConfig } from './load.ts'
import { mistakesOf, unknownKey } from './mistakes.ts'
import { nearest } from './nearest.ts'

export type AnyConnector = ConnectorDefinition<string, unknown>
export type AnyTarget = TargetDefinition<string, unknown, Operation>
const connectorFolders: Readonly<Record<string, () => Promise<{ readonly definition: AnyConnector }>>> = connectors
const targetFolders: Readonly<Record<string, () => Promise<{ readonly definition: AnyTarget }>>> = targets

export const connectorIds = (): readonly string[] => Object.keys(connectorFolders)
export const targetIds = (): readonly string[] => Object.keys(targetFolders)
/** The definition of a connector; loads no SDK. Undefined if there is none of that id. */
export const connectorDefinition = async (id: string): Promise<AnyConnector | undefined> => (await connectorFolders[id]?.())?.definition
export const targetDefinition = async (id: string): Promise<AnyTarget | undefined> => (await targetFolders[id]?.())?.definition

/** A configured source, its settings checked. @throws Fault `usage` for an unknown name, `config` for wrong settings. */
export async function sourceHandle(loaded: LoadedConfig, name: string): Promise<SourceHandle> {
  const settings = loaded.config.sources[name]
  if (settings === undefined) throw unknownName('source', name, Object.keys(loaded.config.sources))
  const { connector, ...rest } = settings
  const definition = await connectorDefinition(connector)
  if (definition === undefined) throw unknownBackend(loaded, ['sources', name, 'connector'], connector, connectorIds())
  return { name, definition, config: parseSettings(loaded, ['sources', name], definition, rest, 'connector') }
}

/** How reports name a snapshot's source. Its settings are not looked at, and it need not be configured here: an import never asks a source. */
export async function sourceLabel(loaded: LoadedConfig, name: string): Promise<SourceLabel> {
  const connector = loaded.config.sources[name]?.connector
  const definition = connector === undefined ? undefined : await connectorDefinition(connector)
  return { name, connector, title: definition?.title ?? name }
}

/** A configured target, its settings checked. @throws Fault `usage` for an unknown name, `config` for wrong settings. */
export async function targetHandle(loaded: LoadedConfig, name: string): Promise<TargetHandle> {
  const settings = loaded.config.targets[name]
  if (settings === undefined) throw unknownName('target', name, Object.keys(loaded.config.targets))
  const { target, ...rest } = settings
  const definition = await targetDefinition(target)
  if (definition === undefined) throw unknownBackend(loaded, ['targets', name, 'target'], target, targetIds())
  return { name, definition, config: parseSettings(loaded, ['targets', name], definition, rest, 'target') }
}

/** Every configured source or target is checked: what `config check` does. @throws Fault as above, at the first that is wrong. */
export async function checkBackends(loaded: LoadedConfig): Promise<void> {
  for (const name of Object.keys(loaded.config.sources)) await sourceHandle(loaded, name)
  for (const name of Object.keys(loaded.config.targets)) await targetHandle(loaded, name)
}

function parseSettings(
  loaded: LoadedConfig,
  path: readonly string[],
  { config }: AnyConnector | AnyTarget,
  settings: object,
  discriminator: string,
): unknown {
  const parsed = config.safeParse(settings)
  if (parsed.success) return parsed.data
  const known = keysOf(config)
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }))
  throw faultOf(
    loaded.source,
    mistakesOf(issues, (at) => [...(at.length === path.length ? [discriminator] : []), ...known(at.slice(path.length))]),
  )
}

function unknownName(what: 'source' | 'target', name: string, known: readonly string[]): Fault {
  const meant = nearest(name, known)
  return new Fault({
    code: 'usage',
    what: `There is no ${what} "${name}" in the configuration`,
    why: known.length === 0 ? `it names no ${what} at all` : `it names ${known.join(', ')}`,
    remedy: meant === undefined ? `Add it under ${what}s: in the configuration` : `Did you mean "${meant}"?`,
  })
}

function unknownBackend(loaded: LoadedConfig, path: readonly string[], id: string, known: readonly string[]): Fault {
  const { instead } = unknownKey([], id, known)
  return faultOf(loaded.source, [{ path, atKey: false, what: `"${path.at(-1)}" has no such choice: ${id}`, instead }])
}
