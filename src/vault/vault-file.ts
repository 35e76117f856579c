import { hash } from 'node:crypto'
import { z } from 'zod'
import { type Driver, getBytes } from './driver.ts'
import { Fault } from '../fault.ts'

export const VAULT_FILE = 'VAULT.json'

/** What VAULT.json says. It never changes after creation. */
export const VaultFile = z.strictObject({
  format: z.literal('vault/1'),
  id: z.string().regex(/^[0-9a-f-]{36}$/),
  created: z.string(),
  /** Public keys. `escrow`: any one of them opens everything; `index`: the nightly host's. */
  recipients: z.strictObject({ escrow: z.array(z.string()).min(2), index: z.string() }),
  params: z.strictObject({ hash: z.literal('sha256'), compression: z.literal('zstd-3'), compartments: z.literal('per-source') }),
  /** Hashes of the files for people that lie beside it. */
  files: z.record(z.string(), z.string()),
})
export type VaultFile = z.infer<typeof VaultFile>

/** @throws Fault `no-vault` when there is none, `corrupt` when it cannot be read */
export async function readVaultFile(driver: Driver, signal: AbortSignal): Promise<{ readonly file: VaultFile; readonly sha256: string }> {
  if ((await driver.head(VAULT_FILE)) === undefined)
    throw new Fault({
      code: 'no-vault',
      what: 'There is no vault here',
      why: 'VAULT.json is missing',
      remedy: 'Create one with: fallreep init',
    })
  const bytes = await getBytes(driver, VAULT_FILE, signal)
  try {
    return { file: VaultFile.parse(JSON.parse(bytes.toString('utf8'))), sha256: hash('sha256', bytes) }
  } catch (cause) {
    throw new Fault({
      code: 'corrupt',
      what: 'VAULT.json cannot be read',
      why: 'it is damaged or of a newer version',
      remedy: 'Restore it from a second copy of the vault',
      cause,
    })
  }
}
