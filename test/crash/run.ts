import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chat } from './chat.ts'
import { code } from './code.ts'
import { dovecotHere } from './mail-server.ts'
import { office } from './office.ts'
import { killTrips } from './trips.ts'
import { killVaultWriters } from './vault-kills.ts'

/**
 * Kills backups and imports with SIGKILL at seeded points, runs them again, and compares vault and targets with those of an undisturbed run:
 * Slack into Mattermost (`chat`), mail, calendars and contacts into servers of one's own (`office`), GitHub into GitLab (`code`), writers of a vault
 * alone (`vault`).
 */
const suites = ['chat', 'office', 'code', 'vault'] as const
type Suite = (typeof suites)[number]
interface Outcome {
  readonly runs: number
  readonly failed: number
  readonly killed: Readonly<Record<string, number>>
  readonly server?: string
}
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' }, suite: { type: 'string' } },
})
const [runs, seed] = [Number(values.runs), Number(values.seed)]
const chosen = suites.filter((suite) => values.suite === undefined || values.suite === suite)
if (chosen.length === 0) throw new Error(`there is no suite ${values.suite}; there are ${suites.join(', ')}`)
// Several hundred processes of ours are started: they need not compile the same files each time.
const compiled = await mkdtemp(join(tmpdir(), 'fallreep-compiled-'))
process.env['NODE_COMPILE_CACHE'] = compiled

// Servers of ours end with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

let [passed, failed, idle] = [0, 0, false]
for (const suite of chosen) {
  const outcome = await kill(suite, (line) => void process.stderr.write(`${suite}: ${line}\n`))
  const kills = Object.values(outcome.killed).reduce((sum, n) => sum + n, 0)
  process.stdout.write(`${JSON.stringify({ suite, ...outcome, kills, seed })}\n`)
  passed += outcome.runs - outcome.failed
  failed += outcome.failed
  idle ||= kills === 0
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
await rm(compiled, { recursive: true, force: true })
process.exitCode = failed === 0 && !idle ? 0 : 1

async function kill(suite: Suite, tell: (line: string) => void): Promise<Outcome> {
  switch (suite) {
    case 'chat':
      return killTrips(chat, runs, seed, tell)
    case 'code':
      return killTrips(code, runs, seed, tell)
    case 'office': {
      const dovecot = await dovecotHere()
      const server = dovecot ?? 'emulated IMAP server (dovecot-imapd is not installed)'
      tell(`mails go to: ${server}`)
      return { ...(await killTrips(office(dovecot !== undefined), runs, seed, tell)), server }
    }
    case 'vault': {
      const { kills, finished, failed: damaged, problems } = await killVaultWriters(runs, seed)
      for (const problem of problems.slice(0, 20)) tell(`DIFFERENT  ${problem}`)
      tell(`${kills} writers killed, ${finished} finished, ${damaged} of ${runs} left damage`)
      return { runs, failed: damaged, killed: { backup: kills } }
    }
  }
}
