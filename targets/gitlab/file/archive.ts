import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'

/** One file of the archive. Its size stands before its bytes, so it must be known. */
export interface ArchiveEntry {
  readonly name: string
  readonly bytes: number
  open(signal: AbortSignal): Promise<Uint8Array | AsyncIterable<Uint8Array>>
}

/** Fast: text shrinks to a fifth even so, and packs and pictures do not shrink at all. */
const LEVEL = 3

/**
 * Writes entries in the order given into a tar.gz; equal entries give equal bytes: no times, no owners, and a gzip header without a time.
 * Streams. The file appears under its name only when it is whole.
 */
export async function writeArchive(path: string, entries: AsyncIterable<ArchiveEntry>, signal: AbortSignal): Promise<void> {
  const partial = `${path}.partial`
  const tar = pack()
  const written = pipeline(tar, createGzip({ level: LEVEL }), createWriteStream(partial, { mode: 0o600 }), { signal })
  written.catch(() => undefined)
  try {
    for await (const file of entries) {
      const entry = tar.entry({ name: file.name, size: file.bytes, mtime: new Date(0), mode: 0o644 })
      const source = await file.open(signal)
      await pipeline(Readable.from(source instanceof Uint8Array ? [source] : source, { objectMode: false }), entry, { signal })
    }
    tar.finalize()
    await written
    await rename(partial, path)
  } catch (error) {
    tar.destroy()
    await rm(partial, { force: true })
    throw error
  }
}
