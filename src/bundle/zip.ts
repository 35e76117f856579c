import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipArchive } from 'archiver'
import { Fault } from '../fault.ts'

/** One file of a zip. `open` is called when its turn comes, so that no more than one entry is open at a time. */
export interface ZipEntry {
  /** Path inside the zip, `/`-separated, relative, without `..`. */
  readonly name: string
  /** False: stored as it is, which suits media and servers that read by random access. */
  readonly deflate: boolean
  open(signal: AbortSignal): Promise<Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>>
}

/** Every entry carries this time (the earliest a zip can hold), so that equal content gives equal bytes. */
const FIXED_DATE = new Date('1980-01-01T00:00:00Z')

/**
 * Writes entries in the order given into a zip at `path`; the same entries give the same bytes, on every machine and in every time zone.
 * Streams: memory does not grow with the size of an entry. The file appears under its name only when it is whole.
 * @throws Fault `usage` for a hostile or repeated name, whatever `open` throws, or the file system's own error
 */
export async function writeZip(
  path: string,
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
  signal: AbortSignal,
): Promise<{ readonly entries: number; readonly bytes: number }> {
  const partial = partialOf(path)
  const archive = new ZipArchive({ zlib: { level: 1 }, forceLocalTime: false })
  const file = createWriteStream(partial, { highWaterMark: 1 << 20 })
  const failed = new AbortController()
  archive.on('error', (error: Error) => failed.abort(error))
  file.on('error', (error: Error) => failed.abort(error))
  const stop = AbortSignal.any([signal, failed.signal])
  const written = finished(file, { signal: stop })
  // Whoever waits first reports the failure; this one must not be reported as unhandled meanwhile.
  written.catch(() => undefined)
  archive.pipe(file)
  const names = new Set<string>()
  try {
    for await (const entry of entries) {
      stop.throwIfAborted()
      checkName(entry.name, names)
      await append(archive, entry, stop)
    }
    await archive.finalize()
    await written
    await rename(partial, path)
    return { entries: names.size, bytes: file.bytesWritten }
  } catch (error) {
    // Taking down makes errors of its own: the first one is the one to tell.
    const first: unknown = failed.signal.aborted && !signal.aborted ? failed.signal.reason : error
    archive.abort()
    file.destroy()
    // It may still be on its way to being made.
    if (!file.closed) await new Promise<void>((resolve) => void file.once('close', () => resolve()))
    await rm(partial, { force: true })
    throw first
  }
}

/** Where a zip stands until it is whole. */
const partialOf = (path: string): string => `${path}.partial`
/** What a thread leaves that is ended while it writes the zip at `path`. */
export const removePartial = (path: string): Promise<void> => rm(partialOf(path), { force: true })

async function append(archive: ZipArchive, entry: ZipEntry, signal: AbortSignal): Promise<void> {
  const source = await entry.open(signal)
  const options = { name: entry.name, date: FIXED_DATE, mode: 0o644, store: !entry.deflate }
  await new Promise<void>((resolve, reject) => {
    const settle = (error: unknown) => {
      archive.off('entry', done)
      signal.removeEventListener('abort', aborted)
      if (error === undefined) resolve()
      else reject(error)
    }
    const done = () => settle(undefined)
    const aborted = () => settle(signal.reason)
    archive.once('entry', done)
    signal.addEventListener('abort', aborted, { once: true })
    if (source instanceof Uint8Array) archive.append(Buffer.from(source.buffer, source.byteOffset, source.byteLength), options)
    else {
      const stream = Readable.from(source, { objectMode: false, highWaterMark: 1 << 20 })
      stream.once('error', settle)
      archive.append(stream, options)
    }
  })
}

function checkName(name: string, seen: Set<string>): void {
  const hostile =
    name === '' ||
    name.startsWith('/') ||
    name.includes('\0') ||
    name.includes('\\') ||
    name.split('/').some((part) => part === '..' || part === '')
  if (hostile || seen.has(name))
    throw new Fault({
      code: 'usage',
      what: `Cannot write a zip entry named ${JSON.stringify(name)}`,
      why: hostile ? 'the name could leave the folder it is unpacked to' : 'the zip has one already',
    })
  seen.add(name)
}
