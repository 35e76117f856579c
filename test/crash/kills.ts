import { setTimeout as delay } from 'node:timers/promises'
import type { Company, Ran } from '../testbed/company.ts'
import type { Random } from '../testbed/world/random.ts'
import type { Meter } from './meter.ts'

/** A command of ours that must survive being killed. */
export interface Step {
  readonly way: 'backup' | 'cutover'
  readonly args: readonly string[]
}
/** How an undisturbed run goes: the range that the points are drawn from. */
export interface Course {
  /** Milliseconds until the first request, and until the end. */
  readonly waking: number
  readonly ms: number
  readonly requests: number
  readonly code: number
}
export interface Killable {
  readonly acme: Pick<Company, 'run'>
  readonly meter: Meter
}

const maxReruns = 5

export async function timed({ acme, meter }: Killable, { args }: Step): Promise<{ readonly course: Course; readonly ran: Ran }> {
  const [from, before] = [performance.now(), meter.count]
  let waking: number | undefined
  meter.stopAt(before + 1, () => {
    waking = performance.now() - from
    return true
  })
  const ran = await acme.run(args)
  const { code } = ran
  // Partial is as good as done here: there are mails that no server takes.
  if (code !== 0 && code !== 3) throw new Error(ending(args, ran))
  const ms = performance.now() - from
  return { course: { waking: waking ?? ms, ms, requests: meter.count - before, code }, ran }
}

/**
 * Runs a command, kills it at a point, again at another in every second case, then lets it end, which it must do as it does undisturbed.
 * Every kill that hit is counted.
 */
export async function disturbed(killable: Killable, step: Step, course: Course, random: Random, count: () => void): Promise<Ran> {
  let kills = 0
  let ran: Ran | undefined
  do {
    ran = await killedAt(killable, step, course, random)
    if (ran !== undefined) break
    kills++
    count()
  } while (kills <= maxReruns && random.chance(0.5))
  ran ??= await killable.acme.run(step.args)
  if (ran.code !== course.code) throw new Error(`killed ${kills} times, ${ending(step.args, ran)}`)
  return ran
}

/** Undefined: it was killed before it ended. */
async function killedAt({ acme, meter }: Killable, { args }: Step, course: Course, random: Random): Promise<Ran | undefined> {
  const road = random.pick(['request', 'request', 'request', 'request', 'working', 'working', 'working', 'waking'] as const)
  const [share, later, arrives] = [random.next(), random.next(), random.chance(0.5)]
  const stop = new AbortController()
  const after = async (ms: number, kill: () => void): Promise<void> => {
    try {
      await delay(ms, undefined, { signal: stop.signal })
      kill()
    } catch {
      // It had ended before.
    }
  }
  const onStart = (_pid: number, kill: () => void): void => {
    if (road === 'waking') return void after(share * course.waking, kill)
    meter.stopAt(meter.count + 1 + Math.floor(share * course.requests), () => {
      // Some time after a request, which for the last ones is in what follows them.
      if (road === 'working') void after((later * (course.ms - course.waking)) / 5, kill)
      else kill()
      return road === 'working' || arrives
    })
  }
  const ran = await acme.run(args, { onStart })
  stop.abort()
  meter.stopAt(0, undefined)
  return ran.code === null ? undefined : ran
}

const ending = (args: readonly string[], { code, stderr, stdout }: Ran): string =>
  `${args.join(' ')} ended with ${code}\n${stderr.slice(-2000)}\n${stdout.split('\n').slice(-5).join('\n').slice(-2000)}`
