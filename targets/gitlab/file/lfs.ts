import type { LfsOperation } from '../operations.ts'
import type { ComposeInput } from './composed.ts'

/** Large files that travel in the file: all of a project, each once, or none if together they are too large for it. */
export function* lfsIn({ spool, project, maxLfsBytes }: ComposeInput): Generator<LfsOperation> {
  let bytes = 0
  for (const op of spool.part<LfsOperation>(project.project, 'lfs')) bytes += op.bytes
  if (bytes > maxLfsBytes) return
  let last = ''
  for (const op of spool.part<LfsOperation>(project.project, 'lfs')) {
    if (op.oid === last) continue
    last = op.oid
    yield op
  }
}
