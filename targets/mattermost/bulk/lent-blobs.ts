import { on, once } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { BlobReader } from '../../../src/contract/target.ts'

/*
 * Files for a thread that has neither vault nor keys. Over a port of its own for each file: a question for every piece, which is answered by
 * bytes or, at the end, by null. Whoever stops first closes the port.
 */
type Piece = Uint8Array<ArrayBuffer> | null

/** The files of another thread, which is told by `ask` where it will be asked for the bytes. */
export function lentBlobs(ask: (blob: BlobRef, port: MessagePort) => void): BlobReader {
  return {
    open: (blob, signal) => {
      const { port1: port, port2: theirs } = new MessageChannel()
      ask(blob, theirs)
      return Promise.resolve(
        new ReadableStream<Uint8Array>({
          pull: async (controller) => {
            port.postMessage('more')
            const [piece] = (await once(port, 'message', { signal })) as [Piece]
            if (piece !== null) return controller.enqueue(piece)
            port.close()
            controller.close()
          },
          cancel: () => port.close(),
        }),
      )
    },
  }
}

/** Answers the questions for one file. @throws whatever `blobs` throws; nobody else hears of it */
export async function lend(blobs: BlobReader, blob: BlobRef, port: MessagePort, signal: AbortSignal): Promise<void> {
  const stream = await blobs.open(blob, signal)
  const pieces = stream.values()
  try {
    for await (const _ of on(port, 'message', { close: ['close'], signal })) {
      const { done, value } = await pieces.next()
      // A copy: whoever read the bytes may use the place they stand in again.
      const piece: Piece = done === true ? null : new Uint8Array(value)
      port.postMessage(piece, piece === null ? [] : [piece.buffer])
      if (piece === null) return
    }
  } finally {
    port.close()
    await pieces.return?.()
  }
}
