import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { isAlive, ownBirth } from '../process/alive.ts'
import { type Driver, getBytes } from './driver.ts'
import { parseTwoLines, twoLines } from './form.ts'
import { sessionName } from './layout.ts'

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz'
const HOUR_MS = 3_600_000
/** So long the collector of garbage waits for a session that never said goodbye. */
const LIFE_MS = 7 * 24 * HOUR_MS

export const Session = z.strictObject({
  v: z.literal(1),
  lane: z.string(),
  host: z.string(),
  pid: z.number().int(),
  born: z.string(),
  start: z.string(),
  expires: z.string(),
})
type Session = z.infer<typeof Session>

/** Sorts by time: 48 bits of milliseconds, 80 of chance (a ULID in lower case). */
export function ulid(at: Date): string {
  let bits = (BigInt(at.getTime()) << 80n) | BigInt(`0x${randomBytes(10).toString('hex')}`)
  let out = ''
  for (let i = 0; i < 26; i++, bits >>= 5n) out = `${CROCKFORD[Number(bits & 31n)]}${out}`
  return out
}

/** Announces a writer; the returned id names its staging area too. Disposing takes both away. */
export async function announce(
  driver: Driver,
  lane: string,
  host: string,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly id: string }> {
  const start = await driver.now()
  await sweepDead(driver, lane, host, start, signal)
  const id = ulid(start)
  const body: Session = {
    v: 1,
    lane,
    host,
    pid: process.pid,
    born: await ownBirth(),
    start: start.toISOString(),
    expires: new Date(start.getTime() + LIFE_MS).toISOString(),
  }
  await driver.putIfAbsent(sessionName(id), twoLines(body), id)
  return {
    id,
    [Symbol.asyncDispose]: async () => {
      await driver.delete(sessionName(id)).catch(() => undefined)
      await driver.delete(`tmp/${id}`).catch(() => undefined)
    },
  }
}

/** Removes what dead sessions left: expired ones, and those of this lane on this host whose process is gone. */
async function sweepDead(driver: Driver, lane: string, host: string, now: Date, signal: AbortSignal): Promise<void> {
  for await (const { name } of driver.list('sessions/', signal)) {
    const id = /^sessions\/([0-9a-z]{26})\.json$/.exec(name)?.[1]
    if (id === undefined) continue
    const session = await readSession(driver, name, signal)
    const expired = session !== undefined && Date.parse(session.expires) < now.getTime()
    const dead = session?.lane === lane && session.host === host && !(await isAlive(session.pid, session.born))
    if (!expired && !dead) continue
    await driver.delete(`tmp/${id}`)
    await driver.delete(name)
  }
}

/** Undefined when it cannot be read or has just gone: then it is left alone. */
async function readSession(driver: Driver, name: string, signal: AbortSignal): Promise<Session | undefined> {
  try {
    return parseTwoLines(await getBytes(driver, name, signal), Session, name).body
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}
