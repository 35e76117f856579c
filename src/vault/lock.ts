import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { Fault } from '../fault.ts'
import { isAlive, ownBirth } from '../process/alive.ts'

const Owner = z.object({ pid: z.number().int(), born: z.string() })

/**
 * Advisory lock between processes of one machine, in the state directory. A dead owner's lock is taken over.
 * Correctness does not hang on it: two writers of one lane meet again at the commit, where only one wins.
 * @throws Fault `locked` while its owner lives
 */
export async function acquireLock(path: string, what: string): Promise<AsyncDisposable> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const own = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const token = JSON.stringify({ pid: process.pid, born: await ownBirth(), token: randomBytes(8).toString('hex') })
  await writeFile(own, token, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (
        await link(own, path).then(
          () => true,
          () => false,
        )
      )
        return {
          [Symbol.asyncDispose]: async () => {
            if ((await readFile(path, 'utf8').catch(() => '')) === token) await rm(path, { force: true })
          },
        }
      const held = await readFile(path, 'utf8').catch(() => '')
      const owner = parseOwner(held)
      if (owner !== undefined && (await isAlive(owner.pid, owner.born)))
        throw new Fault({
          code: 'locked',
          what,
          why: `process ${owner.pid} holds the lock`,
          remedy: 'Let it finish, or stop it, then run again',
        })
      const aside = `${own}.stale`
      await rename(path, aside).catch(() => undefined)
      // Somebody else may have taken it over in between: give it back.
      if ((await readFile(aside, 'utf8').catch(() => held)) !== held) await link(aside, path).catch(() => undefined)
      await rm(aside, { force: true })
    }
    throw new Fault({ code: 'locked', what, why: 'several processes want it at once', remedy: 'Run again', retry: { type: 'backoff' } })
  } finally {
    await rm(own, { force: true })
  }
}

function parseOwner(text: string): z.infer<typeof Owner> | undefined {
  try {
    return Owner.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
