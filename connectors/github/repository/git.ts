import type { Change } from '../../../src/contract/connector.ts'
import { lfsObjects } from '../../../src/git/lfs.ts'
import type { LfsPointer } from '../../../src/git/lfs-pointer.ts'
import type { MirroredBundle } from '../../../src/git/mirror.ts'
import { refused } from '../github-fault.ts'
import { HistoryState, historyOf, readHistory, remoteOf, type Which } from '../history.ts'
import { lfsHandle, lfsObject } from '../map/lfs.ts'
import { degraded } from '../map/item.ts'
import { describe, repository } from '../map/repository.ts'
import type { AtHand } from '../blob.ts'
import { brief } from './brief.ts'
import { checkpoint, type Reading } from './reading.ts'

interface Two {
  readonly git: HistoryState | undefined
  readonly wiki: HistoryState | undefined
}
const stateOf = (given: unknown): Two => {
  const { git, wiki } = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {}
  return { git: HistoryState.safeParse(git).data, wiki: HistoryState.safeParse(wiki).data }
}

/**
 * The repository itself with its git and wiki, and what git only points to. New bundles lie on disk from when the item is yielded until the
 * next checkpoint has been taken: whoever stores items asks for their bytes before that.
 */
export async function* readGit(reading: Reading, atHand: AtHand): AsyncGenerator<Change> {
  const { github, listed, state, mapping } = reading
  const { place } = mapping
  const { read } = github.config
  const before = stateOf(state.git)
  await using held = new AsyncDisposableStack()
  const losses: Change[] = []
  const pointers = new Map<string, LfsPointer>()
  const one = async (which: Which): Promise<HistoryState | undefined> => {
    try {
      const found = await readHistory(github, listed.nameWithOwner, place.id, which, before[which], reading.signal)
      if (found.bundle !== undefined) keep(held, atHand, found.state, found.bundle)
      for (const pointer of found.pointers) pointers.set(pointer.oid, pointer)
      return found.state
    } catch (error) {
      if (!refused(error)) throw error
      if (which === 'wiki' && error.code === 'gone') return before.wiki ?? 'absent'
      losses.push({ type: 'loss', loss: degraded(place.item, which, 'withheld-by-source', error.message) })
      return before[which]
    }
  }
  const git = read.includes('git') ? await one('git') : before.git
  const wiki = read.includes('wiki') && asksWiki(reading, before.wiki) ? await one('wiki') : before.wiki
  // The bytes of large files before the commits that name them: what is cut short is begun anew.
  if (read.includes('lfs')) yield* readLfs(reading, [...pointers.values()], atHand)
  const histories = {
    git: historyOf(git, listed.nameWithOwner, place.id, 'git', 0),
    wiki: historyOf(wiki, listed.nameWithOwner, place.id, 'wiki', 0),
  }
  const blobs = [...histories.git.blobs, ...histories.wiki.blobs]
  const placed = historyOf(wiki, listed.nameWithOwner, place.id, 'wiki', histories.git.blobs.length)
  const item = repository(listed, state.former, { git: histories.git.history, wiki: placed.history, blobs }, reading.raw, place)
  const revision = item.revision.slice(0, 16)
  if (state.items.get(place.item) !== revision) yield { type: 'upsert', item }
  state.items.set(place.item, revision)
  yield* said(reading, 'git', losses)
  state.git = { git: git ?? null, wiki: wiki ?? null }
  state.lines.set('git', String(brief(JSON.stringify(describe(listed)))))
  state.lines.set('pushed', JSON.stringify([listed.pushedAt, listed.pullRequests]))
  yield checkpoint(reading)
}

/**
 * A wiki that was never written is not there, and most never are: it is looked for again when something happened in the repository, and by the
 * sweeps, for git is asked outside of the API's budgets but not for nothing.
 */
function asksWiki({ listed, state, sweeping }: Reading, before: HistoryState | undefined): boolean {
  if (!listed.hasWikiEnabled) return false
  return before !== 'absent' || sweeping || state.lines.get('pushed') !== JSON.stringify([listed.pushedAt, listed.pullRequests])
}

function keep(held: AsyncDisposableStack, atHand: AtHand, state: HistoryState, bundle: MirroredBundle): void {
  const key = state === 'absent' ? undefined : state.bundles.at(-1)?.key
  held.use(bundle)
  if (key === undefined) return
  atHand.bundles.set(key, bundle)
  held.defer(async () => void atHand.bundles.delete(key))
}

const lfsACheckpoint = 100

async function* readLfs(reading: Reading, pointers: readonly LfsPointer[], atHand: AtHand): AsyncGenerator<Change> {
  const { github, listed, mapping, signal } = reading
  if (pointers.length === 0) return
  const waiting = new Set<string>()
  try {
    for await (const object of lfsObjects(remoteOf(github, listed.nameWithOwner), pointers, signal)) {
      const handle = lfsHandle(object.pointer, mapping.place)
      const { item, losses } = lfsObject(object, mapping.place)
      if (object.type === 'there') {
        atHand.lfs.set(handle, (stop) => object.open(stop))
        waiting.add(handle)
      }
      yield { type: 'upsert', item }
      for (const loss of losses) yield { type: 'loss', loss }
      if (waiting.size < lfsACheckpoint) continue
      yield checkpoint(reading)
      for (const done of waiting) atHand.lfs.delete(done)
      waiting.clear()
    }
    if (waiting.size > 0) yield checkpoint(reading)
  } finally {
    for (const done of waiting) atHand.lfs.delete(done)
  }
}

/** Losses of a part, said again only when they are others. */
export function* said({ state }: Reading, part: string, losses: readonly Change[]): Generator<Change> {
  const about = losses.length === 0 ? '' : brief(JSON.stringify(losses)).toString(36)
  if ((state.losses.get(part) ?? '') !== about) yield* losses
  if (about === '') state.losses.delete(part)
  else state.losses.set(part, about)
}
