import { Fault } from '../fault.ts'
import { networkFailure } from './fault-from-status.ts'
import type { Watch } from './watch.ts'

export interface BodyOptions {
  readonly watch: Watch
  /** What is being read, for errors. */
  readonly what: string
  /** Bytes flowed. */
  readonly progress: () => void
  /** The body has ended, failed, or nobody wants it. Called once. */
  readonly settled: () => void
}

/**
 * The body of a response as it streams: watched for silence, counted against Content-Length, its errors turned into Faults.
 * @throws Fault `unavailable` (inside the stream) if it breaks off, falls silent or is shorter than promised; the signal's reason on abort
 */
export function watchedBody(response: Response, body: ReadableStream<Uint8Array>, options: BodyOptions): ReadableStream<Uint8Array> {
  const { watch, what, progress } = options
  const reader = body.getReader()
  const promised = promisedBytes(response)
  let received = 0
  let over = false
  const settle = (): void => {
    if (over) return
    over = true
    watch.signal.removeEventListener('abort', settle)
    watch.end()
    options.settled()
  }
  watch.signal.addEventListener('abort', settle, { once: true })
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          watch.signal.throwIfAborted()
          watch.expect()
          const { done, value } = await reader.read()
          watch.rest()
          if (!done) {
            received += value.byteLength
            progress()
            return controller.enqueue(value)
          }
          if (promised !== undefined && received < promised) throw tooShort(what, received, promised)
          settle()
          controller.close()
        } catch (cause) {
          const error = watch.signal.aborted ? watch.signal.reason : networkFailure(cause, `${what} broke off`).fault
          settle()
          controller.error(error)
        }
      },
      async cancel(reason) {
        settle()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

/** Content-Length counts encoded bytes, so it says nothing of a body that was unpacked on the way. */
function promisedBytes(response: Response): number | undefined {
  const length = response.headers.get('content-length')
  return length === null || response.headers.has('content-encoding') || !/^\d+$/.test(length) ? undefined : Number(length)
}

function tooShort(what: string, received: number, promised: number): Fault {
  const why = `${received} of ${promised} bytes came`
  return new Fault({
    code: 'unavailable',
    what: `${what} broke off`,
    why,
    remedy: 'Run again; what was done is kept',
    retry: { type: 'backoff' },
  })
}

/**
 * Reads a body whole if it is at most `limit` bytes, so that a broken one can be asked for again; a longer one goes on as a stream.
 * @throws what the body throws within the limit
 */
export async function readAhead(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array | ReadableStream<Uint8Array>> {
  const reader = body.getReader()
  const head: Uint8Array[] = []
  let bytes = 0
  while (bytes <= limit) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(head, bytes)
    head.push(value)
    bytes += value.byteLength
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const early = head.shift()
        if (early !== undefined) return controller.enqueue(early)
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
