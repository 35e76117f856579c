import type { LoadedConfig } from '../config/load.ts'
import type { TargetHandle } from '../engine/api.ts'
import { Fault } from '../fault.ts'

/** The targets that `--to` names. @throws Fault `usage` if none is named */
export async function requireTargets(loaded: LoadedConfig, names: readonly string[] | undefined): Promise<readonly TargetHandle[]> {
  const known = Object.keys(loaded.config.targets)
  if (names === undefined)
    throw new Fault({
      code: 'usage',
      what: 'Where to? --to TARGET is missing',
      remedy: known.length === 0 ? `Add a target under targets: in ${loaded.path}` : `Choose from: ${known.join(', ')}`,
    })
  const { targetHandle } = await import('../config/backends.ts')
  return Promise.all(names.map((name) => targetHandle(loaded, name)))
}
