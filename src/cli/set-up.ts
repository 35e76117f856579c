import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { Fault } from '../fault.ts'
import { generateIdentity, recipientOf } from '../vault/age.ts'

export interface SetUpPlan {
  readonly configPath: string
  readonly vaultPath: string
  readonly organisation: string | undefined
  readonly recipients: readonly string[]
  /** Files that get a new secret key each. */
  readonly escrow: readonly string[]
}

/**
 * Writes keys first, then the vault, then the configuration, and never over a file that is there: what an interrupted set-up left is
 * named in the Fault. @throws Fault `conflict`, `config`
 */
export async function setUp(plan: SetUpPlan): Promise<{ readonly indexIdentity: string; readonly recipients: readonly string[] }> {
  const { configPath, vaultPath, organisation } = plan
  const indexIdentity = join(dirname(configPath), 'index-identity.key')
  await mkdir(dirname(configPath), { recursive: true, mode: 0o700 })
  const recipients = [...plan.recipients]
  for (const file of plan.escrow) {
    const { identity, recipient } = generateIdentity()
    await writeNew(file, keyFile('fallreep escrow key: opens the vault; keep it where this machine is not', identity))
    recipients.push(recipient)
  }
  if (new Set(recipients).size < 2)
    throw new Fault({
      code: 'config',
      what: 'The two recipients are one and the same',
      remedy: 'Give two different keys, held by two people',
    })
  const { identity } = generateIdentity()
  await writeNew(indexIdentity, `${identity}\n`)
  const { createConfiguredVault } = await import('./vault.ts')
  await createConfiguredVault(vaultPath, { recipients, indexRecipient: recipientOf(identity) })
  await writeNew(configPath, configText({ organisation, vaultPath, recipients, indexIdentity }))
  return { indexIdentity, recipients }
}

const keyFile = (title: string, identity: string): string => `# ${title}\n# public key: ${recipientOf(identity)}\n${identity}\n`

interface Written {
  readonly organisation: string | undefined
  readonly vaultPath: string
  readonly recipients: readonly string[]
  readonly indexIdentity: string
}
function configText({ organisation, vaultPath, recipients, indexIdentity }: Written): string {
  const settings = {
    ...(organisation === undefined ? {} : { organisation }),
    vault: { path: vaultPath, recipients, indexIdentity: { file: indexIdentity } },
  }
  return `# Settings: fallreep config schema; what counts: fallreep config show --origin
${stringify(settings)}
# contentKey: { file: … } under vault: is needed where content is read (plan, rehearse, cutover, export), not for the nightly backup.

sources: {}
#  acme-slack:
#    connector: slack
#    via: api
#    token: { file: ${join(dirname(indexIdentity), 'slack.token')} }

targets: {}
#  chat:
#    target: mattermost
#    url: https://chat.example.org
#    token: { file: ${join(dirname(indexIdentity), 'mattermost.token')} }
`
}

async function writeNew(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await using file = await open(path, 'wx', 0o600)
    await file.writeFile(text)
    await file.sync()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    throw new Fault({
      code: 'conflict',
      what: `${path} is there already`,
      why: 'init never writes over a file',
      remedy: 'Move it away, or go on with it: fallreep doctor',
      cause,
    })
  }
}
