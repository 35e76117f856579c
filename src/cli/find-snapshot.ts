import type { Manifest, Vault } from '../contract/vault.ts'
import { Fault } from '../fault.ts'

/** By id, by the start of an id, or by a source's name: its newest complete snapshot, or its newest if none is complete. @throws Fault `usage` */
export async function findSnapshot(vault: Vault, wanted: string): Promise<Manifest> {
  const all = await Array.fromAsync(vault.list())
  const exact = all.find(({ id }) => id === wanted)
  if (exact !== undefined) return exact
  const ofSource = all.filter(({ source }) => source === wanted)
  const newest = ofSource.findLast(({ state }) => state === 'complete') ?? ofSource.at(-1)
  if (newest !== undefined) return newest
  const starting = wanted.length < 4 ? [] : all.filter(({ id }) => id.startsWith(wanted))
  const [only] = starting
  if (starting.length === 1 && only !== undefined) return only
  throw new Fault({
    code: 'usage',
    what: starting.length > 1 ? `"${wanted}" starts ${starting.length} snapshots` : `There is no snapshot "${wanted}"`,
    why:
      all.length === 0 ? 'the vault holds none yet' : `there are snapshots of ${[...new Set(all.map(({ source }) => source))].join(', ')}`,
    remedy: all.length === 0 ? 'Run: fallreep backup' : 'List them with: fallreep snapshots',
  })
}
