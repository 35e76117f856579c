import { createHash } from 'node:crypto'
import { Fault } from '../fault.ts'
import type { LfsPointer } from './lfs-pointer.ts'

/**
 * The bytes of an answer, which end in an error if they are not what the pointer says: more are refused at once, fewer and others at the end.
 * @throws Fault (inside the stream) `corrupt`, retryable: they may have been damaged on the way
 */
export function verified(response: Response, { oid, size }: LfsPointer): ReadableStream<Uint8Array> {
  const hash = createHash('sha256')
  let bytes = 0
  const check = (wrong: string | undefined): void => {
    if (wrong === undefined) return
    throw new Fault({
      code: 'corrupt',
      what: `The large file (LFS) ${oid} is not what its name says`,
      why: wrong,
      remedy: 'Run again; if it stays, the file is damaged at the host: ask its support',
      retry: { type: 'backoff' },
    })
  }
  const checking = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      check(bytes > size ? `more than ${size} bytes came` : undefined)
      hash.update(chunk)
      controller.enqueue(chunk)
    },
    flush() {
      check(bytes < size ? `${bytes} of ${size} bytes came` : undefined)
      check(hash.digest('hex') === oid ? undefined : 'its bytes have another hash')
    },
  })
  const body: ReadableStream<Uint8Array> = response.body ?? new ReadableStream({ start: (controller) => controller.close() })
  return body.pipeThrough(checking)
}
