import type { Change } from '../../../src/contract/connector.ts'
import type { Cursor } from '../../../src/contract/ids.ts'
import type { Graph, GraphPerson } from '../graph.ts'
import { GraphFault, hasNoMailbox, isFull, needsResync } from '../graph-fault.ts'
import { mailboxId } from '../map/mailbox.ts'
import { degraded } from '../map/mapped.ts'
import { imbalance, noteTotals } from './balance.ts'
import { bytesWatch } from './bytes.ts'
import { afterKill, corrections } from './corrections.ts'
import { confirmCounts } from './counts.ts'
import { folderItems } from './folder-items.ts'
import { type Folder, listFolders } from './folders.ts'
import { readFolder } from './listing.ts'
import { settleRemovals } from './removals.ts'
import { newRun, type Run } from './run.ts'
import { readSettings } from './settings.ts'
import { MailState } from './state.ts'

const day = 86_400_000
/** So many mails are named between two checkpoints, so that many small folders do not make many. */
const mailsBetween = 500
/** A mailbox that loses its state again while it is listed anew is left for the next run. */
const attempts = 3

/** The changes of one person's mail: where nothing changed, one request for each folder and those that list the folders. */
export async function* mailChanges(
  graph: Graph,
  person: GraphPerson,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const read = since === undefined ? new MailState() : MailState.decode(since)
  const state = read ?? new MailState()
  let folders: ReadonlyMap<string, Folder>
  try {
    folders = await listFolders(graph, person, state.roles, signal)
  } catch (error) {
    // Before anything was said of this mailbox: what an earlier run read of it stays as it is.
    if (!isClosed(error)) throw error
    yield* closed(person, state, read === undefined ? since : undefined, error)
    return
  }
  state.noMailbox = false
  const run = newRun(graph, person, state, folders)
  let why = read === undefined ? 'the cursor was written by another version' : since === undefined ? undefined : staleness(run)
  for (let tries = 1; ; tries += 1) {
    if (why !== undefined) {
      yield { type: 'reset', why }
      run.quiet = true
      run.full = true
      state.forget()
      for (const notes of [run.present, run.seen, run.touched]) notes.clear()
    }
    try {
      why = yield* pass(run, signal)
      if (why === undefined) return
    } catch (error) {
      why = reasonToBegin(run, error)
      if (why === undefined || tries >= attempts) throw error
    }
  }
}

/**
 * Everything of one mailbox, in order: folders, settings, mails, where those went that left, whether all were named. Returns why it has to
 * be done again from the beginning, if it has to.
 */
async function* pass(run: Run, signal: AbortSignal): AsyncGenerator<Change, string | undefined> {
  const { state } = run
  yield* folderItems(run)
  yield* settingsItem(run, signal)
  yield* afterKill(run, signal)
  yield* mails(run, signal)
  yield* settleRemovals(run, signal)
  if (run.full) {
    // What moved from a folder not yet read to one that was: the second look sees it.
    if (!run.listOnly) yield* mails(run, signal)
    yield* settleRemovals(run, signal)
    yield* confirmed(run, signal)
    // A mailbox that no delta query can follow is listed again by the next run.
    state.phase = run.listOnly ? 'again' : 'steady'
    state.swept = run.graph.ports.clock.now().toISOString()
  } else {
    const why = imbalance(run)
    if (why !== undefined) return why
  }
  noteTotals(run)
  yield* settled(run, signal)
  return undefined
}

/** A listing that lacks mails is not gone on from: the next run begins anew. */
async function* confirmed(run: Run, signal: AbortSignal): AsyncGenerator<Change> {
  try {
    yield* confirmCounts(run, signal)
  } catch (error) {
    signal.throwIfAborted()
    run.state.phase = 'again'
    if (!run.quiet) yield { type: 'checkpoint', cursor: run.state.encode() }
    throw error
  }
}

async function* mails(run: Run, signal: AbortSignal): AsyncGenerator<Change> {
  let since = 0
  for (const id of run.folders.keys())
    for await (const change of readFolder(run, id, signal)) {
      if (change !== undefined) {
        since += 1
        yield change
      } else if (since >= mailsBetween && !run.quiet) {
        since = 0
        yield* settled(run, signal)
      }
    }
}

/** A checkpoint, and once it has made sure that all bytes came, what has to be said of those that came in another form. */
async function* settled(run: Run, signal: AbortSignal): AsyncGenerator<Change> {
  const { state, graph, person } = run
  const watch = bytesWatch(graph, person.id)
  for (const native of [...watch.asked, ...watch.built.keys()]) state.unsure.add(native)
  const open = state.unsure.size
  yield { type: 'checkpoint', cursor: state.encode() }
  yield* corrections(run, signal)
  if (open > 0) yield { type: 'checkpoint', cursor: state.encode() }
}

/** Filters and replies change seldom, and asking for them costs as much as three folders: they are asked for every so many days. */
async function* settingsItem({ graph, person, state, folders }: Run, signal: AbortSignal): AsyncGenerator<Change> {
  const now = graph.ports.clock.now()
  if (state.asked !== undefined && now.getTime() < Date.parse(state.asked) + graph.config.mail.settingsDays * day) return
  const { item, losses } = await readSettings(graph, person, new Set(folders.keys()), signal)
  state.asked = now.toISOString()
  if (item === undefined || item.revision === state.settings) return
  state.settings = item.revision
  yield { type: 'upsert', item }
  for (const loss of losses) yield { type: 'loss', loss }
}

/** Why everything has to be listed again although there is a cursor. */
function staleness({ state, folders, graph }: Run): string | undefined {
  const known = [...state.folders]
  if (known.some(([id]) => !folders.has(id))) return 'a folder was removed for good, with what was in it'
  if (state.phase === 'again') return 'the last listing could not be followed'
  if (state.phase === 'first')
    return known.length > 0 && known.every(([, { done }]) => done) ? 'the last listing of everything was not confirmed' : undefined
  const due = Date.parse(state.swept ?? '') + graph.config.mail.sweepDays * day
  return graph.ports.clock.now().getTime() >= due ? 'it is time to list everything again' : undefined
}

function reasonToBegin(run: Run, error: unknown): string | undefined {
  if (needsResync(error)) return 'Microsoft Graph does not know the state of this mailbox any more'
  if (!isFull(error) || run.listOnly) return undefined
  run.listOnly = true
  return 'the mailbox is too full for delta queries'
}

const isClosed = (error: unknown): error is GraphFault =>
  hasNoMailbox(error) || (error instanceof GraphFault && error.code === 'permission')

/** `unread`: a cursor that could not be read stays, because nothing can be listed in its place. */
function* closed(person: GraphPerson, state: MailState, unread: Cursor | undefined, error: GraphFault): Generator<Change> {
  const detail = hasNoMailbox(error)
    ? 'this person has no mailbox that Microsoft Graph can read'
    : `the app may not read the mailbox of this person (${error.error})`
  if (!state.noMailbox) yield { type: 'loss', loss: degraded(mailboxId(person.id, 'all'), 'freshness', 'withheld-by-source', detail) }
  state.noMailbox = true
  yield { type: 'checkpoint', cursor: unread ?? state.encode() }
}
