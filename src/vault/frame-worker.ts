import { parentPort } from 'node:worker_threads'
import { compressFrame } from './zstd.ts'

/** What the pool posts: `length` bytes of content at the start of a buffer that goes back with the answer. */
export interface FrameJob {
  readonly id: number
  readonly buffer: ArrayBuffer
  readonly length: number
}
export interface FrameDone {
  readonly id: number
  readonly buffer: ArrayBuffer
  readonly frame: Uint8Array<ArrayBuffer> | undefined
  readonly error: string | undefined
}

/** A copy in memory of its own, which can be handed to another thread. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)

parentPort?.on('message', ({ id, buffer, length }: FrameJob) => {
  let frame: Uint8Array<ArrayBuffer> | undefined
  let error: string | undefined
  try {
    frame = owned(compressFrame(new Uint8Array(buffer, 0, length)))
  } catch (cause) {
    error = cause instanceof Error ? cause.message : String(cause)
  }
  const done: FrameDone = { id, buffer, frame, error }
  parentPort?.postMessage(done, frame === undefined ? [buffer] : [buffer, frame.buffer])
})
