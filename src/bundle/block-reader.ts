import { read } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'

const block = 64 * 1024

/**
 * Reads a file for yauzl a block at a time: it asks for each entry of the central directory by two reads of some fifty bytes, and an archive of
 * chats has a hundred thousand entries. The file belongs to whoever opened it.
 */
export class BlockReader extends RandomAccessReader {
  readonly #file: FileHandle
  readonly #held = Buffer.allocUnsafe(block)
  #at = 0
  #length = 0
  constructor(file: FileHandle) {
    super()
    this.#file = file
  }

  override read(
    into: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    if (this.#copied(into, offset, length, position)) {
      process.nextTick(callback, null, length)
      return
    }
    if (length > block) {
      read(this.#file.fd, into, offset, length, position, callback)
      return
    }
    this.#length = 0
    read(this.#file.fd, this.#held, 0, block, position, (error, bytesRead) => {
      if (error !== null) return callback(error)
      this.#at = position
      this.#length = bytesRead
      const have = Math.min(length, bytesRead)
      this.#copied(into, offset, have, position)
      callback(null, have)
    })
  }

  #copied(into: Buffer, offset: number, length: number, position: number): boolean {
    const from = position - this.#at
    if (from < 0 || from + length > this.#length) return false
    this.#held.copy(into, offset, from, from + length)
    return true
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.#file.createReadStream({ start, end: end - 1, autoClose: false })
  }
}
