import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { Fault } from '../fault.ts'

export interface SpooledPack {
  /** Of what was given as `before` and the pack. */
  readonly bytes: number
  /** Of `before` and the pack, in lower-case hex. */
  readonly sha256: string
}

/**
 * Writes a pack to a file as it comes, and hashes it as what it becomes: a bundle, whose header is `before`.
 * @throws what the stream throws; Fault `unavailable` on a full disk
 */
export async function spoolPack(
  pack: AsyncIterable<Uint8Array>,
  path: string,
  before: Uint8Array,
  signal: AbortSignal,
): Promise<SpooledPack> {
  const hash = createHash('sha256').update(before)
  let bytes = before.byteLength
  await using file = await open(path, 'wx', 0o600)
  for await (const chunk of pack) {
    signal.throwIfAborted()
    hash.update(chunk)
    bytes += chunk.byteLength
    await written(file.write(chunk), chunk.byteLength)
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function written(writing: Promise<{ readonly bytesWritten: number }>, bytes: number): Promise<void> {
  let why: string | undefined
  const done = await writing.catch((cause: unknown) => {
    why = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
    if (why !== 'ENOSPC' && why !== 'EDQUOT') throw cause
    return { bytesWritten: 0 }
  })
  if (done.bytesWritten === bytes) return
  throw new Fault({
    code: 'unavailable',
    what: 'A repository could not be put down on its way into the vault',
    why: why ?? 'the disk takes no more',
    remedy: 'Free some disk space and run again',
    retry: { type: 'backoff' },
  })
}
