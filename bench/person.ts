import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parseDocument } from 'yaml'
import type { Milestone } from '../src/engine/api.ts'
import { davTestbed } from '../test/testbed/dav/testbed.ts'
import { startDovecot } from '../test/testbed/imap/dovecot.ts'
import { imapTestbed } from '../test/testbed/imap/testbed.ts'
import { launcherEnv, launcherFlags } from './lib/launcher.ts'

const ada = 'ada@example.org'
const organisation = 'Benchmark'
/** Events, and as many contacts. */
const DATES = 500
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

interface Summary {
  readonly type: string
  readonly target: string
  readonly differs: number
  readonly missing: number
  readonly milestones: readonly Milestone[]
}

/**
 * `npm run bench -- person --json [--messages 20000] [--server dovecot|emulator]`: one person whose account is locked, from the vault alone, by
 * `fallreep cutover --person` as a process of its own. `newest500Seconds`, `calendarSeconds`, `contactsSeconds`: since the command began, until
 * these stood and could be used. `allSeconds`: until everything stood; `verifiedSeconds`: until everything had been read back and compared.
 * `rssMiB`: the most that the process held. The mail server is a Dovecot with fsync, or the emulator of this repository where there is none; the
 * calendar server is the emulator.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { json: { type: 'boolean', default: false }, messages: { type: 'string', default: '20000' }, server: { type: 'string' } },
  })
  const messages = Number(values.messages)
  const dir = await mkdtemp(join(tmpdir(), 'fallreep-person-'))
  try {
    const result = await measured(dir, messages, values.server)
    console.log(values.json ? JSON.stringify({ bench: 'person', messages, ...result }) : result)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function measured(dir: string, messages: number, wanted: string | undefined): Promise<object> {
  await using servers = new AsyncDisposableStack()
  const mail = await mailServer(wanted, servers)
  const dav = servers.use(await davTestbed({ mode: 'generic', privileged: { login: 'fallreep', password: 'dav-secret' } }))
  dav.state.person(ada, 'unused', ada)
  await configure(dir, mail.port, dav.url)
  await child([here('person-child.ts'), dir, String(messages), String(DATES)], dir)
  const to = ['--to', 'mail', '--to', 'cards', '--to', 'dates']
  // A run that changes nothing takes the types out, as an installed fallreep has none.
  await child([here('../src/main.ts'), '--config', join(dir, 'fallreep.yaml'), 'plan', 'bench', ...to, '--person', ada], dir)
  const command = ['--config', join(dir, 'fallreep.yaml'), '--json', 'cutover', 'bench', ...to, '--person', ada, '--confirm', organisation]
  const from = performance.now()
  const { stdout, rssMiB } = await child([here('../src/main.ts'), ...command], dir)
  const verifiedSeconds = (performance.now() - from) / 1000
  const summaries = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Summary)
    .filter(({ type }) => type === 'summary')
  const wrong = summaries.reduce((all, { differs, missing }) => all + differs + missing, 0)
  if (wrong > 0) throw new Error(`${wrong} things differ or are missing`)
  const milestones = summaries.at(-1)?.milestones ?? []
  const after = (target: string, newest: boolean): number =>
    milestones.findLast((one) => one.target === target && one.newest === newest)?.seconds ?? Number.NaN
  const seconds = [after('dates', false), after('cards', false), after('mail', messages >= 500), after('mail', false)] as const
  const [calendar, contacts, newest, all] = seconds
  if (!(Math.max(calendar, contacts) < newest && newest <= all)) throw new Error(`not in the order of an emergency: ${seconds.join(', ')}`)
  const rounded = (value: number): number => Math.round(value * 100) / 100
  return {
    server: mail.name,
    newest500Seconds: rounded(newest),
    calendarSeconds: rounded(calendar),
    contactsSeconds: rounded(contacts),
    allSeconds: rounded(all),
    verifiedSeconds: rounded(verifiedSeconds),
    rssMiB: Math.round(rssMiB),
  }
}

/** A real one where the machine has one, and nothing else was asked for. */
async function mailServer(
  wanted: string | undefined,
  servers: AsyncDisposableStack,
): Promise<{ readonly name: string; readonly port: number }> {
  if (wanted !== 'emulator')
    try {
      const dovecot = servers.use(await startDovecot({ people: [ada], maxConnections: 50 }))
      return { name: `dovecot ${dovecot.version}`, port: dovecot.port }
    } catch (error) {
      if (wanted === 'dovecot') throw error
    }
  const bed = servers.use(await imapTestbed())
  bed.store.account(ada)
  return { name: 'emulator', port: bed.port }
}

/** As a person would set it up. */
async function configure(dir: string, imapPort: number, davUrl: string): Promise<void> {
  const config = join(dir, 'fallreep.yaml')
  const escrow = [1, 2].flatMap((n) => ['--escrow', join(dir, `escrow-${n}.key`)])
  await child(
    [here('../src/main.ts'), '--config', config, 'init', '--vault', join(dir, 'vault'), '--organisation', organisation, ...escrow],
    dir,
  )
  const secret = async (name: string, text: string): Promise<object> => {
    await writeFile(join(dir, name), text, { mode: 0o600 })
    return { file: join(dir, name) }
  }
  const master = { via: 'master', user: 'master', password: await secret('imap', 'master-secret'), separator: '*' }
  const principal = '/dav/principals/{login}/'
  const privileged = { type: 'privileged', login: 'fallreep', password: await secret('dav', 'dav-secret'), principal }
  const settings = parseDocument(await readFile(config, 'utf8'))
  settings.setIn(['vault', 'contentKey'], { file: join(dir, 'escrow-1.key') })
  settings.setIn(['stateDir'], join(dir, 'state'))
  settings.setIn(['targets'], {
    mail: { target: 'imap', host: '127.0.0.1', port: imapPort, security: 'plain', access: master },
    dates: { target: 'caldav', url: davUrl, access: privileged },
    cards: { target: 'carddav', url: davUrl, access: privileged },
  })
  await writeFile(config, settings.toString())
}

/** Runs a program of Node to its end, and notes the most memory it held. @throws what it said, if it failed */
async function child(args: readonly string[], cwd: string): Promise<{ readonly stdout: string; readonly rssMiB: number }> {
  const started = spawn(process.execPath, [...launcherFlags, ...args], { cwd, env: launcherEnv(cwd), stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr, peakKiB] = ['', '', 0]
  started.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  started.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const look = setInterval(
    () =>
      void readFile(`/proc/${started.pid}/status`, 'utf8').then(
        (status) => (peakKiB = Math.max(peakKiB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))),
        () => undefined,
      ),
    50,
  )
  const code = await new Promise<number | null>((resolve, reject) => started.once('error', reject).once('close', resolve)).finally(() =>
    clearInterval(look),
  )
  if (code !== 0) throw new Error(`${args.slice(0, 6).join(' ')} … ended with ${code}: ${stderr}${stdout}`)
  return { stdout, rssMiB: peakKiB / 1024 }
}
