import { Fault, faultIn } from '../fault.ts'
import { faultFromStatus } from '../http/fault-from-status.ts'
import { type GitRemote, shownWords } from './git-remote.ts'
import { doAction, LFS_MEDIA_TYPE, lfsBatch } from './lfs-batch.ts'
import type { LfsPointer } from './lfs-pointer.ts'
import { verified } from './lfs-verified.ts'
import type { BatchObject } from './lfs-wire.ts'

export interface LfsUpload {
  readonly pointer: LfsPointer
  /** The bytes, each time from the beginning. */
  open(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
}
export type LfsUploaded = { readonly pointer: LfsPointer } & (
  | { readonly outcome: 'uploaded' | 'present' }
  /** This one only, and not by itself better another time if `fault.retry` is `never`: too large, over the quota, damaged in the vault. */
  | { readonly outcome: 'failed'; readonly fault: Fault }
)

/** Hosts take 100 objects in a request. */
const AT_ONCE = 100
/** Transfers at a time; git-lfs has eight. */
const SIDE_BY_SIDE = 4
const TRIES = 3
const PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000
/** Statuses by which a store says that an address has expired. */
const STALE = new Set(['auth', 'permission', 'gone'])

/**
 * Brings LFS objects to a host: asks for a hundred what it lacks, sends only these, each checked against hash and size while it streams, and
 * lets the host verify. One that fails takes no other down. The token goes to the repository's own host and nowhere else.
 * https://github.com/git-lfs/git-lfs/blob/main/docs/api/basic-transfers.md, read 2026-11-25
 * @throws Fault as `askGit` if the host does not take part in LFS at all
 */
export async function* uploadLfs(
  remote: GitRemote,
  objects: AsyncIterable<LfsUpload> | Iterable<LfsUpload>,
  signal: AbortSignal,
): AsyncGenerator<LfsUploaded> {
  let some = new Map<string, LfsUpload>()
  for await (const object of objects) {
    some.set(object.pointer.oid, object)
    if (some.size < AT_ONCE) continue
    yield* uploadSome(remote, [...some.values()], signal)
    some = new Map()
  }
  if (some.size > 0) yield* uploadSome(remote, [...some.values()], signal)
}

async function* uploadSome(remote: GitRemote, objects: readonly LfsUpload[], signal: AbortSignal): AsyncGenerator<LfsUploaded> {
  const pointers = objects.map(({ pointer }) => pointer)
  const answers = await lfsBatch(remote, 'upload', pointers, signal)
  for (let at = 0; at < objects.length; at += SIDE_BY_SIDE)
    yield* await Promise.all(
      objects.slice(at, at + SIDE_BY_SIDE).map((object) => uploadOne(remote, object, answers.get(object.pointer.oid), signal)),
    )
}

async function uploadOne(remote: GitRemote, object: LfsUpload, first: BatchObject | undefined, signal: AbortSignal): Promise<LfsUploaded> {
  const { pointer } = object
  let answer = first
  for (let tries = 1; ; tries++) {
    try {
      if (tries > 1) answer = (await lfsBatch(remote, 'upload', [pointer], signal)).get(pointer.oid)
      return { pointer, outcome: await transfer(remote, object, answer, signal) }
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const fault = faultIn(error)
      if (fault === undefined) throw error
      const pauseMs = pauseOf(fault, tries)
      if (tries >= TRIES || pauseMs === undefined) return { pointer, outcome: 'failed', fault }
      await remote.clock.sleep(pauseMs, signal)
    }
  }
}

/** How long to wait until it is worth another try; an address that has expired is asked for anew once. */
function pauseOf({ code, retry }: Fault, tries: number): number | undefined {
  if (retry.type === 'after') return retry.ms > LONGEST_PAUSE_MS ? undefined : retry.ms
  if (retry.type === 'backoff') return PAUSE_MS * 4 ** (tries - 1)
  return STALE.has(code) && tries === 1 ? 0 : undefined
}

async function transfer(
  remote: GitRemote,
  object: LfsUpload,
  answer: BatchObject | undefined,
  signal: AbortSignal,
): Promise<'uploaded' | 'present'> {
  const { pointer } = object
  const what = `The large file (LFS) ${pointer.oid} could not be uploaded`
  if (answer === undefined) throw new Fault({ code: 'rejected', what, why: 'the host says nothing of it' })
  if (answer.error !== undefined) {
    const { code, retry, remedy } = faultFromStatus(answer.error.code, { what })
    const why = `the host says ${answer.error.code}: ${shownWords(answer.error.message ?? '')}`
    throw new Fault({ code, what, why, retry, remedy })
  }
  const { upload, verify } = answer.actions ?? {}
  if (upload === undefined) return 'present'
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(pointer.size) }
  const bytes = verified(new Response(await object.open(signal)), pointer)
  // fetch tells nobody why a body broke off.
  let wrong: unknown
  const body = ReadableStream.from(observed(bytes, (error) => (wrong = error)))
  try {
    await doAction(remote, upload, { method: 'PUT', headers, body }, what, signal)
  } catch (error) {
    if (wrong === undefined || signal.aborted) throw error
    throw faultIn(wrong)?.code === 'corrupt' ? damaged(what, faultIn(wrong)?.why) : wrong
  }
  if (verify !== undefined) {
    const body = JSON.stringify({ oid: pointer.oid, size: pointer.size })
    await doAction(
      remote,
      verify,
      { method: 'POST', headers: { accept: LFS_MEDIA_TYPE, 'content-type': LFS_MEDIA_TYPE }, body },
      what,
      signal,
    )
  }
  return 'uploaded'
}

async function* observed(bytes: ReadableStream<Uint8Array>, failed: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (error) {
    failed(error)
    throw error
  }
}

const damaged = (what: string, why: string | undefined): Fault =>
  new Fault({ code: 'corrupt', what, why, remedy: 'Verify the vault (fallreep verify), and use an older snapshot if it stays' })
