import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { Stated } from '../../../src/contract/target.ts'
import { each } from '../../../src/each.ts'
import { type FaultCode, faultIn } from '../../../src/fault.ts'
import type { MattermostOperation } from '../map/operations.ts'
import { Composer } from './compose.ts'
import { type FileOptions, optionsOf } from './file-options.ts'
import { operationsOf } from './operation-text.ts'

/** `operations`: a batch as text. `more`: so many bytes that were sent have been used. */
export type ComposeOrder = { readonly type: 'operations'; readonly text: string } | { readonly type: 'end' } | { readonly type: 'more' }
/** `taken`: one batch less is waiting. `lines`: a piece of the file, and how many operations are through. */
export type ComposeAnswer =
  | { readonly type: 'taken' }
  | { readonly type: 'lines'; readonly bytes: Uint8Array<ArrayBuffer>; readonly composed: number }
  | { readonly type: 'done'; readonly files: readonly (readonly [string, BlobRef])[]; readonly composed: number }
  | {
      readonly type: 'fault'
      readonly code: FaultCode
      readonly what: string
      readonly why: string | undefined
      readonly remedy: string | undefined
    }

/** Bytes of a piece; so many pieces may be on their way. */
const PIECE = 128 * 1024
const AHEAD = 4

const port = parentPort
if (port === null) throw new Error('this is a thread')
const say = (answer: ComposeAnswer): void =>
  answer.type === 'lines' ? port.postMessage(answer, [answer.bytes.buffer]) : port.postMessage(answer)

const waiting: string[] = []
/** `unused`: pieces on their way. */
const state = { ended: false, unused: 0 }
const heard = new EventTarget()
port.on('message', (order: ComposeOrder) => {
  if (order.type === 'operations') waiting.push(order.text)
  else if (order.type === 'end') state.ended = true
  else state.unused -= 1
  heard.dispatchEvent(new Event('order'))
})

async function* batches(): AsyncGenerator<readonly Stated<MattermostOperation>[]> {
  for (;;) {
    const text = waiting.shift()
    if (text !== undefined) {
      say({ type: 'taken' })
      yield operationsOf(text).map((op) => ({ state: 'new', op }))
    } else if (state.ended) return
    else await once(heard, 'order')
  }
}

/** Collects small chunks, because each one sent has its price. */
async function send(lines: AsyncIterable<Uint8Array>, composed: () => number): Promise<void> {
  let piece: Uint8Array[] = []
  let length = 0
  const flush = async (): Promise<void> => {
    const bytes = new Uint8Array(length)
    let at = 0
    for (const chunk of piece) {
      bytes.set(chunk, at)
      at += chunk.byteLength
    }
    piece = []
    length = 0
    while (state.unused >= AHEAD) await once(heard, 'order')
    state.unused += 1
    say({ type: 'lines', bytes, composed: composed() })
  }
  for await (const chunk of lines) {
    piece.push(chunk)
    length += chunk.byteLength
    if (length >= PIECE) await flush()
  }
  if (length > 0) await flush()
}

const { signal } = new AbortController()
try {
  const { options, records } = optionsOf(workerData as FileOptions)
  const composer = new Composer(options)
  await send(composer.lines(each(batches()), signal), () => records?.count ?? 0)
  records?.flush()
  say({ type: 'done', files: [...composer.files], composed: records?.count ?? 0 })
} catch (error) {
  const fault = faultIn(error)
  if (fault === undefined) throw error
  const { code, what, why, remedy } = fault
  say({ type: 'fault', code, what, why, remedy })
}
port.close()
