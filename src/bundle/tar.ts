import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { type Duplex, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'

/** One file of a tar. Its size stands before its bytes, so it must be known. */
export interface TarEntry {
  readonly name: string
  readonly bytes: number
  open(signal: AbortSignal): Promise<Uint8Array | AsyncIterable<Uint8Array>>
}

/**
 * Writes entries in the order given; equal entries give equal bytes: no times, no owners. Streams. The file appears under its name only when it is
 * whole. `through`: what squeezes the tar on its way to the disk.
 */
export async function writeTar(path: string, entries: AsyncIterable<TarEntry>, signal: AbortSignal, through?: Duplex): Promise<void> {
  const partial = `${path}.partial`
  const tar = pack()
  const out = createWriteStream(partial, { mode: 0o600 })
  const written = through === undefined ? pipeline(tar, out, { signal }) : pipeline(tar, through, out, { signal })
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
