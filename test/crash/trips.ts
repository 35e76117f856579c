import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ran } from '../testbed/company.ts'
import { Random } from '../testbed/world/random.ts'
import { differences } from './differences.ts'
import { type Course, type Killable, type Step, disturbed, timed } from './kills.ts'

/** A company, what is done with it every night, and what it looks like afterwards. */
export interface Trip extends Killable, AsyncDisposable {
  readonly steps: readonly Step[]
  /** What happens during the days between the nights. */
  readonly days: readonly (() => void)[]
  /** Everything in vault and targets that counts, a line each, in any order. */
  picture(): Promise<readonly string[]>
}
/** Opens the same company each time, with everything it writes below `dir`. */
export type Departure = (dir: string) => Promise<Trip>
export interface Arrivals {
  /** Nights. */
  readonly runs: number
  readonly failed: number
  readonly killed: Readonly<Record<Step['way'], number>>
}
interface Night {
  readonly courses: readonly Course[]
  readonly picture: readonly string[]
}

/** As many trips at once as the machines this is measured on have cores. */
const AT_ONCE = 2

/**
 * Kills every step of every night with SIGKILL at seeded points, runs it again until it ends, and compares what came of the night with what
 * comes of an undisturbed one. Two undisturbed trips are made first, which must come to the same: else no difference would mean anything.
 */
export async function killTrips(depart: Departure, runs: number, seed: number, tell: (line: string) => void): Promise<Arrivals> {
  const [reference, other] = await Promise.all([undisturbed(depart), undisturbed(depart)])
  for (const [at, { picture }] of reference.entries()) {
    const unsteady = differences(picture, other[at]?.picture ?? [])
    if (unsteady.length > 0) throw new Error(`two undisturbed trips differ:\n${unsteady.slice(0, 20).join('\n')}`)
    tell(`undisturbed: ${picture.length} things to compare${at === 0 ? '' : ` in night ${at + 1}`}`)
  }
  const killed = { backup: 0, cutover: 0 }
  let same = 0
  let begun = 0
  const turns = async (): Promise<void> => {
    while (begun < runs) {
      const first = begun + 1
      const nights = reference.slice(0, runs - begun)
      begun += nights.length
      const told = (line: string): void => tell(`${line}  (runs ${first} to ${first + nights.length - 1} of ${runs})`)
      // Not in one expression with the sum: the others add to it meanwhile.
      const arrived = await trip(depart, nights, new Random(seed * 1_000_003 + first), killed, { tell, told })
      same += arrived
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, turns))
  return { runs, failed: runs - same, killed }
}

async function undisturbed(depart: Departure): Promise<readonly Night[]> {
  const dir = await newDirectory()
  try {
    await using going = await depart(dir)
    const nights: Night[] = []
    for (let night = 0; night <= going.days.length; night++) {
      going.days[night - 1]?.()
      const courses: Course[] = []
      const said: string[] = []
      for (const step of going.steps) {
        const { course, ran } = await timed(going, step)
        courses.push(course)
        said.push(...summaries(ran))
      }
      nights.push({ courses, picture: [...said, ...(await going.picture())] })
    }
    return nights
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** How many nights ended as they do undisturbed. After one that did not, nothing is to be learned from those that follow. */
async function trip(
  depart: Departure,
  nights: readonly Night[],
  random: Random,
  killed: Record<Step['way'], number>,
  { tell, told }: { readonly tell: (line: string) => void; readonly told: (line: string) => void },
): Promise<number> {
  const dir = await newDirectory()
  let same = 0
  let kills = 0
  const problems: string[] = []
  const from = performance.now()
  try {
    await using going = await depart(dir)
    for (const [night, { courses, picture }] of nights.entries()) {
      going.days[night - 1]?.()
      const said: string[] = []
      for (const [at, step] of going.steps.entries()) {
        const course = courses[at]
        if (course === undefined) throw new Error('this night has more steps than an undisturbed one')
        const count = (): void => void (kills++, killed[step.way]++)
        said.push(...summaries(await disturbed(going, step, course, random, count)))
      }
      problems.push(...differences(picture, [...said, ...(await going.picture())]))
      if (problems.length > 0) break
      same++
    }
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  told(`${problems.length === 0 ? 'same' : 'DIFFERENT'}, killed ${kills} times, ${Math.round((performance.now() - from) / 1000)} s`)
  for (const problem of problems.slice(0, 20)) tell(`  in night ${same + 1}: ${problem}`)
  if (problems.length === 0) await rm(dir, { recursive: true, force: true })
  else tell(`  what it left is in ${dir}`)
  return same
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
