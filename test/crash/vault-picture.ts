import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Vault } from '../../src/contract/vault.ts'
import { SecretSetting } from '../../src/config/secret.ts'
import { systemClock } from '../../src/http/system-clock.ts'
import { canonicalJson } from '../../src/model/canonical.ts'
import { openVault } from '../../src/vault/open.ts'
import type { Company } from '../testbed/company.ts'
import { steady } from './steady.ts'

const log = { debug: () => {}, info: () => {}, warn: () => {} }
/** Emulators listen on other ports each time. */
export const portless = (text: string): string => text.replaceAll(/(127\.0\.0\.1|localhost):\d+/g, '$1:PORT')

/**
 * Everything alive in the newest snapshot of each source, what was deleted and what was lost, a line each, with the bytes read back; and
 * whatever is unsound anywhere in the vault. `hashes` takes the SHA-256 of all bytes.
 */
export async function vaultPicture(company: Company, sources: readonly string[], hashes?: Set<string>): Promise<readonly string[]> {
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
  const lines: string[] = []
  for (const source of sources) for await (const line of newest(vault, source, hashes, signal)) lines.push(`${source}: ${line}`)
  for await (const { name, status, detail } of vault.verify('every-byte', signal))
    if (status === 'fail') lines.push(`the vault is unsound: ${name} ${detail}`)
  return lines
}

async function* newest(vault: Vault, source: string, hashes: Set<string> | undefined, signal: AbortSignal): AsyncGenerator<string> {
  const manifest = (await Array.fromAsync(vault.list(source))).at(-1)
  if (manifest === undefined) throw new Error(`the vault holds no snapshot of ${source}`)
  await using reader = await vault.read(manifest.id, signal)
  for await (const { id, kind, body, blobs } of reader.items({}, signal)) {
    const read: string[] = []
    for (const blob of blobs) {
      read.push(blob === null ? 'none' : await hashed(await reader.open(blob, signal)))
      if (blob !== null) hashes?.add(blob.sha256)
    }
    yield `${kind} ${id} ${portless(canonicalJson(body))} ${read.join(' ')}`
  }
  for await (const { id } of reader.tombstones(signal)) yield `deleted ${id}`
  for await (const loss of reader.losses(undefined, signal)) yield `lost ${portless(JSON.stringify(loss))}`
}

async function hashed(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  return createHash('sha256')
    .update(steady(Buffer.concat(await Array.fromAsync(bytes))))
    .digest('hex')
}
