import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDocument } from 'yaml'
import { code, type Code, type CodeOptions } from './code.ts'
import { limits } from '../../connectors/slack/limits.ts'
import { mattermostTestbed, type MattermostTestbed, type MattermostTestbedOptions } from './mattermost/testbed.ts'
import { office, type Office, type OfficeOptions } from './office.ts'
import { slackTestbed, type SlackTestbed, type SlackTestbedOptions } from './slack/testbed.ts'

export interface CompanyOptions {
  readonly slack?: SlackTestbedOptions
  readonly mattermost?: MattermostTestbedOptions
  /** Instead of the emulated Mattermost: a real one. */
  readonly server?: { readonly url: string; readonly token: string; readonly team: string }
  /** Where keys, configuration, vault and state go. Default: a new directory under the system's temporary one. */
  readonly dir?: string
  /** Further settings of the source, e.g. `{ via: 'export', path }`. */
  readonly source?: Readonly<Record<string, unknown>>
  readonly target?: Readonly<Record<string, unknown>>
  /** Mail, calendars and contacts as well. Default: Slack alone. */
  readonly office?: OfficeOptions
  /** Repositories as well. Default: none. */
  readonly code?: CodeOptions
}
export interface Ran {
  /** null: it was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}
export interface RunOptions {
  /** Called with the process, so that a test can kill it. */
  readonly onStart?: (pid: number, kill: () => void) => void
  /** Receives stderr as it comes: what a person would see. */
  readonly onStderr?: (text: string) => void
  readonly onStdout?: (text: string) => void
  readonly env?: Readonly<Record<string, string>>
}

/** A company with its cloud and its own servers, on this machine, and a fallreep set up for it as a person would do it. */
export interface Company extends AsyncDisposable {
  readonly dir: string
  readonly config: string
  readonly slack: SlackTestbed
  /** Undefined when a real server stands in its place. */
  readonly mattermost: MattermostTestbed | undefined
  /** Undefined unless asked for. */
  readonly office: Office | undefined
  readonly code: Code | undefined
  /** Runs `fallreep ARGS` as a process of its own. */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>
  /** Slack is gone: its ports are closed. */
  darkenSlack(): Promise<void>
  /** All clouds are gone. */
  darken(): Promise<void>
}

export const organisation = 'Fallreep Demo GmbH'
const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export async function company(options: CompanyOptions = {}): Promise<Company> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'fallreep-company-')))
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await using opening = new AsyncDisposableStack()
  const slack = await slackTestbed(options.slack)
  let lit = true
  const darkenSlack = async (): Promise<void> => {
    if (lit) await slack[Symbol.asyncDispose]()
    lit = false
  }
  opening.defer(darkenSlack)
  const mattermost =
    options.server === undefined ? opening.use(await mattermostTestbed({ version: '10.11.0', ...options.mattermost })) : undefined
  const server = options.server ?? { url: mattermost?.url ?? '', token: mattermost?.token ?? '', team: 'fallreep-demo' }
  const config = join(dir, 'fallreep.yaml')
  const run: Company['run'] = (args, how = {}) => runMain(['--config', config, ...args], dir, how)
  await ok(
    run([
      'init',
      '--vault',
      join(dir, 'vault'),
      '--organisation',
      organisation,
      '--escrow',
      join(dir, 'escrow-1.key'),
      '--escrow',
      join(dir, 'escrow-2.key'),
    ]),
  )
  const secret = async (name: string, text: string): Promise<{ file: string }> => {
    const file = join(dir, name)
    await writeFile(file, `${text}\n`, { mode: 0o600 })
    return { file }
  }
  const settings = parseDocument(await readFile(config, 'utf8'))
  settings.setIn(['vault', 'contentKey'], { file: join(dir, 'escrow-1.key') })
  settings.setIn(['stateDir'], join(dir, 'state'))
  const suites = options.office === undefined ? undefined : opening.use(await office(options.office, secret))
  const repositories = options.code === undefined ? undefined : opening.use(await code(options.code, secret))
  settings.setIn(['sources'], {
    ...suites?.sources,
    ...repositories?.sources,
    slack: options.source ?? { connector: 'slack', via: 'api', token: await secret('slack.token', slack.token), apiUrl: slack.url },
  })
  const target = {
    target: 'mattermost',
    url: server.url,
    token: await secret('mattermost.token', server.token),
    team: server.team,
    adjustLimits: true,
    ...options.target,
  }
  // The emulator allows as much as it is asked for; the published budgets have a benchmark of their own.
  settings.setIn(['limits'], {
    ...suites?.limits,
    ...repositories?.limits,
    slack: Object.fromEntries(Object.keys(limits).map((key) => [key, { requests: 100_000 }])),
  })
  settings.setIn(['targets'], { ...suites?.targets, ...repositories?.targets, chat: target })
  await writeFile(config, settings.toString())
  const owned = opening.move()
  const darken = async (): Promise<void> => {
    await darkenSlack()
    await suites?.darken()
    await repositories?.darken()
  }
  return {
    dir,
    config,
    slack,
    mattermost,
    office: suites,
    code: repositories,
    run,
    darkenSlack,
    darken,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function ok(running: Promise<Ran>): Promise<void> {
  const { code, stderr } = await running
  if (code !== 0) throw new Error(`fallreep ended with ${code}: ${stderr}`)
}

function runMain(args: readonly string[], cwd: string, { onStart, onStderr, onStdout, env }: RunOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      onStdout?.(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      onStderr?.(text)
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
    if (child.pid !== undefined) onStart?.(child.pid, () => void child.kill('SIGKILL'))
  })
}
