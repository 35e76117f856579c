import type { Change } from '../../../src/contract/connector.ts'
import { Fault } from '../../../src/fault.ts'
import { seg } from '../graph.ts'
import { mailboxId } from '../map/mailbox.ts'
import { degraded } from '../map/mapped.ts'
import { listFolders } from './folders.ts'
import { readFolder } from './listing.ts'
import { settleRemovals } from './removals.ts'
import type { Run } from './run.ts'

/** So often a folder that seems to lack mails is looked at again. */
const looks = 2

/**
 * Holds what was listed against what Exchange counts, folder by folder. A folder also counts things that are no mails: those are a loss.
 * @throws Fault `unavailable` when mails are missing from the listing
 */
export async function* confirmCounts(run: Run, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, state } = run
  run.folders = await listFolders(graph, person, state.roles, signal)
  for (const [id, { total }] of run.folders) {
    // A folder that came into being since then is read by the next run.
    if (!state.folders.has(id) || listedIn(run, id) >= total) continue
    const mails = yield* settledCount(run, id, signal)
    const others = total - Math.max(mails, listedIn(run, id))
    const detail = `${others} things in this folder are no mails and are not given`
    if (others > 0) yield { type: 'loss', loss: degraded(mailboxId(person.id, id), 'contents', 'withheld-by-source', detail) }
  }
}

const listedIn = ({ state }: Run, folder: string): number => state.folder(folder).named

/** How many mails a folder has; those that arrived while it was read are read. */
async function* settledCount(run: Run, id: string, signal: AbortSignal): AsyncGenerator<Change, number> {
  const path = `/users/${seg(run.person.id)}/mailFolders/${seg(id)}/messages/$count`
  for (let look = 1; ; look += 1) {
    const mails = Number(await run.graph.get(path, {}, {}, signal))
    if (listedIn(run, id) >= mails) return mails
    if (look > looks)
      throw new Fault({
        code: 'unavailable',
        what: 'Microsoft Graph lists fewer mails of a folder than it counts',
        why: `${listedIn(run, id)} of ${mails} in one folder; nothing was taken for deleted`,
        remedy: 'Run again: everything in this mailbox is listed anew, and what is stored is not fetched again',
        retry: { type: 'backoff' },
      })
    for await (const change of readFolder(run, id, signal)) if (change !== undefined) yield change
    yield* settleRemovals(run, signal)
  }
}
