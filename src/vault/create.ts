import { hash, randomUUID } from 'node:crypto'
import type { Ports } from '../contract/ports.ts'
import { Fault } from '../fault.ts'
import { checkRecipient } from './age.ts'
import type { Driver } from './driver.ts'
import { LocalDriver } from './local.ts'
import { GUIDE, SCRIPT } from './restore-files.ts'
import { VAULT_FILE, type VaultFile } from './vault-file.ts'

export interface CreateVault {
  /** Made if it does not exist; must hold no vault yet. */
  readonly dir: string
  /** Public keys (age1…) of at least two holders; each of them alone can open everything. */
  readonly escrowRecipients: readonly string[]
  /** Public key of the nightly host's index identity. */
  readonly indexRecipient: string
  readonly ports: Pick<Ports, 'clock'>
  /** Storage other than a local directory. */
  readonly driver?: Driver
}

/**
 * Makes an empty vault: VAULT.json, RESTORE.md, restore.sh.
 * @throws Fault `usage` for fewer than two escrow recipients or doubled ones, `config` for a malformed one, `conflict` when a vault is there already
 */
export async function createVault(options: CreateVault): Promise<{ readonly id: string }> {
  const driver = options.driver ?? new LocalDriver(options.dir, () => options.ports.clock.now())
  const escrow = options.escrowRecipients.map(checkRecipient)
  const index = checkRecipient(options.indexRecipient)
  if (new Set(escrow).size < 2)
    throw new Fault({
      code: 'usage',
      what: 'A vault needs two escrow recipients at least',
      why: 'with one, a single lost key loses everything',
      remedy: 'Make a second identity and give its recipient to another holder',
    })
  if (escrow.includes(index))
    throw new Fault({
      code: 'usage',
      what: 'The index recipient is an escrow recipient, too',
      why: 'the nightly host could then read what it wrote',
      remedy: 'Use an identity of its own for the index',
    })
  const body: VaultFile = {
    format: 'vault/1',
    id: randomUUID(),
    created: (await driver.now()).toISOString(),
    recipients: { escrow: [...new Set(escrow)], index },
    params: { hash: 'sha256', compression: 'zstd-3', compartments: 'per-source' },
    files: { 'RESTORE.md': hash('sha256', GUIDE), 'restore.sh': hash('sha256', SCRIPT) },
  }
  if ((await driver.head(VAULT_FILE)) !== undefined) throw taken()
  await driver.putIfAbsent('RESTORE.md', Buffer.from(GUIDE), 'create')
  await driver.putIfAbsent('restore.sh', Buffer.from(SCRIPT), 'create')
  if ((await driver.putIfAbsent(VAULT_FILE, Buffer.from(`${JSON.stringify(body, undefined, 2)}\n`), 'create')) === 'exists') throw taken()
  await driver.delete('tmp/create')
  return { id: body.id }
}

const taken = (): Fault =>
  new Fault({
    code: 'conflict',
    what: 'There is a vault here already',
    remedy: 'Choose an empty directory, or use the vault that is there',
  })
