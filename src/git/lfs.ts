import { Fault } from '../fault.ts'
import { faultFromStatus } from '../http/fault-from-status.ts'
import { type GitRemote, refusal, shownWords } from './git-remote.ts'
import type { LfsPointer } from './lfs-pointer.ts'
import { askAction, LFS_ASKED, lfsBatch } from './lfs-batch.ts'
import type { BatchObject, LfsAction } from './lfs-wire.ts'
import { verified } from './lfs-verified.ts'

/**
 * One object and what the host says of it. `missing`: the host does not have it, or will not give it, and never will by itself; `code` is
 * the status it gave for this object (404, 410, 403 …), `why` its own words.
 */
export type LfsObject =
  | { readonly type: 'there'; readonly pointer: LfsPointer; open(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> }
  | { readonly type: 'missing'; readonly pointer: LfsPointer; readonly code: number; readonly why: string }

/** GitHub takes 100 objects in a request, and so do others. */
const AT_ONCE = 100
/** An address this near to its end is asked for anew. */
const SPARE_MS = 60_000
/** Statuses by which a store says that an address has expired or was withdrawn. */
const STALE = new Set([400, 401, 403, 410])

/**
 * Asks where the bytes of these objects are, 100 at a time and each hundred when it is wanted: take them in turn, for addresses last some minutes
 * only. `open` gives the bytes, checked against hash and size while they stream; an address that has expired is asked for again.
 * The token goes to the repository's own host and nowhere else; a store gets the headers that belong to its address.
 * @throws Fault as `askGit` if the host answers none; inside of a stream `corrupt` (retryable) for bytes that are not the object's
 */
export async function* lfsObjects(remote: GitRemote, pointers: Iterable<LfsPointer>, signal: AbortSignal): AsyncGenerator<LfsObject> {
  for (const some of chunked(pointers)) {
    const asked = remote.clock.monotonicMs()
    const answers = await lfsBatch(remote, 'download', some, signal)
    for (const pointer of some) yield objectOf(remote, pointer, answers.get(pointer.oid), asked)
  }
}

function objectOf(remote: GitRemote, pointer: LfsPointer, answer: BatchObject | undefined, askedMs: number): LfsObject {
  const action = actionOf(answer)
  if (!('href' in action)) {
    // What the host says of one object may pass like what it says of all.
    const { retry } = faultFromStatus(action.code, { what: LFS_ASKED })
    if (retry.type === 'never' && action.code !== 401) return { type: 'missing', pointer, ...action }
  }
  return { type: 'there', pointer, open: (signal) => open(remote, pointer, { action, askedMs }, signal) }
}

interface Offer {
  readonly action: LfsAction | Refused
  /** Monotonic time. */
  readonly askedMs: number
}
interface Refused {
  readonly code: number
  readonly why: string
}

async function open(remote: GitRemote, pointer: LfsPointer, offer: Offer, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  if ('href' in offer.action && !isOver(offer.action, offer.askedMs, remote)) {
    const response = await download(remote, offer.action, signal)
    if (response.ok) return verified(response, pointer)
    if (!STALE.has(response.status)) throw await refusal(response, whatOf(pointer), remote.clock)
    await response.body?.cancel()
  }
  const answers = await lfsBatch(remote, 'download', [pointer], signal)
  const action = actionOf(answers.get(pointer.oid))
  if (!('href' in action)) {
    const { code, retry, remedy } = faultFromStatus(action.code, { what: whatOf(pointer) })
    throw new Fault({ code, what: whatOf(pointer), why: `the host says ${action.code}: ${action.why}`, retry, remedy })
  }
  const response = await download(remote, action, signal)
  if (!response.ok) throw await refusal(response, whatOf(pointer), remote.clock)
  return verified(response, pointer)
}

const download = (remote: GitRemote, action: LfsAction, signal: AbortSignal): Promise<Response> =>
  askAction(remote, action, { method: 'GET' }, signal)

function actionOf(answer: BatchObject | undefined): LfsAction | Refused {
  if (answer?.error !== undefined) return { code: answer.error.code, why: shownWords(answer.error.message ?? '') }
  return answer?.actions?.download ?? { code: 404, why: 'the host says nothing of it' }
}

function isOver({ expires_in: seconds, expires_at: at }: LfsAction, askedMs: number, { clock }: GitRemote): boolean {
  if (seconds !== undefined && seconds > 0) return clock.monotonicMs() - askedMs > Math.max(seconds * 500, seconds * 1000 - SPARE_MS)
  return at !== undefined && Date.parse(at) - SPARE_MS < clock.now().getTime()
}

function* chunked(pointers: Iterable<LfsPointer>): Generator<readonly LfsPointer[]> {
  let some: LfsPointer[] = []
  for (const pointer of pointers) {
    some.push(pointer)
    if (some.length < AT_ONCE) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

const whatOf = ({ oid }: LfsPointer): string => `The large file (LFS) ${oid} could not be read`
