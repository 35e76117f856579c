import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

export interface Multipart {
  readonly headers: Readonly<Record<string, string>>
  /** The bytes, each time from the beginning. */
  readonly body: () => ReadableStream<Uint8Array>
}

/**
 * A form with one file that is read from the disk as it is sent. Node's own FormData does this too, and ends the program with an error nobody can
 * catch when the sending is called off in the middle (undici of Node 24, seen 2026-11-25).
 */
export async function multipart(
  fields: Readonly<Record<string, string>>,
  file: { readonly path: string; readonly name: string; readonly type: string },
): Promise<Multipart> {
  const boundary = `fallreep-${randomBytes(12).toString('hex')}`
  const head = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  head.push(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(file.name)}"\r\nContent-Type: ${file.type}\r\n\r\n`,
  )
  const before = Buffer.from(head.join(''))
  const after = Buffer.from(`\r\n--${boundary}--\r\n`)
  const { size } = await stat(file.path)
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield before
    yield* createReadStream(file.path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>
    yield after
  }
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(before.length + size + after.length),
    },
    body: () => ReadableStream.from(bytes()),
  }
}

/** As browsers write names in forms. */
const quoted = (name: string): string => name.replaceAll('"', '%22').replaceAll(/[\r\n]/g, ' ')
