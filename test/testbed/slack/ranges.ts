import { createHash } from 'node:crypto'
import type { Context } from 'hono'

/** Whole, or the range that was asked for. `If-Range` with another validator gets the whole again, as RFC 9110 says. */
export function served(c: Context, block: Uint8Array, repeats: number, mediaType: string): Response {
  const size = block.byteLength * repeats
  const etag = `"${createHash('sha256').update(block).digest('hex').slice(0, 32)}-${repeats}"`
  const headers = { 'content-type': mediaType, etag, 'accept-ranges': 'bytes' }
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(c.req.header('range') ?? '') ?? []
  const validator = c.req.header('if-range')
  if (from === undefined || (validator !== undefined && validator !== etag)) return piece(block, 0, size, 200, headers)
  const start = Number(from)
  if (start >= size) return piece(block, 0, 0, 416, { ...headers, 'content-range': `bytes */${size}` })
  const end = to === undefined || to === '' ? size : Math.min(Number(to) + 1, size)
  return piece(block, start, end, 206, { ...headers, 'content-range': `bytes ${start}-${end - 1}/${size}` })
}

/** Bytes `start` to `end` of the endlessly repeated block, made as they are read. */
function piece(block: Uint8Array, start: number, end: number, status: number, headers: Record<string, string>): Response {
  let at = start
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= end) return controller.close()
      const from = at % block.byteLength
      const part = Uint8Array.from(block.subarray(from, from + Math.min(end - at, 65_536)))
      at += part.byteLength
      controller.enqueue(part)
    },
  })
  return new Response(body, { status, headers: { ...headers, 'content-length': String(end - start) } })
}
