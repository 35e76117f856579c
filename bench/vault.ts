import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { launcherFlags, launcherSettings } from './lib/launcher.ts'

type Input = 'small' | 'large' | 'mail'
type ToolName = 'fallreep' | 'restic' | 'borg'
/**
 * One row of the table. `null`: the tool is not installed. `Seconds` are wall clock, `CpuSeconds` user and system time of all threads (which a
 * busy machine disturbs less), sizes are MiB; `rssMiB` is the highest of ingest and verify.
 */
interface Row {
  readonly input: Input
  readonly tool: ToolName
  readonly ingestSeconds: number | null
  readonly verifySeconds: number | null
  readonly ingestCpuSeconds: number | null
  readonly verifyCpuSeconds: number | null
  readonly storedMiB: number | null
  readonly rssMiB: number | null
}
interface Tool {
  readonly name: ToolName
  /** Program and arguments by step; `dir` is a work directory of its own. */
  steps(dir: string, input: string): Readonly<Record<'init' | 'ingest' | 'verify', readonly string[]>>
  /** Where the stored bytes lie. */
  repository(dir: string): string
  env(dir: string): Readonly<Record<string, string>>
}

const INPUTS: readonly Input[] = ['small', 'large', 'mail']
const child = fileURLToPath(new URL('vault-child.ts', import.meta.url))
const node = [process.execPath, ...launcherFlags]
const fallreep: Tool = {
  name: 'fallreep',
  steps: (dir, input) => ({
    init: [...node, child, 'init', dir],
    ingest: [...node, child, 'ingest', dir, input],
    verify: [...node, child, 'verify', dir],
  }),
  repository: (dir) => join(dir, 'vault'),
  env: launcherSettings,
}
const restic: Tool = {
  name: 'restic',
  steps: (_, input) => ({
    init: ['restic', '-q', 'init'],
    ingest: ['restic', '-q', 'backup', input],
    verify: ['restic', '-q', 'check', '--read-data'],
  }),
  repository: (dir) => join(dir, 'repo'),
  env: (dir) => ({ RESTIC_REPOSITORY: join(dir, 'repo'), RESTIC_PASSWORD: 'bench', RESTIC_CACHE_DIR: join(dir, 'cache') }),
}
const borg: Tool = {
  name: 'borg',
  steps: (dir, input) => ({
    init: ['borg', 'init', '-e', 'repokey', join(dir, 'repo')],
    ingest: ['borg', 'create', '--compression', 'zstd,3', `${join(dir, 'repo')}::bench`, input],
    verify: ['borg', 'check', '--verify-data', join(dir, 'repo')],
  }),
  repository: (dir) => join(dir, 'repo'),
  env: (dir) => ({ BORG_PASSPHRASE: 'bench', BORG_BASE_DIR: join(dir, 'base') }),
}

/**
 * Ingest and full verification of the vault beside restic and borg, on the same inputs in the same run, each step its own process, all encrypted.
 * `--json`: one line of JSON on stdout; `--inputs small,mail`: only these; `--scale 0.1`: smaller inputs, to try it out.
 */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: 'boolean', default: false },
      inputs: { type: 'string', default: INPUTS.join(',') },
      scale: { type: 'string', default: '1' },
    },
  })
  const inputs = INPUTS.filter((input) => values.inputs.split(',').includes(input))
  const root = await mkdtemp(join(tmpdir(), 'fallreep-bench-'))
  const stop = (): void => void rm(root, { recursive: true, force: true }).finally(() => process.exit(130))
  process.once('SIGINT', stop)
  try {
    const rows: Row[] = []
    for (const input of inputs) {
      console.error(`making input ${input}`)
      const data = join(root, input)
      await makeInput[input](data, Number(values.scale))
      for (const tool of [fallreep, restic, borg]) {
        const row = await measure(tool, input, data, join(root, `${input}-${tool.name}`))
        console.error(JSON.stringify(row))
        rows.push(row)
      }
      await rm(data, { recursive: true })
    }
    if (values.json) console.log(JSON.stringify({ bench: 'vault', node: node.slice(1), rows }))
    else console.table(rows)
  } finally {
    process.off('SIGINT', stop)
    await rm(root, { recursive: true, force: true })
  }
}

async function measure(tool: Tool, input: Input, data: string, dir: string): Promise<Row> {
  await mkdir(dir, { recursive: true })
  const steps = tool.steps(dir, data)
  const started = await timed(steps.init, tool.env(dir))
  if (started === undefined) {
    console.error(`${tool.name} is not installed (Debian: apt install restic borgbackup); its rows stay empty`)
    return {
      input,
      tool: tool.name,
      ingestSeconds: null,
      verifySeconds: null,
      ingestCpuSeconds: null,
      verifyCpuSeconds: null,
      storedMiB: null,
      rssMiB: null,
    }
  }
  const ingest = await timed(steps.ingest, tool.env(dir))
  const verify = await timed(steps.verify, tool.env(dir))
  const stored = await sizeOf(tool.repository(dir))
  await rm(dir, { recursive: true })
  return {
    input,
    tool: tool.name,
    ingestSeconds: rounded(ingest?.seconds ?? 0, 2),
    verifySeconds: rounded(verify?.seconds ?? 0, 2),
    ingestCpuSeconds: rounded(ingest?.cpuSeconds ?? 0, 2),
    verifyCpuSeconds: rounded(verify?.cpuSeconds ?? 0, 2),
    storedMiB: rounded(stored / 2 ** 20, 1),
    rssMiB: rounded(Math.max(ingest?.rssMiB ?? 0, verify?.rssMiB ?? 0), 0),
  }
}
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

/** The kernel counts CPU time in ticks of 10 ms. */
const TICKS = 100

/** Runs a program to its end. Peak memory and CPU time are the kernel's own, looked at every 20 ms. Undefined when there is no such program. */
async function timed(
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly seconds: number; readonly cpuSeconds: number; readonly rssMiB: number } | undefined> {
  const start = performance.now()
  const running = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  let peakKiB = 0
  let ticks = 0
  let said = ''
  running.stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-2000)))
  const watch = setInterval(() => {
    void readFile(`/proc/${running.pid ?? 0}/status`, 'utf8').then(
      (status) => (peakKiB = Math.max(peakKiB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))),
      () => undefined,
    )
    void readFile(`/proc/${running.pid ?? 0}/stat`, 'utf8').then(
      (stat) => {
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        ticks = Math.max(ticks, Number(fields[11] ?? 0) + Number(fields[12] ?? 0))
      },
      () => undefined,
    )
  }, 20)
  try {
    const [code] = (await once(running, 'close')) as [number | null]
    if (code !== 0) throw new Error(`${program} ${args[0] ?? ''} ended with ${code}: ${said}`)
    return { seconds: (performance.now() - start) / 1000, cpuSeconds: ticks / TICKS, rssMiB: peakKiB / 1024 }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  } finally {
    clearInterval(watch)
  }
}

async function sizeOf(dir: string): Promise<number> {
  let sum = 0
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name))).size
  return sum
}

/** Reproducible noise: SHAKE-256 of a counter, in blocks. */
function noise(seed: string, bytes: number): Buffer {
  return createHash('shake256', { outputLength: bytes }).update(seed).digest()
}

const makeInput: Readonly<Record<Input, (dir: string, scale: number) => Promise<void>>> = {
  small: (dir, scale) => manyFiles(dir, 20_000 * scale, 'txt', (at) => noise(`small ${at}`, 3072).toString('base64')),
  large: async (dir, scale) => {
    await mkdir(dir, { recursive: true })
    const file = await open(join(dir, 'large.bin'), 'w')
    for (let at = 0; at < 256 * scale; at++) await file.write(noise(`large ${at}`, 8 << 20))
    await file.sync()
    await file.close()
  },
  mail: (dir, scale) => manyFiles(dir, 20_000 * scale, 'eml', mail),
}

async function manyFiles(dir: string, count: number, extension: string, content: (at: number) => string): Promise<void> {
  for (let at = 0; at < count; at++) {
    const folder = join(dir, String(Math.floor(at / 200)).padStart(3, '0'))
    if (at % 200 === 0) await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `${String(at).padStart(6, '0')}.${extension}`), content(at))
  }
}

const WORDS =
  'the contract invoice meeting about project budget until Monday please find attached thanks regards draft version signed customer order delivery office question answer schedule server network update report quarter number street city phone number agreed changed open closed next week last month'.split(
    ' ',
  )

/** About 25 KB: headers, quoted text, and in every third mail a base64 attachment. */
function mail(at: number): string {
  const dice = noise(`mail ${at}`, 8192)
  const words: string[] = []
  for (let i = 0; i < 8192 && words.length < 3100; i += 2)
    words.push(WORDS[dice.readUInt16LE(i) % WORDS.length] ?? '', (dice[i] ?? 0) % 12 === 0 ? '\r\n' : '')
  const attachment = noise(`attachment ${at}`, 4500 + ((dice[1] ?? 0) << 5))
    .toString('base64')
    .replace(/(.{76})/g, '$1\r\n')
  const headers = `Message-ID: <${dice.toString('hex', 0, 12)}@example.org>\r\nFrom: person${at % 97} <person${at % 97}@example.org>\r\nTo: office@example.org\r\nSubject: ${words.slice(0, 12).join(' ').trim()}\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n`
  return `${headers}\r\n--b\r\nContent-Type: text/plain\r\n\r\n${words.join(' ')}\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n${attachment}\r\n--b--\r\n`
}
