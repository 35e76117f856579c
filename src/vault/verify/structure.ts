import type { Check } from '../../contract/ports.ts'
import { faultIn } from '../../fault.ts'
import { type Committed, lanesOf, readCommit } from '../commit.ts'
import type { Driver } from '../driver.ts'
import { keyName, parseObjectName } from '../layout.ts'
import { readVaultFile, type VaultFile } from '../vault-file.ts'

export const COPY = 'Restore it from a second copy of the vault'
export const failed = (name: string, detail: string, remedy = COPY): Check => ({ name, status: 'fail', detail, remedy })

/** What a walk over commits and listing found out. */
export interface Structure {
  readonly checks: readonly Check[]
  readonly commits: readonly Committed[]
  /** Objects that a commit names and that are there. */
  readonly objects: ReadonlyMap<string, number>
  readonly vaultFile: VaultFile | undefined
}

/** Compares what the commits promise with what the storage lists. Needs no key and reads nothing but commits. */
export async function checkStructure(driver: Driver, signal: AbortSignal): Promise<Structure> {
  const checks: Check[] = []
  const commits: Committed[] = []
  const head = await readVaultFile(driver, signal).catch((error: unknown) => {
    if (signal.aborted) throw error
    checks.push(failed('vault-file', faultIn(error)?.message ?? 'VAULT.json cannot be read'))
    return undefined
  })
  const listed = new Map<string, number>()
  for await (const { name, size } of driver.list('', signal)) listed.set(name, size)
  for (const lane of await lanesOf(driver, signal)) commits.push(...(await chain(driver, lane, listed, checks, signal)))
  const objects = new Map<string, number>()
  for (const { body } of commits) {
    if (head !== undefined && (body.vault !== head.file.id || body.vaultFile !== head.sha256))
      checks.push(failed('vault-file', `VAULT.json is not the one that commit ${body.lane}/${body.seq} was made under`))
    if (!listed.has(keyName(body.compartment.id))) checks.push(failed('key-missing', keyName(body.compartment.id)))
    for (const { rel, size } of body.files) {
      const found = listed.get(rel)
      if (found === undefined) checks.push(failed('object-missing', rel))
      else if (found !== size) checks.push(failed('object-size', `${rel}: ${found} bytes instead of ${size}`))
      if (found !== undefined) objects.set(rel, size)
    }
  }
  for (const name of Object.keys(head?.file.files ?? {})) if (!listed.has(name)) checks.push(failed('guide-missing', name))
  const orphans = [...listed.keys()].filter((name) => parseObjectName(name) !== undefined && !objects.has(name))
  if (orphans.length > 0)
    checks.push({
      name: 'orphans',
      status: 'warn',
      detail: `${orphans.length} objects that no commit names, left by interrupted runs`,
      remedy: 'Nothing to do: they harm nobody',
    })
  const known = new Set(['VAULT.json', ...Object.keys(head?.file.files ?? {})])
  for (const name of listed.keys())
    if (!known.has(name) && parseObjectName(name) === undefined && !/^(keys|commits|sessions|gc)\//.test(name))
      checks.push({ name: 'foreign-file', status: 'warn', detail: name, remedy: 'Find out where it comes from' })
  return { checks: dedupe(checks), commits, objects, vaultFile: head?.file }
}

async function chain(
  driver: Driver,
  lane: string,
  listed: ReadonlyMap<string, number>,
  checks: Check[],
  signal: AbortSignal,
): Promise<Committed[]> {
  const seqs: number[] = []
  for (const name of listed.keys()) {
    if (!name.startsWith(`commits/${lane}/`)) continue
    const seq = /\/(\d{8})\.json$/.exec(name)?.[1]
    if (seq === undefined) checks.push(failed('commit-damaged', `${name} is no name of a commit`))
    else seqs.push(Number(seq))
  }
  const found: Committed[] = []
  let before: Committed | undefined
  let expected = 1
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    for (; expected < seq; expected++) checks.push(failed('commit-missing', `${lane}/${expected}`))
    expected = seq + 1
    try {
      const next = await readCommit(driver, lane, seq, signal)
      found.push(next)
      if (before?.body.seq === seq - 1 || seq === 1)
        if (next.body.prev !== (before?.sha256 ?? null))
          checks.push(failed('chain-broken', `${lane}/${seq} does not follow the commit before it`))
      before = next
    } catch (error) {
      if (signal.aborted) throw error
      checks.push(failed('commit-damaged', faultIn(error)?.message ?? `${lane}/${seq}`))
      before = undefined
    }
  }
  return found
}

function dedupe(checks: readonly Check[]): Check[] {
  return [...new Map(checks.map((check) => [`${check.name}\0${check.detail}`, check])).values()]
}
