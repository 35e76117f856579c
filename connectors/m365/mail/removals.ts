import type { Change } from '../../../src/contract/connector.ts'
import { inTurns } from '../in-turns.ts'
import { mailId } from '../map/mail.ts'
import { text } from '../wire.ts'
import { listFolders } from './folders.ts'
import { folderItems } from './folder-items.ts'
import { brief, countNamed, lookUp, named, type Run } from './run.ts'

/**
 * What became of the mails that left a folder: each is looked up, because a delta query says the same of a mail that was deleted, of one
 * that moved, and of one that came back to where it was.
 */
export async function* settleRemovals(run: Run, signal: AbortSignal): AsyncGenerator<Change> {
  const { state, person } = run
  const gone = function* (native: string, evidence: string): Generator<Change> {
    state.removed.delete(native)
    state.built.delete(native)
    forgetIn(run, native, undefined)
    yield { type: 'delete', id: mailId(person.id, native), evidence }
  }
  let relisted = false
  for await (const [native, raw] of inTurns([...state.removed], (id) => lookUp(run, id, signal))) {
    if (raw === undefined) {
      yield* gone(native, 'GET /messages: 404')
      continue
    }
    const folder = text(raw['parentFolderId']) ?? ''
    if (!run.folders.has(folder) && !relisted) {
      relisted = true
      run.folders = await listFolders(run.graph, run.person, state.roles, signal)
      yield* folderItems(run)
    }
    if (!run.folders.has(folder)) yield* gone(native, 'GET /messages: in a folder that is not read, such as the recoverable items')
    else {
      forgetIn(run, native, folder)
      yield* named(run, raw, native, folder, '/messages')
    }
  }
  if (run.full) countNamed(run)
}

function forgetIn({ present }: Run, native: string, except: string | undefined): void {
  for (const [folder, { mails }] of present) if (folder !== except) mails.delete(brief(native))
}
