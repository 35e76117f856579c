import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { company, organisation, type Company, type Ran } from '../testbed/company.ts'
import { pictureOf } from '../testbed/mattermost/picture.ts'
import { demoWorld } from '../testbed/world/demo.ts'
import { Random } from '../testbed/world/random.ts'
import { killVaultWriters } from './vault-kills.ts'
import { portless, vaultPicture } from './vault-picture.ts'

/**
 * Kills the backup and the import with SIGKILL at seeded points, runs them again, and compares vault and target with those of an
 * undisturbed run. Half of the points lie between two requests (wherever the emulators are called), half at a moment in time.
 * Then as many writers of a vault alone are killed; each of them counts as a run, too.
 */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } } })
const runs = Number(values.runs)
const random = new Random(Number(values.seed))
const worldOptions = { messagesPerChannel: 8 }
const backup = ['--json', 'backup']
const cutover = ['--json', 'cutover', 'slack', '--to', 'chat', '--confirm', organisation]
const maxReruns = 5

interface Outcome {
  readonly vault: readonly string[]
  readonly target: readonly string[]
  readonly killed: number
}
/** How long an undisturbed run takes and how many requests it makes: the range that the points are drawn from. */
interface Course {
  readonly ms: number
  readonly requests: number
}

const reference = await inCompany(async (acme) => {
  const courses = { backup: await timed(acme, backup), cutover: await timed(acme, cutover) }
  return { courses, ...(await outcome(acme, 0)) }
})
process.stderr.write(`undisturbed: ${reference.target.length} things on the target, ${reference.vault.length} in the vault\n`)
let failed = 0
let kills = 0
for (let n = 0; n < runs; n++) {
  const from = performance.now()
  const result = await inCompany(async (acme) => {
    let killed = 0
    killed += await disturbed(acme, backup, reference.courses.backup)
    killed += await disturbed(acme, cutover, reference.courses.cutover)
    return outcome(acme, killed)
  })
  kills += result.killed
  const problems = [...differences('vault', reference.vault, result.vault), ...differences('target', reference.target, result.target)]
  if (problems.length > 0) failed++
  process.stderr.write(
    `${problems.length === 0 ? 'same' : 'DIFFERENT'}  run ${n + 1} of ${runs}, killed ${result.killed} times, ${Math.round((performance.now() - from) / 1000)} s\n`,
  )
  for (const problem of problems.slice(0, 20)) process.stderr.write(`  ${problem}\n`)
}
const writers = await killVaultWriters(runs, Number(values.seed))
for (const problem of writers.problems.slice(0, 20)) process.stderr.write(`DIFFERENT  ${problem}\n`)
process.stderr.write(`vault writers: ${writers.kills} killed, ${writers.finished} finished, ${writers.failed} of ${runs} left damage\n`)
const sum = { runs: 2 * runs, kills: kills + writers.kills, seed: Number(values.seed), failed: failed + writers.failed }
process.stdout.write(`${JSON.stringify({ suite: 'crash', ...sum })}\n${sum.runs - sum.failed} passed, ${sum.failed} failed\n`)
process.exitCode = sum.failed === 0 && runs > 0 && sum.kills > 0 ? 0 : 1

async function inCompany<T>(work: (acme: Company) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'fallreep-crash-'))
  try {
    await using acme = await company({ dir, slack: { world: demoWorld(worldOptions) } })
    return await work(acme)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

function requestsOf({ slack, mattermost }: Company): number {
  return slack.calls.count() + (mattermost?.calls.count() ?? 0)
}

async function timed(acme: Company, args: readonly string[]): Promise<Course> {
  const [from, before] = [performance.now(), requestsOf(acme)]
  mustEnd(await acme.run(args), args)
  return { ms: performance.now() - from, requests: requestsOf(acme) - before }
}

/** Runs a command, kills it at a point, and again at another in two of five cases, then lets it end. Gives the number of kills that hit. */
async function disturbed(acme: Company, args: readonly string[], course: Course): Promise<number> {
  let killed = 0
  for (let attempt = 0; attempt < maxReruns; attempt++) {
    if (attempt > 0 && !random.chance(0.4)) break
    if ((await killedAt(acme, args, course)) === 'killed') killed++
    else break
  }
  mustEnd(await acme.run(args), args)
  return killed
}

async function killedAt(acme: Company, args: readonly string[], course: Course): Promise<'killed' | 'ended'> {
  const byRequest = random.chance(0.5)
  const point = random.next() * (byRequest ? course.requests : course.ms)
  let watch: NodeJS.Timeout | undefined
  const ran = await acme.run(args, {
    onStart: (_pid, kill) => {
      const before = requestsOf(acme)
      watch = byRequest ? setInterval(() => requestsOf(acme) - before >= point && kill(), 1) : setTimeout(kill, point)
    },
  })
  clearTimeout(watch)
  if (ran.code === null) return 'killed'
  mustEnd(ran, args)
  return 'ended'
}

function mustEnd({ code, stderr, stdout }: Ran, args: readonly string[]): void {
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}\n${stderr}\n${stdout.split('\n').slice(-5).join('\n')}`)
}

async function outcome(acme: Company, killed: number): Promise<Outcome> {
  if (acme.mattermost === undefined) throw new Error('the crash suite looks into the emulated server')
  return { vault: await vaultPicture(acme), target: pictureOf(acme.mattermost.state).map(portless), killed }
}

function differences(where: string, wanted: readonly string[], found: readonly string[]): string[] {
  const count = (lines: readonly string[]): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
    return counts
  }
  const [want, have] = [count(wanted), count(found)]
  const lines: string[] = []
  for (const [line, n] of want) if ((have.get(line) ?? 0) < n) lines.push(`${where} lacks ${line}`)
  for (const [line, n] of have) if ((want.get(line) ?? 0) < n) lines.push(`${where} has too much: ${line}`)
  return lines
}
