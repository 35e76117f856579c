import { hostname } from 'node:os'
import { join } from 'node:path'
import { SecretSetting } from '../../src/config/secret.ts'
import { systemClock } from '../../src/http/system-clock.ts'
import { canonicalJson } from '../../src/model/canonical.ts'
import { openVault } from '../../src/vault/open.ts'
import type { Company } from '../testbed/company.ts'

const log = { debug: () => {}, info: () => {}, warn: () => {} }
/** Emulators listen on other ports each time. */
export const portless = (text: string): string => text.replaceAll(/(127\.0\.0\.1|localhost):\d+/g, '$1:PORT')

/** Everything alive in the newest snapshot, a line each, with the bytes read back and hashed by the vault as it opens them. */
export async function vaultPicture(company: Company): Promise<readonly string[]> {
  const { signal } = new AbortController()
  const secret = (name: string) => SecretSetting.parse({ file: join(company.dir, name) })
  await using vault = await openVault(
    {
      dir: join(company.dir, 'vault'),
      stateDir: join(company.dir, 'state', 'picture'),
      host: hostname(),
      ports: { clock: systemClock, log },
      indexIdentity: secret('index-identity.key'),
      contentKey: secret('escrow-1.key'),
    },
    signal,
  )
  const manifests = await Array.fromAsync(vault.list('slack'))
  const newest = manifests.at(-1)
  if (newest === undefined) throw new Error('the vault holds no snapshot')
  await using reader = await vault.read(newest.id, signal)
  const lines: string[] = []
  for await (const { id, kind, body, blobs } of reader.items({}, signal)) {
    for (const blob of blobs) if (blob !== null) for await (const _chunk of await reader.open(blob, signal)) void _chunk
    lines.push(`${kind} ${id} ${portless(canonicalJson(body))} ${blobs.map((blob) => blob?.sha256 ?? 'none').join(' ')}`)
  }
  for await (const { id } of reader.tombstones(signal)) lines.push(`deleted ${id}`)
  return lines.toSorted((a, b) => (a < b ? -1 : 1))
}
