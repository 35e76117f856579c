import { Fault } from '../../../../src/fault.ts'
import { Discussion } from '../../api/wire.ts'
import { discussionId } from '../../file/note-record.ts'
import type { ThreadOperation } from '../../operations.ts'
import { discussionRemote } from '../../remote.ts'
import { degraded, dropped, isRefused } from '../work.ts'
import type { Delta } from './delta.ts'
import type { Standing } from './standing.ts'

/** A conversation that was resolved or opened again. */
export async function bringThread({ work, people }: Delta, standing: Standing, op: ThreadOperation, signal: AbortSignal): Promise<void> {
  const { client, stock } = work
  const { key, item, iid, root, resolved } = op
  const fail = (why: string) =>
    stock.keep({
      key,
      outcome: 'failed',
      remote: discussionRemote(op.project, iid, discussionId(root)),
      expect: {},
      losses: [dropped(item, 'rejected-by-target', why)],
    })
  const id = await standing.conversation(root, signal)
  if (id === undefined) {
    fail('the conversation is not there')
    return
  }
  try {
    await client.call(Discussion, { method: 'PUT', path: `${standing.path}/discussions/${id}`, json: { resolved } }, signal)
  } catch (error) {
    if (!(error instanceof Fault) || !isRefused(error)) throw error
    fail(error.why ?? error.what)
    return
  }
  const by = op.resolvedBy === null ? null : people.username(op.resolvedBy)
  const other = resolved && by !== work.people.me.username
  stock.keep({
    key,
    outcome: stock.of(key).state === 'new' ? 'created' : 'updated',
    remote: discussionRemote(op.project, iid, id),
    expect: { resolved },
    losses: other ? [degraded(item, 'author-replaced', 'resolvedBy', 'resolved after the import: GitLab names the importing user')] : [],
  })
}
