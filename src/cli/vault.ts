import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Clock, Log } from '../contract/ports.ts'
import type { Vault } from '../contract/vault.ts'
import type { LoadedConfig } from '../config/load.ts'
import { systemClock } from '../http/system-clock.ts'
import { createVault } from '../vault/create.ts'
import { openVault } from '../vault/open.ts'

interface Opening {
  /** Whether the content key is handed over; a nightly backup never holds it. */
  readonly contentKey: boolean
  readonly clock: Clock
  readonly log: Log
}

/** The vault the configuration names. @throws Fault `no-vault` */
export function openConfiguredVault(
  { vault, stateDir }: LoadedConfig['config'],
  { contentKey, clock, log }: Opening,
  signal: AbortSignal,
): Promise<Vault> {
  const { path, indexIdentity, contentKey: key } = vault
  return openVault(
    {
      dir: path,
      stateDir: join(stateDir, 'vault'),
      host: hostname(),
      ports: { clock, log },
      indexIdentity,
      ...(contentKey && key !== undefined ? { contentKey: key } : {}),
    },
    signal,
  )
}

/** A new, empty vault. @throws Fault `conflict` when there is one already */
export async function createConfiguredVault(
  path: string,
  { recipients, indexRecipient }: { readonly recipients: readonly string[]; readonly indexRecipient: string },
): Promise<void> {
  await createVault({ dir: path, escrowRecipients: recipients, indexRecipient, ports: { clock: systemClock } })
}
