import { mkdir, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Check } from '../contract/ports.ts'
import type { Manifest } from '../contract/vault.ts'
import { bytesText, durationText } from './format.ts'
import type { Session } from './session.ts'

const GIB = 2 ** 30

/** Node, configuration file, state directory, free space. */
export async function* machineChecks(session: Session): AsyncGenerator<Check> {
  const loaded = await session.config()
  const { config, path } = loaded
  yield { name: 'node', status: 'pass', detail: process.version }
  const { mode } = await stat(path)
  yield (mode & 0o022) === 0
    ? { name: 'configuration', status: 'pass', detail: path }
    : {
        name: 'configuration',
        status: 'fail',
        detail: `${path} can be changed by others, and it can name commands to run`,
        remedy: `chmod go-w ${path}`,
      }
  await mkdir(config.stateDir, { recursive: true, mode: 0o700 })
  yield await space('state directory', config.stateDir)
  const { loadIdentities } = await import('../config/identities.ts')
  const people = await loadIdentities(config.identities)
  const proposed = people.filter((person) => person.proposed).length
  yield proposed === 0
    ? {
        name: 'people map',
        status: people.length === 0 ? 'skip' : 'pass',
        detail: people.length === 0 ? 'none yet; people are joined by e-mail' : `${people.length} reviewed`,
      }
    : {
        name: 'people map',
        status: 'warn',
        detail: `${proposed} of ${people.length} are not reviewed and not used`,
        remedy: `Look through ${config.identities} and delete their "proposed: true" lines`,
      }
}

/** Reach, structure, space, age and a suspicion: did a source suddenly become empty? */
export async function* vaultChecks(session: Session): AsyncGenerator<Check> {
  const { openWorkspace } = await import('./workspace.ts')
  const { config } = await session.config()
  await using open = await openWorkspace(session, { contentKey: false })
  const { vault, clock } = open.workspace
  yield await space('space', config.vault.path)
  yield* vault.verify('structure', session.signal)
  if (config.vault.contentKey === undefined)
    yield { name: 'content key', status: 'pass', detail: 'not on this machine; plan, rehearse, cutover and export need vault.contentKey' }
  const all = await Array.fromAsync(vault.list())
  for (const source of Object.keys(config.sources))
    yield* snapshotChecks(
      source,
      all.filter((manifest) => manifest.source === source),
      clock.now(),
    )
}

const sizeOf = ({ counts }: Manifest): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

/** What a source's snapshots say about it; a shrunken one is most often a token that sees less than before. */
export function* snapshotChecks(source: string, snapshots: readonly Manifest[], now: Date): Generator<Check> {
  const name = `snapshots of ${source}`
  const [before, newest] = [snapshots.at(-2), snapshots.at(-1)]
  if (newest === undefined) {
    yield { name, status: 'warn', detail: 'there is none yet', remedy: `fallreep backup ${source}` }
    return
  }
  const ageSeconds = (now.getTime() - Date.parse(newest.startedAt)) / 1000
  yield ageSeconds > 2 * 86_400
    ? {
        name,
        status: 'warn',
        detail: `the newest is ${durationText(ageSeconds)} old`,
        remedy: `fallreep backup ${source}, and look at the timer`,
      }
    : {
        name,
        status: newest.state === 'complete' ? 'pass' : 'warn',
        detail: `the newest is ${newest.state}, ${durationText(ageSeconds)} old`,
        ...(newest.state === 'complete' ? {} : { remedy: `fallreep backup ${source}` }),
      }
  if (sizeOf(newest) === 0)
    yield {
      name,
      status: 'fail',
      detail: 'the newest holds nothing at all',
      remedy: `fallreep doctor ${source}: can its token see anything?`,
    }
  else if (before !== undefined && sizeOf(newest) * 2 < sizeOf(before))
    yield {
      name,
      status: 'warn',
      detail: `the newest holds ${sizeOf(newest)} items, the one before ${sizeOf(before)}`,
      remedy: `fallreep doctor ${source}: does its token still see everything?`,
    }
}

async function space(name: string, path: string): Promise<Check> {
  const { bavail, bsize } = await statfs(path).catch(() => statfs(dirname(path)))
  const free = bavail * bsize
  const detail = `${bytesText(free)} free at ${path}`
  return free < GIB
    ? { name, status: 'fail', detail, remedy: 'Make room: less than 1 GiB is left' }
    : { name, status: free < 10 * GIB ? 'warn' : 'pass', detail, ...(free < 10 * GIB ? { remedy: 'Make room soon' } : {}) }
}
