import type { Applied, Stated } from '../../contract/target.ts'
import { type Gone, removeGone } from './gone.ts'
import { applyObjects } from './objects.ts'
import { type DavOperation, placeRemote } from './operations.ts'
import { type Fresh, applyPlace } from './place.ts'
import { ObjectSpool } from './spool.ts'
import type { Work } from './work.ts'

/**
 * Applies a snapshot: places as they come, objects collection by collection of the source (its UIDs must be known before the first is written),
 * what is gone last. Killed anywhere and run again it ends in the same state: everything is staged before the attempt, and a server knows an
 * object by its path and content.
 */
export async function* apply(work: Work, ops: AsyncIterable<Stated<DavOperation>>, signal: AbortSignal): AsyncGenerator<Applied> {
  using spool = new ObjectSpool(work.context.workDir)
  const gone: Gone[] = []
  const fresh: Fresh = new Map()
  const { context } = work
  let places = 0
  let objects = 0
  async function* flush(): AsyncGenerator<Applied> {
    const stale: Gone[] = []
    for (const group of spool.groups())
      for await (const applied of applyObjects(work, group, spool, fresh, (known) => void stale.push({ known, stale: true }), signal)) {
        if (objects++ % 64 === 0) context.progress('objects', objects, undefined)
        yield applied
      }
    spool.clear()
    yield* removeGone(work, stale, signal)
  }
  for await (const stated of ops) {
    signal.throwIfAborted()
    if (stated.state === 'gone') {
      gone.push({ known: stated.known, stale: false })
      continue
    }
    const { op } = stated
    if (op.type === 'place') {
      yield* flush()
      context.progress('places', places++, undefined)
      // Its owner is called otherwise now: the old place goes once it is empty.
      if (stated.state !== 'new' && stated.known.remote !== placeRemote(op.login, op.place)) gone.push({ known: stated.known, stale: true })
      yield await applyPlace(work, { ...stated, op }, fresh, signal)
      continue
    }
    if (spool.collection !== undefined && spool.collection !== op.collection) yield* flush()
    spool.add({ ...stated, op })
  }
  yield* flush()
  yield* removeGone(work, gone, signal)
}
