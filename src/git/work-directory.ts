import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isAlive, ownBirth } from '../process/alive.ts'

export interface WorkDirectory extends AsyncDisposable {
  readonly path: string
}

const NAME = /^git-(\d+)-(\d*)-([0-9a-z-]*)-[0-9a-f]{12}$/
/** Directories of another machine's name (a container that is gone) are no longer waited for. */
const LIFE_MS = 7 * 24 * 3_600_000

/**
 * An empty directory below `parent` that only we can read, removed when disposed of. Its name says whose it is, for what lies in it is not
 * encrypted: those of processes that died without a word are swept first.
 */
export async function workDirectory(parent: string, nowMs: number): Promise<WorkDirectory> {
  await sweepWork(parent, nowMs)
  const path = join(parent, `git-${process.pid}-${await ownBirth()}-${machine()}-${randomBytes(6).toString('hex')}`)
  await mkdir(path, { mode: 0o700 })
  return { path, [Symbol.asyncDispose]: () => remove(path) }
}

/** Removes what processes that died left below `parent`. Call it when a run begins, for a night without changes makes no directory. */
export async function sweepWork(parent: string, nowMs: number): Promise<void> {
  await mkdir(parent, { recursive: true, mode: 0o700 })
  for (const name of await readdir(parent)) {
    const [, pid, born = '', host] = NAME.exec(name) ?? []
    if (pid === undefined) continue
    const path = join(parent, name)
    const over = host === machine() ? !(await isAlive(Number(pid), born)) : nowMs - (await touchedMs(path)) > LIFE_MS
    if (over) await remove(path)
  }
}

const machine = (): string =>
  hostname()
    .toLowerCase()
    .replaceAll(/[^0-9a-z]+/g, '-')
    .slice(0, 40)

/** Somebody else may be sweeping the same one. */
const touchedMs = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY

/** git makes its packs read-only, and may still be writing when its parent has just gone. */
const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
