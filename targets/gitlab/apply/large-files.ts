import { type LfsUpload, uploadLfs } from '../../../src/git/lfs-upload.ts'
import type { LfsOperation, ProjectOperation } from '../operations.ts'
import { lfsRemote } from '../remote.ts'
import { recall, recalledLosses } from './memory.ts'
import { dropped, type Work } from './work.ts'

/** Large files that did not travel in the import file, one by one; only those that the server lacks are sent. */
export async function uploadLargeFiles(work: Work, project: ProjectOperation, whole: boolean, signal: AbortSignal): Promise<void> {
  const { client, context, spool, stock } = work
  const waiting = new Map<string, LfsOperation>()
  function* missing(): Generator<LfsUpload> {
    for (const op of spool.part<LfsOperation>(project.project, 'lfs')) {
      if (stock.result(op.key) !== undefined) continue
      const { known, state } = stock.of(op.key)
      if (!whole && state === 'same' && known?.state === 'applied' && known.notes['failed'] !== true) {
        stock.keep({
          key: op.key,
          outcome: 'unchanged',
          remote: known.remote,
          expect: recall(op, null, known),
          losses: recalledLosses(known),
        })
        continue
      }
      waiting.set(op.oid, op)
      yield { pointer: { oid: op.oid, size: op.bytes }, open: (stop) => context.blobs.open(op.blob, stop) }
    }
  }
  let done = 0
  for await (const uploaded of uploadLfs(client.git(project.project), missing(), signal)) {
    const op = waiting.get(uploaded.pointer.oid)
    if (op === undefined) continue
    waiting.delete(op.oid)
    const { key, item, oid, bytes } = op
    const remote = lfsRemote(project.project, oid)
    if (uploaded.outcome !== 'failed') stock.keep({ key, outcome: 'created', remote, expect: { bytes }, losses: [] })
    else if (uploaded.fault.retry.type !== 'never') throw uploaded.fault
    else
      stock.keep({
        key,
        outcome: 'failed',
        remote,
        expect: {},
        losses: [dropped(item, 'rejected-by-target', uploaded.fault.why ?? uploaded.fault.what)],
      })
    context.progress('large files', ++done, undefined)
  }
}
