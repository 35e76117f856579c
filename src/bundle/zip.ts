import { once } from 'node:events'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'
import { Fault } from '../fault.ts'
import { centralHeader, descriptor, endRecords, localHeader, type WrittenEntry } from './zip-records.ts'

/** One file of a zip. `open` is called when its turn comes, so that no more than one entry is open at a time. */
export interface ZipEntry {
  /** Path inside the zip, `/`-separated, relative, without `..`. */
  readonly name: string
  /** False: stored as it is, which suits media and servers that read by random access. */
  readonly deflate: boolean
  open(signal: AbortSignal): Promise<Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>>
}

/** So much goes to the compressor at a time. Each piece costs a way to another thread and back; a large one is packed while the next is made. */
const PIECE = 256 * 1024
const LEVEL = 1

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
  const partial = `${path}.partial`
  const file = await open(partial, 'w')
  const names = new Set<string>()
  try {
    const bytes = await closing(file, () => written(new Output(file), entries, names, signal))
    await rename(partial, path)
    return { entries: names.size, bytes }
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

async function closing<T>(file: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    await file.close()
  }
}

async function written(
  out: Output,
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
  names: Set<string>,
  signal: AbortSignal,
): Promise<number> {
  const directory: Buffer[] = []
  for await (const entry of entries) {
    signal.throwIfAborted()
    checkName(entry.name, names)
    directory.push(centralHeader(await append(out, entry, signal)))
  }
  const start = out.bytes
  for (const header of directory) await out.add(header)
  await out.add(endRecords(directory.length, start, out.bytes - start))
  await out.flush()
  return out.bytes
}

async function append(out: Output, entry: ZipEntry, signal: AbortSignal): Promise<WrittenEntry> {
  const content = await entry.open(signal)
  const whole = content instanceof Uint8Array ? content : undefined
  const described = whole === undefined || (entry.deflate && whole.byteLength > 0)
  const before = { name: Buffer.from(entry.name), deflated: entry.deflate && whole?.byteLength !== 0, described, at: out.bytes }
  const known = { crc32: whole === undefined ? 0 : crc32(whole), packed: whole?.byteLength ?? 0, bytes: whole?.byteLength ?? 0 }
  await out.add(localHeader({ ...before, ...known }))
  const start = out.bytes
  const read = { crc32: 0, bytes: 0 }
  const source = counted(whole === undefined ? (content as AsyncIterable<Uint8Array>) : [whole], read, signal)
  if (before.deflated && (whole === undefined || whole.byteLength > PIECE)) await deflateInto(out, source)
  else for await (const chunk of source) await out.add(before.deflated ? deflateRawSync(chunk, { level: LEVEL }) : chunk)
  const after = { ...before, ...read, packed: out.bytes - start }
  if (described) await out.add(descriptor(after))
  return after
}

async function* counted(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  read: { crc32: number; bytes: number },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    signal.throwIfAborted()
    read.crc32 = crc32(chunk, read.crc32)
    read.bytes += chunk.byteLength
    yield chunk
  }
}

/** Compresses on another thread, a large piece at a time, while the next one is made on this. */
async function deflateInto(out: Output, source: AsyncIterable<Uint8Array>): Promise<void> {
  const deflate = createDeflateRaw({ level: LEVEL, chunkSize: PIECE })
  const packed: Uint8Array[] = []
  let failed: Error | undefined
  deflate.on('data', (chunk: Uint8Array) => packed.push(chunk)).on('error', (error) => (failed = error))
  let waiting: Uint8Array[] = []
  let length = 0
  let done: Promise<void> | undefined
  const hand = async (last: boolean): Promise<void> => {
    await done
    if (failed !== undefined) throw failed
    for (const chunk of packed.splice(0)) await out.add(chunk)
    const piece = Buffer.concat(waiting, length)
    waiting = []
    length = 0
    done = new Promise((resolve) => void (last ? deflate.end(piece, resolve) : deflate.write(piece, () => resolve())))
  }
  try {
    for await (const chunk of source) {
      waiting.push(chunk)
      length += chunk.byteLength
      if (length >= PIECE) await hand(false)
    }
    await hand(true)
    if (!deflate.readableEnded) await once(deflate, 'end')
    for (const chunk of packed) await out.add(chunk)
  } finally {
    deflate.destroy()
  }
}

/** A file that is written to from front to back, many small pieces at once. */
class Output {
  readonly #file: FileHandle
  #waiting: Uint8Array[] = []
  #length = 0
  /** All that was added. */
  bytes = 0
  constructor(file: FileHandle) {
    this.#file = file
  }
  async add(piece: Uint8Array): Promise<void> {
    this.#waiting.push(piece)
    this.#length += piece.byteLength
    this.bytes += piece.byteLength
    if (this.#length >= PIECE) await this.flush()
  }
  async flush(): Promise<void> {
    if (this.#length === 0) return
    await this.#file.appendFile(Buffer.concat(this.#waiting, this.#length))
    this.#waiting = []
    this.#length = 0
  }
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
