import { createHash } from 'node:crypto'
import { constants, type Dirent } from 'node:fs'
import { type FileHandle, link, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '../fault.ts'
import type { Driver, Stage, Stored } from './driver.ts'

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** An error of the file system in words a person can act on. */
function storageFault(what: string, cause: unknown): Fault {
  const code = codeOf(cause)
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
  const why = full ? 'the disk of the vault is full' : code
  const remedy = full
    ? 'Free some space and run again; everything saved so far is intact'
    : 'Check the disk and the permissions of the vault directory, then run again'
  return new Fault({ code: 'unavailable', what, why, remedy, retry: { type: full ? 'never' : 'backoff' }, cause })
}

/** Makes the entries of a directory durable. Some file systems (SMB) cannot; they say EINVAL or ENOENT, and nothing can be done. */
async function fsyncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY)
  try {
    await directory.sync()
  } catch (error) {
    if (!['EINVAL', 'ENOENT', 'ENOTSUP'].includes(codeOf(error))) throw error
  } finally {
    await directory.close()
  }
}

/** A vault in a local directory: temporary file, fsync, `link` (which never replaces), fsync of the directory. */
export class LocalDriver implements Driver {
  readonly directory: string
  readonly #clock: () => Date
  readonly #known = new Set<string>()
  #serial = 0
  constructor(directory: string, clock: () => Date) {
    this.directory = directory
    this.#clock = clock
  }

  async stage(session: string): Promise<Stage> {
    const path = join(
      this.directory,
      'tmp',
      session,
      `${createHash('sha256').update(`${process.pid}`).digest('hex').slice(0, 8)}-${this.#serial++}`,
    )
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      return new LocalStage(path, await open(path, 'wx', 0o600), (name) => this.#link(path, name))
    } catch (error) {
      throw storageFault('The vault could not start a file', error)
    }
  }

  async putIfAbsent(name: string, bytes: Uint8Array, session: string): Promise<'created' | 'exists'> {
    const stage = await this.stage(session)
    try {
      await stage.write([bytes])
      return await stage.publish(name)
    } finally {
      await stage.discard()
    }
  }

  async *get(
    name: string,
    range: { readonly offset: number; readonly length: number } | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    const file = await this.#openExisting(name)
    try {
      let at = range?.offset ?? 0
      let left = range?.length ?? Number.POSITIVE_INFINITY
      // Most objects are small: buffers of a whole mebibyte for each would only wake the garbage collector.
      const { size } = await file.stat()
      while (left > 0) {
        signal.throwIfAborted()
        const buffer = Buffer.allocUnsafeSlow(Math.min(left, Math.max(1, size - at), 1 << 20))
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
        if (bytesRead === 0) return
        at += bytesRead
        left -= bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    } catch (error) {
      if (error instanceof Fault || signal.aborted) throw error
      throw storageFault(`The vault could not read ${name}`, error)
    } finally {
      await file.close()
    }
  }

  async head(name: string): Promise<{ readonly size: number } | undefined> {
    try {
      return { size: (await stat(join(this.directory, name))).size }
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
      throw storageFault(`The vault could not look at ${name}`, error)
    }
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<Stored> {
    const folder = prefix.replace(/\/$/, '')
    let entries: Dirent[]
    try {
      entries = await readdir(join(this.directory, folder), { withFileTypes: true })
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return
      throw storageFault(`The vault could not list ${prefix}`, error)
    }
    for (const entry of entries) {
      signal.throwIfAborted()
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (name !== 'tmp') yield* this.list(`${name}/`, signal)
        continue
      }
      const found = await this.head(name)
      if (found !== undefined) yield { name, size: found.size }
    }
  }

  async delete(name: string): Promise<void> {
    try {
      await rm(join(this.directory, name), { force: true, recursive: name.startsWith('tmp/') })
    } catch (error) {
      throw storageFault(`The vault could not remove ${name}`, error)
    }
  }

  async now(): Promise<Date> {
    return this.#clock()
  }

  async #openExisting(name: string): Promise<FileHandle> {
    try {
      return await open(join(this.directory, name), 'r')
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new Fault({ code: 'gone', what: `The vault has no file ${name}`, cause: error })
      throw storageFault(`The vault could not open ${name}`, error)
    }
  }

  async #link(path: string, name: string): Promise<'created' | 'exists'> {
    const target = join(this.directory, name)
    const parent = dirname(target)
    try {
      await this.#durableParent(parent)
      await link(path, target)
      await fsyncDirectory(parent)
      return 'created'
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return 'exists'
      throw storageFault(`The vault could not store ${name}`, error)
    }
  }

  /** Creates missing directories and makes each one durable in its own parent. */
  async #durableParent(path: string): Promise<void> {
    if (this.#known.has(path)) return
    const first = await mkdir(path, { recursive: true, mode: 0o700 })
    if (first !== undefined) for (let at = path; at.length >= first.length; at = dirname(at)) await fsyncDirectory(dirname(at))
    this.#known.add(path)
  }
}

class LocalStage implements Stage {
  readonly #path: string
  readonly #file: FileHandle
  readonly #link: (name: string) => Promise<'created' | 'exists'>
  #closed = false
  constructor(path: string, file: FileHandle, linkTo: (name: string) => Promise<'created' | 'exists'>) {
    this.#path = path
    this.#file = file
    this.#link = linkTo
  }
  async write(parts: readonly Uint8Array[]): Promise<void> {
    try {
      const size = parts.reduce((sum, part) => sum + part.length, 0)
      let done = (await this.#file.writev(parts)).bytesWritten
      // A short write is rare and legal: what is left goes out piece by piece.
      if (done < size)
        for (const rest = Buffer.concat(parts); done < size;) done += (await this.#file.write(rest, done, size - done)).bytesWritten
    } catch (error) {
      throw storageFault('The vault could not write', error)
    }
  }
  async publish(name: string): Promise<'created' | 'exists'> {
    try {
      await this.#file.sync()
      await this.#close()
    } catch (error) {
      throw storageFault('The vault could not make a file durable', error)
    }
    const outcome = await this.#link(name)
    await rm(this.#path, { force: true }).catch(() => undefined)
    return outcome
  }
  async discard(): Promise<void> {
    await this.#close().catch(() => undefined)
    await rm(this.#path, { force: true }).catch(() => undefined)
  }
  async #close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#file.close()
  }
}
