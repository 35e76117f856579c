import { type Wire, wire } from '../wire.ts'

/** One element of a JSON array as it stands in a file; undefined: it was there and could not be read. */
export type Element = Wire | undefined

/**
 * The objects of a file that is one JSON array, one after the other, never the whole of it. What cannot be parsed is `undefined`, and
 * what follows a break is still found. An object above `most` bytes counts as unreadable.
 */
export async function* elements(bytes: AsyncIterable<Uint8Array>, most = 64 * 2 ** 20): AsyncGenerator<Element> {
  let depth = 0
  let inString = false
  let escaped = false
  let parts: Uint8Array[] = []
  let held = 0
  for await (const chunk of bytes) {
    let start = depth > 1 ? 0 : -1
    for (let at = 0; at < chunk.length; at += 1) {
      const code = chunk[at]
      if (inString) {
        if (escaped) escaped = false
        else if (code === 0x5c) escaped = true
        else if (code === 0x22) inString = false
        continue
      }
      if (code === 0x22) inString = depth > 0
      else if (code === 0x7b || code === 0x5b) {
        depth += 1
        if (depth === 2) start = at
      } else if ((code === 0x7d || code === 0x5d) && depth > 0) {
        depth -= 1
        if (depth !== 1 || start === -1) continue
        parts.push(chunk.subarray(start, at + 1))
        yield held > most ? undefined : parsed(parts)
        parts = []
        held = 0
        start = -1
      }
    }
    if (start !== -1) {
      held += chunk.length - start
      if (held <= most) parts.push(chunk.slice(start))
    }
  }
  if (parts.length > 0) yield undefined
}

function parsed(parts: readonly Uint8Array[]): Element {
  try {
    return wire(JSON.parse(Buffer.concat(parts).toString('utf8')))
  } catch {
    return undefined
  }
}

/** The objects of a small file in memory: parsed at once, and one by one only if that fails. */
export async function elementsOf(bytes: Uint8Array): Promise<readonly Element[]> {
  let all: unknown
  try {
    all = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  } catch {
    return Array.fromAsync(elements(one(bytes)))
  }
  return Array.isArray(all) ? all.map(wire) : [undefined]
}
async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
