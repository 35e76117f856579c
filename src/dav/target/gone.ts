import type { Loss } from '../../contract/fidelity.ts'
import type { Applied, LedgerEntry } from '../../contract/target.ts'
import { getObject, listObjects, removeObject } from '../objects.ts'
import { removePlace } from '../places.ts'
import { Refusal } from '../refusal.ts'
import { hashOf } from './draft.ts'
import { type Home, onlyThem } from './homes.ts'
import { standsIn } from './operations.ts'
import { type Work, patiently } from './work.ts'
import { memoryOf } from './write.ts'

/** Something to be removed. `stale`: its item is written elsewhere now, so the ledger keeps its entry. */
export interface Gone {
  readonly known: LedgerEntry
  readonly stale: boolean
}

/**
 * Removes what the source has no more, if it is still as we left it: objects first, then places that are empty. What somebody changed or added
 * stays. With `deletions: keep` everything stays, and the ledger goes on to know it.
 */
export async function* removeGone(work: Work, gone: readonly Gone[], signal: AbortSignal): AsyncGenerator<Applied> {
  const kinds = Map.groupBy(gone, ({ known }) => standsIn(known.remote).type)
  let done = 0
  for (const one of [...(kinds.get('object') ?? []), ...(kinds.get('place') ?? [])]) {
    signal.throwIfAborted()
    if (done % 20 === 0) work.context.progress('removals', done, gone.length)
    done++
    const { stale } = one
    // What was written in this run may have taken its place over since it was told.
    const known = stale ? one.known : (work.context.ledger.get(one.known.key) ?? one.known)
    const why = work.settings.deletions === 'keep' ? 'the configuration says to keep deletions' : await remove(work, known, signal)
    const losses: readonly Loss[] = why === undefined ? [] : [stays(known, work.settings.deletions === 'keep', why)]
    if (!stale && work.settings.deletions === 'apply') work.context.ledger.delete([known.key])
    const outcome = why === undefined ? 'deleted' : 'failed'
    yield { key: known.key, item: known.item, outcome, remote: known.remote, expect: {}, losses }
  }
}

const stays = ({ item }: LedgerEntry, policy: boolean, why: string): Loss => ({
  item,
  stage: 'apply',
  code: policy ? 'excluded-by-policy' : 'rejected-by-target',
  effect: { type: 'degraded', field: 'presence' },
  detail: `gone at the source, and still there: ${why}`,
})

/** @returns why it stays; undefined: it is gone */
async function remove(work: Work, known: LedgerEntry, signal: AbortSignal): Promise<string | undefined> {
  // Another one stands for it, or took its place over.
  if (known.notes['twin'] !== undefined || known.notes['handedOver'] === true) return undefined
  if (known.notes['kept'] !== undefined) return 'it is not ours, or somebody changed it'
  const { type, login, place } = standsIn(known.remote)
  try {
    const home = await work.homes.of(login, signal)
    return type === 'object' ? await object(work, home, known, signal) : await emptyPlace(home, `${home.path}${place}/`, signal)
  } catch (error) {
    if (error instanceof Refusal && error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 429)
      return error.message
    if (onlyThem(error, work.settings)) return error.message
    throw error
  }
}

async function object(work: Work, { client }: Home, known: LedgerEntry, signal: AbortSignal): Promise<string | undefined> {
  const memory = memoryOf(known.notes)
  // Never got as far as being written.
  if (memory === undefined) return undefined
  try {
    if (memory.etag !== null) {
      const { etag } = memory
      await patiently(work, () => removeObject(client, memory.href, etag, signal), signal)
      return undefined
    }
  } catch (error) {
    if (!(error instanceof Refusal) || ![404, 410, 412].includes(error.status)) throw error
    if (error.status !== 412) return undefined
  }
  // Some servers give a new etag though nothing changed: what it says decides.
  const standing = await getObject(client, memory.href, signal)
  if (standing === undefined) return undefined
  const hash = hashOf(work.format.fieldsOf(standing.text))
  if (hash !== memory.hash || standing.etag === null) return 'somebody changed it on the server'
  await patiently(work, () => removeObject(client, memory.href, standing.etag, signal), signal)
  return undefined
}

async function emptyPlace({ client }: Home, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const left = await listObjects(client, path, signal)
    if (left.length > 0) return `${left.length} things in it are not ours, or somebody changed them`
  } catch (error) {
    if (error instanceof Refusal && (error.status === 404 || error.status === 410)) return undefined
    throw error
  }
  await removePlace(client, path, false, signal)
  return undefined
}
