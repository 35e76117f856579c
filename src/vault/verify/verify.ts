import type { Check } from '../../contract/ports.ts'
import type { VerifyDepth } from '../../contract/vault.ts'
import { type Fault, faultIn } from '../../fault.ts'
import { openCompartment } from '../compartment.ts'
import type { Driver } from '../driver.ts'
import { keyName, parseObjectName } from '../layout.ts'
import { checkHash, PackChecker } from './check-pack.ts'
import { checkLines } from './content.ts'
import { Inventory } from './inventory.ts'
import { type ObjectToRead, Readings } from './reading.ts'
import { checkStructure, COPY, failed, type Structure } from './structure.ts'

export interface VerifyInit {
  readonly driver: Driver
  readonly depth: VerifyDepth
  readonly contentKey: string | undefined
  readonly threads: number
}

/**
 * Findings, each under a stable name, and one `pass` per level when nothing was found. Names of failures:
 * `vault-file commit-damaged commit-missing chain-broken object-missing object-size key-missing guide-missing` (structure),
 * `object-damaged object-unreadable key-damaged guide-damaged` (keyless),
 * `pack-damaged bag-manifest item-damaged index-line manifest-line refs-line cursors-line blob-missing` (every byte). Warnings: `orphans foreign-file`.
 * @throws Fault `wrong-key` when every byte is asked for and the key opens nothing
 */
export async function* verify({ driver, depth, contentKey, threads }: VerifyInit, signal: AbortSignal): AsyncGenerator<Check> {
  const structure = await checkStructure(driver, signal)
  yield* structure.checks
  if (!structure.checks.some(({ status }) => status === 'fail'))
    yield {
      name: 'structure',
      status: 'pass',
      detail: `${structure.commits.length} commits name ${structure.objects.size} objects, all there`,
    }
  if (depth === 'structure') return
  using readings = new Readings(driver, threads)
  yield* checkFixed(readings, structure, signal)
  const identities = contentKey === undefined ? new Map<string, string>() : await identitiesOf(driver, structure, contentKey, signal)
  using inventory = new Inventory()
  let findings = 0
  let bytes = 0
  let items = 0
  for (const { body } of structure.commits) {
    const identity = identities.get(body.compartment.id)
    if (depth === 'every-byte' && identity === undefined && body.files.length > 0)
      yield {
        name: 'no-key',
        status: 'skip',
        detail: `commit ${body.lane}/${body.seq}: the key at hand does not open compartment ${body.compartment.id}`,
        remedy: 'Verify with an escrow identity',
      }
    const objects: (ObjectToRead & { readonly sha256: string })[] = []
    for (const { rel, size } of body.files) {
      const named = parseObjectName(rel)
      if (named !== undefined && structure.objects.has(rel))
        objects.push({ name: rel, sha256: named.sha256, size, identity: named.tier === 'packs' ? identity : undefined })
    }
    const joined = new Map<string, string>()
    let pack = ''
    const checker = new PackChecker({
      entry: (entry) => {
        items += 1
        inventory.entry(body.compartment.id, pack, entry)
      },
      frame: (start, raw) => inventory.frame(pack, start, raw),
      named: (blob) => inventory.want(body.compartment.id, blob, 'blob-missing', pack),
      joined: (parts, sha256) => joined.set(parts.join(' '), sha256),
    })
    for await (const { object, reading } of readings.all(objects, signal)) {
      const { name, sha256, size, identity: opens } = object
      pack = name
      const found =
        opens === undefined ? await checkHash(reading, name, sha256, signal) : await checker.check(reading, name, sha256, signal)
      bytes += size
      findings += found.length
      for (const { code, detail } of found) yield failed(code, detail)
    }
    if (identity === undefined) continue
    for await (const check of checkLines(driver, body, inventory, joined, identity, signal)) {
      findings += 1
      yield check
    }
  }
  for (const { h, code, place } of inventory.lost()) {
    findings += 1
    yield failed(code, `${place} names blob ${h}, which is in no pack`)
  }
  if (findings === 0)
    yield {
      name: depth,
      status: 'pass',
      detail: depth === 'keyless' ? `${bytes} bytes are what their names say` : `${items} items, ${bytes} bytes stored, all sound`,
    }
}

/** The files with fixed names: keys and the guides for people. */
async function* checkFixed(readings: Readings, { commits, vaultFile }: Structure, signal: AbortSignal): AsyncGenerator<Check> {
  const damaged = async (name: string, sha256: string): Promise<boolean> => {
    for await (const { reading } of readings.all([{ name, size: 0, identity: undefined }], signal))
      if ((await checkHash(reading, name, sha256, signal)).length > 0) return true
    return false
  }
  const keys = new Map(commits.map(({ body }) => [keyName(body.compartment.id), body.compartment.key]))
  for (const [name, sha256] of keys) if (await damaged(name, sha256)) yield failed('key-damaged', name)
  for (const [name, sha256] of Object.entries(vaultFile?.files ?? {}))
    if (await damaged(name, sha256)) yield failed('guide-damaged', name, `${COPY}, or from another vault of this version`)
}

async function identitiesOf(driver: Driver, { commits }: Structure, contentKey: string, signal: AbortSignal): Promise<Map<string, string>> {
  const identities = new Map<string, string>()
  const compartments = new Map(commits.map(({ body }) => [body.compartment.id, body.compartment]))
  let refused: Fault | undefined
  for (const compartment of compartments.values())
    try {
      identities.set(compartment.id, await openCompartment(driver, compartment, contentKey, signal))
    } catch (error) {
      const fault = faultIn(error)
      if (fault === undefined || signal.aborted || fault.code === 'config') throw error
      if (fault.code === 'wrong-key') refused = fault
    }
  if (identities.size === 0 && refused !== undefined) throw refused
  return identities
}
