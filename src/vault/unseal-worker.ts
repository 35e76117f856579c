import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { faultIn } from '../fault.ts'
import { decrypting } from './age.ts'
import { FRAME_LIMIT } from './frame-pool.ts'
import { framesIn } from './zstd.ts'

/** `read`: hash the file and, with an identity, give its frames in the buffers, each of which comes back by `used`. Files are read one after the other. */
export type UnsealJob =
  | {
      readonly type: 'read'
      readonly id: number
      readonly path: string
      readonly identity: string | undefined
      readonly buffers: readonly SharedArrayBuffer[]
    }
  | { readonly type: 'used'; readonly id: number; readonly at: number }
  | { readonly type: 'stop'; readonly id: number }
export type UnsealAnswer =
  | { readonly type: 'frame'; readonly id: number; readonly at: number; readonly bytes: number; readonly length: number }
  | { readonly type: 'end'; readonly id: number; readonly sha256: string }
  | { readonly type: 'fault'; readonly id: number; readonly unreadable: boolean; readonly why: string }

/** A file that is being read: which buffers are free, and who waits for one. */
interface Reading {
  readonly free: number[]
  stopped: boolean
  wake: (() => void) | undefined
}
const readings = new Map<number, Reading>()
const piece = Buffer.allocUnsafeSlow(1 << 20)

/** The pieces of a file, all in the same buffer. */
async function* piecesOf(file: number, hash: Hash): AsyncGenerator<Buffer> {
  for (let bytes = readSync(file, piece); bytes > 0; bytes = readSync(file, piece)) {
    hash.update(piece.subarray(0, bytes))
    yield piece.subarray(0, bytes)
  }
}

async function freeBuffer(reading: Reading): Promise<number | undefined> {
  while (!reading.stopped) {
    const at = reading.free.shift()
    if (at !== undefined) return at
    await new Promise<void>((resolve) => (reading.wake = resolve))
  }
  return undefined
}

async function read({ id, path, identity, buffers }: Extract<UnsealJob, { type: 'read' }>, reading: Reading): Promise<UnsealAnswer> {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const hash = createHash('sha256')
    const pieces = piecesOf(file, hash)
    if (identity === undefined) for await (const _ of pieces) void _
    else
      for await (const { raw, length } of framesIn(decrypting(pieces, [identity]), FRAME_LIMIT)) {
        const at = await freeBuffer(reading)
        const buffer = at === undefined ? undefined : buffers[at]
        if (at === undefined || buffer === undefined) break
        new Uint8Array(buffer).set(raw)
        const answer: UnsealAnswer = { type: 'frame', id, at, bytes: raw.length, length }
        parentPort?.postMessage(answer)
      }
    return { type: 'end', id, sha256: hash.digest('hex') }
  } catch (error) {
    const fault = faultIn(error)
    return {
      type: 'fault',
      id,
      unreadable: fault === undefined,
      why: fault?.message ?? (error instanceof Error ? error.message : String(error)),
    }
  } finally {
    if (file !== undefined) closeSync(file)
    readings.delete(id)
  }
}

let last: Promise<void> = Promise.resolve()
parentPort?.on('message', (job: UnsealJob) => {
  if (job.type === 'read') {
    const reading: Reading = { free: [...job.buffers.keys()], stopped: false, wake: undefined }
    readings.set(job.id, reading)
    last = last.then(async () => parentPort?.postMessage(await read(job, reading)))
    return
  }
  const reading = readings.get(job.id)
  if (reading === undefined) return
  if (job.type === 'used') reading.free.push(job.at)
  else reading.stopped = true
  reading.wake?.()
})
