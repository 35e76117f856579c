import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { isFields } from '../fields.ts'
import type { Fields } from '../rows.ts'

/** Something that fails the import as a whole, with what `import_error` will say. */
export class ImportError extends Error {}

/** Unpacks a project file. Links are left out, as `FileImporter` removes them; a path that leads outside fails everything. */
export async function unpack(file: string, into: string, mostBytes: number): Promise<void> {
  const tar = extract()
  const unzipping = pipeline(createReadStream(file), createGunzip(), tar)
  let total = 0
  try {
    for await (const entry of tar) {
      const name = normalize(entry.header.name)
      if (name.startsWith('..') || name.startsWith('/')) throw new ImportError('Invalid path')
      if (entry.header.type !== 'file') {
        entry.resume()
        continue
      }
      total += entry.header.size ?? 0
      if (mostBytes > 0 && total > mostBytes) throw new ImportError('Decompressed archive size validation failed.')
      const path = join(into, name)
      await mkdir(dirname(path), { recursive: true })
      await pipeline(entry, createWriteStream(path))
    }
    await unzipping
  } catch (error) {
    tar.destroy()
    await unzipping.catch(() => undefined)
    throw error instanceof ImportError ? error : new ImportError(`Unable to decompress the archive: ${String(error)}`)
  }
}

/** Longest line of a relation (`NdjsonReader::MAX_JSON_DOCUMENT_SIZE`); a longer one is cut there and is no JSON any more. */
export const MOST_LINE_BYTES = 50 * 1024 * 1024

/** Records of one relation with their line numbers. A file that is not there has none. */
export async function* records(directory: string, relation: string, mostLine = MOST_LINE_BYTES): AsyncGenerator<readonly [Fields, number]> {
  let number = 0
  for await (const line of lines(join(directory, 'tree', 'project', `${relation}.ndjson`), mostLine)) {
    yield [parse(line), number]
    number += 1
  }
}
async function* lines(path: string, most: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      let from = 0
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        held.push(chunk.subarray(from, at))
        yield Buffer.concat(held)
        held = []
        length = 0
        from = at + 1
      }
      held.push(chunk.subarray(from))
      length += chunk.length - from
      if (length > most) throw new ImportError('Incorrect JSON format')
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  if (length > 0) yield Buffer.concat(held)
}
export function parse(text: Buffer | string): Fields {
  try {
    const value: unknown = JSON.parse(text.toString())
    if (isFields(value)) return value
  } catch {
    // Told below, as for anything else that is no object.
  }
  throw new ImportError('Incorrect JSON format')
}
