import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Job, Measured } from './chat-child.ts'
import { launcherEnv, launcherFlags } from './lib/launcher.ts'

/**
 * A synthetic Slack export becomes a validated Mattermost import zip, twice, beside the floor: inflating the same bytes, JSON.parse and
 * JSON.stringify of them, by the same zip reader. Every step is a process of its own, so that its memory is its own.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { json: { type: 'boolean', default: false }, messages: { type: 'string', default: '1000000' } },
  })
  const dir = await mkdtemp(join(tmpdir(), 'fallreep-chat-'))
  try {
    const messages = Number(values.messages)
    await rehearsed(dir)
    const source = join(dir, 'export.zip')
    await measured(dir, { job: 'generate', path: source, messages })
    const floor = await measured(dir, { job: 'floor', path: source })
    const first = await measured(dir, { job: 'convert', path: source, out: join(dir, 'first.zip'), workDir: dir })
    const second = await measured(dir, { job: 'convert', path: source, out: join(dir, 'second.zip'), workDir: dir })
    const seconds = (first.seconds + second.seconds) / 2
    const result = {
      bench: 'chat',
      messages: first.messages,
      seconds: rounded(seconds),
      floorSeconds: rounded(floor.seconds),
      ratio: rounded(seconds / floor.seconds),
      rssMiB: Math.round(Math.max(first.rssMiB, second.rssMiB)),
      cpuRatio: rounded((first.cpuSeconds + second.cpuSeconds) / 2 / floor.cpuSeconds),
      floorRssMiB: Math.round(floor.rssMiB),
      identical: first.sha256 !== undefined && first.sha256 === second.sha256,
    }
    process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, undefined, 2)}\n`)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** A small run takes the types out, for all that follow. */
async function rehearsed(dir: string): Promise<void> {
  const source = join(dir, 'small.zip')
  await measured(dir, { job: 'generate', path: source, messages: 3000 })
  await measured(dir, { job: 'floor', path: source })
  await measured(dir, { job: 'convert', path: source, out: join(dir, 'small-import.zip'), workDir: dir })
}

const rounded = (value: number): number => Math.round(value * 100) / 100

function measured(dir: string, job: Job): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./chat-child.ts', import.meta.url)), [JSON.stringify(job)], {
      execArgv: [...launcherFlags],
      env: launcherEnv(dir),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    let answer: Measured | undefined
    child.on('message', (message) => (answer = message as Measured))
    child.once('error', reject)
    child.once('close', (code) => (answer === undefined ? reject(new Error(`${job.job} ended with ${code}`)) : resolve(answer)))
  })
}
