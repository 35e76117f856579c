import { Worker } from 'node:worker_threads'
import { Fault } from '../../fault.ts'
import type { Driver } from '../driver.ts'
import { type Checked, checkHash, checkPack } from './check-object.ts'
import type { CheckDone, CheckJob } from './check-worker.ts'

/** With fewer bytes than this, threads are not worth their start. */
const WORTH = 24 << 20

export interface ObjectToCheck {
  readonly name: string
  readonly sha256: string
  readonly size: number
  /** Set for packs that are to be opened. */
  readonly identity: string | undefined
}

/** Checks objects, in threads when they are plain files and many bytes; answers in the order asked. */
export async function* checkAll(
  driver: Driver,
  objects: readonly ObjectToCheck[],
  threads: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly object: ObjectToCheck; readonly checked: Checked }> {
  const { directory } = driver
  const bytes = objects.reduce((sum, { size }) => sum + size, 0)
  if (directory === undefined || threads === 0 || bytes < WORTH) {
    for (const object of objects) {
      const { name, sha256, identity } = object
      yield {
        object,
        checked:
          identity === undefined ? await checkHash(driver, name, sha256, signal) : await checkPack(driver, name, sha256, identity, signal),
      }
    }
    return
  }
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL(`./check-worker.${extension}`, import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 2 } }),
  )
  const idle = [...workers]
  const results = new Map<number, PromiseWithResolvers<Checked>>()
  const fail = (error: unknown): void => {
    for (const waiting of results.values()) waiting.reject(error)
  }
  const stop = (): void => fail(new Fault({ code: 'cancelled', what: 'The verification was stopped' }))
  let next = 0
  const feed = (): void => {
    // No further ahead than needed: the answers of packs hold one line per item.
    while (idle.length > 0 && next < objects.length && results.size < 4 * threads) {
      const object = objects[next]
      const worker = idle.pop()
      if (object === undefined || worker === undefined) return
      const waiting = Promise.withResolvers<Checked>()
      waiting.promise.catch(() => undefined)
      results.set(next, waiting)
      const job: CheckJob = { id: next++, directory, name: object.name, sha256: object.sha256, identity: object.identity }
      worker.postMessage(job)
    }
  }
  for (const worker of workers) {
    worker.on('message', ({ id, checked }: CheckDone) => {
      results.get(id)?.resolve(checked)
      idle.push(worker)
      feed()
    })
    worker.on('error', fail)
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    for (const [at, object] of objects.entries()) {
      feed()
      signal.throwIfAborted()
      const waiting = results.get(at)
      if (waiting === undefined) throw new Error(`object ${at} was not asked for`)
      const checked = await waiting.promise
      results.delete(at)
      yield { object, checked }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}
