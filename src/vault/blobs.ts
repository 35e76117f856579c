import { createCipheriv, createDecipheriv, createHash, type Hash, randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault } from '../fault.ts'
import { type Batch, type PartsLine, SMALL_BLOB, type UnplacedLine } from './batch.ts'
import type { FinishedPack, PackWriter } from './pack.ts'

const unavailable = (what: string, why: string): Fault =>
  new Fault({ code: 'unavailable', what, why, remedy: 'Run again; everything saved so far is intact', retry: { type: 'backoff' } })

/** The pieces of a stream; it is cancelled on every early way out. */
export async function* piecesOf(stream: ReadableStream<Uint8Array>, signals: readonly AbortSignal[]): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  const cancel = (): void => void reader.cancel().catch(() => undefined)
  for (const signal of signals) signal.addEventListener('abort', cancel, { once: true })
  let done = false
  try {
    for (;;) {
      for (const signal of signals) signal.throwIfAborted()
      const next = await reader.read()
      for (const signal of signals) signal.throwIfAborted()
      if (next.done) {
        done = true
        return
      }
      if (next.value.length > 0) yield next.value
    }
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', cancel)
    if (!done) await reader.cancel().catch(() => undefined)
    reader.releaseLock()
  }
}

export interface LargeBlob {
  readonly sha256: string
  readonly bytes: number
  readonly packs: readonly { readonly pack: FinishedPack; readonly line: UnplacedLine }[]
  readonly parts: PartsLine | undefined
}

export interface LargeInit {
  /** How many bytes will come. */
  readonly size: number
  /** Larger files are split into parts of this size; `cat` puts them together again. */
  readonly partSize: number
  readonly path: string
  readonly mediaType: string
}

/**
 * Writes bytes of a known number into packs of their own, one per part, in bounded memory.
 * @throws Fault `unavailable` when there are more or fewer bytes than announced
 */
export async function packLarge(
  batch: Batch,
  source: AsyncIterable<Uint8Array>,
  { size, partSize, path, mediaType }: LargeInit,
): Promise<LargeBlob> {
  const split = size > partSize
  const whole = createHash('sha256')
  const packs: { pack: FinishedPack; line: UnplacedLine }[] = []
  let current:
    | {
        readonly pack: PackWriter
        readonly path: string
        readonly size: number
        left: number
        readonly hash: Hash
        readonly end: (sha256: string) => Promise<void>
      }
    | undefined
  let seen = 0
  const start = async (): Promise<NonNullable<typeof current>> => {
    const bytes = Math.min(partSize, size - seen)
    const partPath = split ? `${path}.part${String(packs.length + 1).padStart(4, '0')}` : path
    const pack = await batch.newPack()
    return {
      pack,
      path: partPath,
      size: bytes,
      left: bytes,
      // Up to the end of the first part, the hash of the whole is its hash.
      hash: packs.length === 0 ? whole : createHash('sha256'),
      end: await pack.begin(partPath, bytes),
    }
  }
  const close = async (part: NonNullable<typeof current>): Promise<void> => {
    const sha256 = part.hash.copy().digest('hex')
    await part.end(sha256)
    packs.push({ pack: await part.pack.finish(), line: { op: 'put', path: part.path, kind: 'blob', mediaType, size: part.size, sha256 } })
    current = undefined
  }
  try {
    for await (const piece of source) {
      if (seen + piece.length > size) throw unavailable('A file is larger than announced', `${size} bytes were announced`)
      for (let from = 0; from < piece.length;) {
        current ??= await start()
        const bytes = piece.subarray(from, from + current.left)
        whole.update(bytes)
        if (current.hash !== whole) current.hash.update(bytes)
        await current.pack.append(bytes)
        from += bytes.length
        seen += bytes.length
        current.left -= bytes.length
        if (current.left === 0) await close(current)
      }
    }
    if (seen < size) throw unavailable('A file is smaller than announced', `${seen} of ${size} bytes came`)
  } catch (error) {
    await current?.pack.discard()
    throw error
  }
  const sha256 = whole.digest('hex')
  return { sha256, bytes: size, packs, parts: split ? { h: sha256, parts: packs.map(({ line }) => line.sha256), n: size } : undefined }
}

/** What was read until the end, or until it was too much to hold. */
export async function readSmall(
  source: AsyncIterator<Uint8Array>,
): Promise<{ readonly held: readonly Uint8Array[]; readonly size: number; readonly ended: boolean }> {
  const held: Uint8Array[] = []
  let size = 0
  while (size <= SMALL_BLOB) {
    const next = await source.next()
    if (next.done === true) return { held, size, ended: true }
    held.push(next.value)
    size += next.value.length
  }
  return { held, size, ended: false }
}

/** Bytes of an unknown number, kept on disk under a key that never leaves this process, until it is known how many they are. */
export class Spool implements AsyncDisposable {
  readonly #path: string
  readonly #file: FileHandle
  readonly #key = randomBytes(32)
  readonly #iv = randomBytes(16)
  size = 0
  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }
  /** @throws Fault `unavailable` on a full disk */
  static async fill(path: string, source: AsyncIterable<Uint8Array>): Promise<Spool> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const spool = new Spool(path, await open(path, 'wx+', 0o600))
    try {
      const cipher = createCipheriv('aes-256-ctr', spool.#key, spool.#iv)
      for await (const piece of source) {
        const sealed = cipher.update(piece)
        try {
          for (let at = 0; at < sealed.length;) at += (await spool.#file.write(sealed, at, sealed.length - at)).bytesWritten
        } catch (cause) {
          throw new Fault({
            code: 'unavailable',
            what: 'A large file could not be held on disk',
            remedy: 'Free some space in the state directory and run again',
            cause,
          })
        }
        spool.size += piece.length
      }
      return spool
    } catch (error) {
      await spool[Symbol.asyncDispose]()
      throw error
    }
  }
  async *read(): AsyncGenerator<Uint8Array> {
    const decipher = createDecipheriv('aes-256-ctr', this.#key, this.#iv)
    const buffer = Buffer.allocUnsafeSlow(1 << 20)
    for (let at = 0; at < this.size;) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) throw unavailable('A large file held on disk was cut', 'somebody changed it')
      at += bytesRead
      yield decipher.update(buffer.subarray(0, bytesRead))
    }
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close().catch(() => undefined)
    await rm(this.#path, { force: true })
  }
}
