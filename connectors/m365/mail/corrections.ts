import type { Change } from '../../../src/contract/connector.ts'
import { mailId } from '../map/mail.ts'
import { degraded } from '../map/mapped.ts'
import { text } from '../wire.ts'
import { bytesWatch, canBeWritten } from './bytes.ts'
import { lookUp, named, type Run } from './run.ts'

/**
 * Says of mails whose bytes had to be put together by us that they were. Whether Graph can write a mail shows only when its bytes are
 * fetched, which is after the mail was named; this runs when a checkpoint has made sure that they were.
 */
export async function* corrections(run: Run, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, state } = run
  const watch = bytesWatch(graph, person.id)
  for (const [native, missing] of watch.built) {
    watch.built.delete(native)
    yield* correction(run, native, missing, signal)
  }
  for (const native of watch.asked) state.unsure.add(native)
  for (const native of state.unsure) if (!watch.asked.has(native)) state.unsure.delete(native)
}

/** Mails whose bytes were under way when an earlier run was killed. */
export async function* afterKill(run: Run, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, state } = run
  for (const native of state.unsure) {
    if (!(await canBeWritten(graph, person.id, native, signal))) yield* correction(run, native, 0, signal)
    state.unsure.delete(native)
  }
}

async function* correction(run: Run, native: string, missing: number, signal: AbortSignal): AsyncGenerator<Change> {
  const raw = await lookUp(run, native, signal)
  const folder = text(raw?.['parentFolderId'])
  if (raw === undefined || folder === undefined || !run.folders.has(folder)) return
  run.state.built.add(native)
  yield* named(run, raw, native, folder, '/messages')
  const detail =
    'Microsoft Graph could not write this mail; it was put together from its text, its attachments and the headers that were kept'
  yield { type: 'loss', loss: degraded(mailId(run.person.id, native), 'bytes', 'text-changed', detail) }
  const lack = `${missing} attachments of this mail are not given`
  if (missing > 0) yield { type: 'loss', loss: degraded(mailId(run.person.id, native), 'attachments', 'withheld-by-source', lack) }
}
