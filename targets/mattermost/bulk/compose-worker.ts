import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import type { Stated } from '../../../src/contract/target.ts'
import { each } from '../../../src/each.ts'
import { faultIn } from '../../../src/fault.ts'
import type { MattermostOperation } from '../map/operations.ts'
import { type Slotted, slotText } from './batch-slots.ts'
import { composeImportZip } from './bundle.ts'
import type { ComposeAnswer, ComposeJob, ComposeOrder } from './compose-orders.ts'
import { optionsOf } from './file-options.ts'
import { lentBlobs } from './lent-blobs.ts'
import { operationsOf } from './operation-text.ts'

const port = parentPort
if (port === null) throw new Error('this is a thread')
const say = (answer: ComposeAnswer): void => port.postMessage(answer, answer.type === 'file' ? [answer.port] : [])

const { path, options: file, slots } = workerData as ComposeJob
const { options, records } = optionsOf(file)
const composed = (): number => records?.count ?? 0

const waiting: (string | Slotted)[] = []
let ended = false
const heard = new EventTarget()
port.on('message', (order: ComposeOrder) => {
  if (order.type === 'operations') waiting.push(order.text)
  else ended = true
  heard.dispatchEvent(new Event('order'))
})

async function* batches(): AsyncGenerator<readonly Stated<MattermostOperation>[]> {
  for (;;) {
    const next = waiting.shift()
    if (next !== undefined) {
      const inSlot = typeof next !== 'string'
      const text = inSlot ? slotText(slots, next) : next
      say({ type: 'taken', slot: inSlot ? next.slot : undefined, composed: composed() })
      yield operationsOf(text).map((op) => ({ state: 'new', op }))
    } else if (ended) return
    else await once(heard, 'order')
  }
}

// Whoever has enough of it ends this thread.
const { signal } = new AbortController()
try {
  const blobs = lentBlobs((blob, theirs) => say({ type: 'file', blob, port: theirs }))
  await composeImportZip(path, each(batches()), blobs, options, signal)
  records?.flush()
  say({ type: 'done', composed: composed() })
} catch (error) {
  const fault = faultIn(error)
  if (fault === undefined) throw error
  const { code, what, why, remedy } = fault
  say({ type: 'fault', code, what, why, remedy })
}
port.close()
