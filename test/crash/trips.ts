import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ran } from '../testbed/company.ts'
import { Random } from '../testbed/world/random.ts'
import { differences } from './differences.ts'
import { type Course, type Killable, type Step, disturbed, timed } from './kills.ts'

/** A company, what is done with it, and what it looks like afterwards. */
export interface Trip extends Killable, AsyncDisposable {
  readonly steps: readonly Step[]
  /** Everything in vault and targets that counts, a line each, in any order. */
  picture(): Promise<readonly string[]>
}
/** Opens the same company each time, with everything it writes below `dir`. */
export type Departure = (dir: string) => Promise<Trip>
export interface Arrivals {
  readonly runs: number
  readonly failed: number
  readonly killed: Readonly<Record<Step['way'], number>>
}

/** As many trips at once as the machines this is measured on have cores. */
const AT_ONCE = 2

/**
 * Kills every step of a trip with SIGKILL at seeded points, runs it again until it ends, and compares what came of it with what comes of an
 * undisturbed trip. Two of these are made first, which must come to the same: else no difference would mean anything.
 */
export async function killTrips(depart: Departure, runs: number, seed: number, tell: (line: string) => void): Promise<Arrivals> {
  const [reference, other] = await Promise.all([undisturbed(depart), undisturbed(depart)])
  const unsteady = differences(reference.picture, other.picture)
  if (unsteady.length > 0) throw new Error(`two undisturbed trips differ:\n${unsteady.slice(0, 20).join('\n')}`)
  tell(`undisturbed: ${reference.picture.length} things to compare`)
  const killed = { backup: 0, cutover: 0 }
  let failed = 0
  let begun = 0
  const turns = async (): Promise<void> => {
    while (begun < runs) {
      const n = ++begun
      const from = performance.now()
      const dir = await newDirectory()
      const { kills, problems } = await one(depart, dir, reference, new Random(seed * 1_000_003 + n))
      for (const way of kills) killed[way]++
      if (problems.length > 0) failed++
      const verdict = problems.length === 0 ? 'same' : 'DIFFERENT'
      tell(`${verdict}  run ${n} of ${runs}, killed ${kills.length} times, ${Math.round((performance.now() - from) / 1000)} s`)
      for (const problem of problems.slice(0, 20)) tell(`  ${problem}`)
      if (problems.length === 0) await rm(dir, { recursive: true, force: true })
      else tell(`  what it left is in ${dir}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, turns))
  return { runs, failed, killed }
}

interface Reference {
  readonly courses: readonly Course[]
  readonly picture: readonly string[]
}

async function undisturbed(depart: Departure): Promise<Reference> {
  const dir = await newDirectory()
  try {
    await using trip = await depart(dir)
    const courses: Course[] = []
    const said: string[] = []
    for (const step of trip.steps) {
      const { course, ran } = await timed(trip, step)
      courses.push(course)
      said.push(...summaries(ran))
    }
    return { courses, picture: [...said, ...(await trip.picture())] }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function one(
  depart: Departure,
  dir: string,
  reference: Reference,
  random: Random,
): Promise<{ readonly kills: readonly Step['way'][]; readonly problems: readonly string[] }> {
  const kills: Step['way'][] = []
  try {
    await using trip = await depart(dir)
    const said: string[] = []
    for (const [at, step] of trip.steps.entries()) {
      const course = reference.courses[at]
      if (course === undefined) throw new Error('this trip has more steps than the undisturbed one')
      const { killed, ran } = await disturbed(trip, step, course, random)
      for (let kill = 0; kill < killed; kill++) kills.push(step.way)
      said.push(...summaries(ran))
    }
    return { kills, problems: differences(reference.picture, [...said, ...(await trip.picture())]) }
  } catch (error) {
    return { kills, problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)] }
  }
}

const newDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'fallreep-crash-'))

/** What a command says it did, as far as it says the same after an interruption. */
function summaries({ stdout }: Ran): string[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"type":"summary"'))
    .map((line) => {
      const said = JSON.parse(line) as Record<string, unknown>
      const names = ['command', 'source', 'target', 'state', 'planned', 'matched', 'explained', 'differs', 'missing', 'foreign']
      return `said ${JSON.stringify(Object.fromEntries(names.flatMap((name) => (name in said ? [[name, said[name]]] : []))))}`
    })
}
