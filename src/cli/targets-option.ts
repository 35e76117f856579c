import type { LoadedConfig } from '../config/load.ts'
import type { Kind } from '../contract/item.ts'
import type { Manifest } from '../contract/vault.ts'
import type { TargetHandle } from '../engine/api.ts'
import { Fault } from '../fault.ts'
import type { Session } from './session.ts'

/** Mail comes last: calendars and contacts are small, and whoever waits for their mail can use them meanwhile. */
const smallFirst = (targets: readonly TargetHandle[]): readonly TargetHandle[] => [
  ...targets.filter(({ definition }) => definition.capabilities.mail.level === 'none'),
  ...targets.filter(({ definition }) => definition.capabilities.mail.level !== 'none'),
]

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
  return smallFirst(await Promise.all(names.map((name) => targetHandle(loaded, name))))
}

/** Says what of a snapshot none of the targets takes: the next command, or a gap somebody should know of. */
export function leftToNobody(session: Session, counts: Manifest['counts'], targets: readonly TargetHandle[]): void {
  const left = Object.entries(counts).filter(
    ([kind, count]) => count > 0 && targets.every(({ definition }) => definition.capabilities[kind as Kind].level === 'none'),
  )
  if (left.length === 0) return
  const what = left.map(([kind, count]) => `${count.toLocaleString('en')} of ${kind}`).join(', ')
  session.output.note(`None of these targets has a place for: ${what}. Name one that has, with another --to`)
}
