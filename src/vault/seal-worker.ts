import { parentPort } from 'node:worker_threads'
import { faultIn } from '../fault.ts'
import { Sealing } from './sealing.ts'

/** `frame`: the first `length` bytes of `buffer` are content; the answer takes its place there. Questions are answered in their order; `drop` is not. */
export type SealJob =
  | {
      readonly type: 'frame'
      readonly id: number
      readonly recipients: readonly string[]
      readonly buffer: SharedArrayBuffer
      readonly length: number
    }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'drop'; readonly id: number }
export type SealAnswer =
  | { readonly type: 'frame'; readonly compressed: number; readonly bytes: number }
  | { readonly type: 'end'; readonly sha256: string; readonly tail: Uint8Array }
  | { readonly type: 'fault'; readonly what: string; readonly why: string | undefined }

const open = new Map<number, Sealing>()

function answer(job: Exclude<SealJob, { type: 'drop' }>): SealAnswer {
  try {
    if (job.type === 'end') {
      const { sha256, parts } = open.get(job.id)?.end() ?? { sha256: '', parts: [] }
      open.delete(job.id)
      return { type: 'end', sha256, tail: Buffer.concat(parts) }
    }
    const sealing = open.get(job.id) ?? new Sealing(job.recipients)
    open.set(job.id, sealing)
    const { compressed, parts } = sealing.frame(new Uint8Array(job.buffer, 0, job.length))
    const out = new Uint8Array(job.buffer)
    let bytes = 0
    for (const part of parts) {
      out.set(part, bytes)
      bytes += part.length
    }
    return { type: 'frame', compressed, bytes }
  } catch (error) {
    const fault = faultIn(error)
    return { type: 'fault', what: fault?.what ?? 'A piece of the vault could not be sealed', why: fault?.why ?? String(error) }
  }
}

parentPort?.on('message', (job: SealJob) => {
  if (job.type === 'drop') open.delete(job.id)
  else parentPort?.postMessage(answer(job))
})
