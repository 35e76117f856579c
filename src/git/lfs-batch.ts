import { Fault } from '../fault.ts'
import { askGit, type GitRemote, refusal } from './git-remote.ts'
import type { LfsPointer } from './lfs-pointer.ts'
import { Batch, type BatchObject, type LfsAction } from './lfs-wire.ts'

export const LFS_MEDIA_TYPE = 'application/vnd.git-lfs+json'
/** What was to be done, for errors. */
export const LFS_ASKED = 'The large files (LFS) of a repository could not be asked for'

/**
 * Asks what is to be done with these objects; at most 100, which every host takes.
 * https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md, read 2026-11-25
 * @throws Fault as `askGit`; `rejected` for an answer that is none
 */
export async function lfsBatch(
  remote: GitRemote,
  operation: 'download' | 'upload',
  pointers: readonly LfsPointer[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, BatchObject>> {
  const url = `${remote.url.replace(/(?:\.git)?$/, '.git')}/info/lfs/objects/batch`
  const objects = pointers.map(({ oid, size }) => ({ oid, size }))
  const body = new TextEncoder().encode(JSON.stringify({ operation, transfers: ['basic'], hash_algo: 'sha256', objects }))
  const headers = { accept: LFS_MEDIA_TYPE, 'content-type': LFS_MEDIA_TYPE }
  const response = await askGit(remote, url, { method: 'POST', headers, body, what: LFS_ASKED }, signal)
  const answer = Batch.safeParse(await response.json().catch(() => undefined))
  if (!answer.success) throw unusable('the answer is none of an LFS server')
  if ((answer.data.transfer ?? 'basic') !== 'basic' || (answer.data.hash_algo ?? 'sha256') !== 'sha256')
    throw unusable('the host insists on another way than the basic one')
  return new Map(answer.data.objects.map((object) => [object.oid, object]))
}

/**
 * Sends what the host said is to be sent, and gives the answer whatever its status. Its headers go to its address; our token goes there only if that
 * is the repository's own host and nothing else was said.
 */
export async function askAction(
  remote: GitRemote,
  { href, header = {} }: LfsAction,
  init: {
    readonly method: 'GET' | 'PUT' | 'POST'
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: ReadableStream<Uint8Array> | string
  },
  signal: AbortSignal,
): Promise<Response> {
  const [url, own] = [URL.parse(href, remote.url), new URL(remote.url)]
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && own.protocol === 'http:')))
    throw unusable('the address of an object is none that can be asked without giving it away')
  const { method, body } = init
  const headers = new Headers(init.headers)
  try {
    for (const [name, value] of Object.entries(header)) headers.set(name, value)
  } catch (cause) {
    throw unusable('a header of an object is none', cause)
  }
  // The bytes have a length: a store that signs its addresses takes no others.
  headers.delete('transfer-encoding')
  if (url.origin === own.origin && !headers.has('authorization')) {
    const authorization = await remote.authorization(signal)
    if (authorization !== undefined) headers.set('authorization', authorization)
  }
  return remote.fetch(url, { method, headers, signal, ...(body !== undefined && { body }) })
}

/**
 * Does what the host said is to be done, and expects no more than that it was done.
 * @throws Fault by the status of the answer
 */
export async function doAction(
  remote: GitRemote,
  action: LfsAction,
  init: {
    readonly method: 'PUT' | 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body: ReadableStream<Uint8Array> | string
  },
  what: string,
  signal: AbortSignal,
): Promise<void> {
  const response = await askAction(remote, action, init, signal)
  if (!response.ok) throw await refusal(response, what, remote.clock)
  await response.body?.cancel()
}

const unusable = (why: string, cause?: unknown): Fault =>
  new Fault({ code: 'rejected', what: LFS_ASKED, why, remedy: 'Ask the administrator of that host', cause })
