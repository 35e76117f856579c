import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Fault } from '../fault.ts'
import { askGit, type GitRemote, shownWords } from './git-remote.ts'
import { EMPTY_PACK, sideband } from './pack-stream.ts'
import { brokenOff, DELIMITER, FLUSH, type Packet, packets } from './pkt-line.ts'
import { isRefName, refNameOf } from './ref-name.ts'
import type { Ref } from './ref.ts'

/** `peeled`: what an annotated tag points to in the end, of whatever type; null for everything that is no annotated tag. */
export interface ListedRef extends Ref {
  readonly peeled: string | null
}
/**
 * `head`: what HEAD points to (`refs/heads/main`), also when that branch does not exist yet; null if it points to no branch.
 * `refused`: names that git itself would not take, from times when it did; nobody can restore them.
 */
export interface RefList {
  readonly head: string | null
  readonly refs: readonly ListedRef[]
  readonly refused: readonly string[]
}

interface Service {
  readonly url: string
  readonly capabilities: ReadonlySet<string>
}

/** Far more than any repository has; a host that goes on is not listened to. */
const MOST_REFS = 4_000_000
const GZIP_FROM_BYTES = 1024
const PROTOCOL = { 'git-protocol': 'version=2' }
const compress = promisify(gzip)

/**
 * The refs below `prefixes`, in the order of the host, and HEAD. An empty repository has none.
 * Protocol v2, command ls-refs: https://git-scm.com/docs/protocol-v2, read 2026-11-25. Two requests; `blind`: one, for the host is not asked first
 * what it can do. A head without a branch is not told then, and a repository that moved is not followed.
 * @throws Fault as `askGit`; `corrupt` or `unavailable` if the list is not whole: half a list is never given
 */
export async function listRefs(
  remote: GitRemote,
  options: { readonly prefixes: readonly string[]; readonly blind?: boolean },
  signal: AbortSignal,
): Promise<RefList> {
  const service = options.blind === true ? { url: remote.url, capabilities: new Set<string>() } : await discover(remote, signal)
  const unborn = [...service.capabilities].some((line) => line.startsWith('ls-refs=') && line.slice(8).split(' ').includes('unborn'))
  const args = [
    'peel',
    'symrefs',
    ...(unborn ? ['unborn'] : []),
    'ref-prefix HEAD',
    ...options.prefixes.map((prefix) => `ref-prefix ${prefix}`),
  ]
  const what = 'The list of branches and tags'
  const refs: ListedRef[] = []
  const refused: string[] = []
  let head: string | null = null
  let whole = false
  for await (const line of command(remote, service, 'ls-refs', args, what, signal)) {
    if (line === 'flush') whole = true
    if (typeof line === 'string') continue
    const { target, ...ref } = refOf(line)
    if (ref.name === 'HEAD') head = target
    else if (!isRefName(ref.name)) refused.push(ref.name)
    else refs.push(ref)
    if (refs.length + refused.length > MOST_REFS) throw unreadable(what, 'it does not end')
  }
  if (!whole) throw brokenOff(what)
  return { head, refs, refused }
}

/**
 * A pack with everything that `wants` reach and `haves` do not, as it comes: complete in itself but for what the haves reach, deltas included,
 * so it can stand in a bundle whose prerequisites are the haves. Haves that the host does not know are passed over by it.
 * Nothing wanted is the empty pack, without a request; else two requests, one of them with 50 bytes for each want and have, compressed.
 * @throws Fault as `askGit`; `conflict` (retryable) if something wanted is gone since it was listed; inside the stream `unavailable` if it
 * breaks off or the host gives up
 */
export async function* fetchPack(
  remote: GitRemote,
  options: { readonly wants: readonly string[]; readonly haves: readonly string[] },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { wants, haves } = options
  if (wants.length === 0) return yield EMPTY_PACK
  const service = await discover(remote, signal)
  const args = ['no-progress', 'ofs-delta', ...wants.map((oid) => `want ${oid}`), ...haves.map((oid) => `have ${oid}`), 'done']
  const what = 'The pack of objects'
  yield* sideband(command(remote, service, 'fetch', args, what, signal), what)
}

/** Asks what the service can do, and where it is: repositories that were renamed are answered for elsewhere. */
async function discover(remote: GitRemote, signal: AbortSignal): Promise<Service> {
  const what = 'The repository cannot be read'
  const asked = `${remote.url}/info/refs?service=git-upload-pack`
  const response = await askGit(remote, asked, { method: 'GET', headers: PROTOCOL, what }, signal)
  const stream = await bodyOf(response, 'application/x-git-upload-pack-advertisement', what)
  const lines: string[] = []
  for await (const line of errorsThrown(packets(stream, 'The answer of the git service'), what))
    if (typeof line !== 'string') lines.push(Buffer.from(line).toString('utf8').trimEnd())
  // Some hosts say the name of the service first, as in the older protocol.
  const from = lines[0]?.startsWith('# service=') === true ? 1 : 0
  if (lines[from] !== 'version 2')
    throw unreadable(what, 'the host does not speak version 2 of the git protocol, which git has had since 2.18', 'rejected')
  const capabilities = new Set(lines.slice(from + 1))
  const format = [...capabilities].find((line) => line.startsWith('object-format='))
  if (format !== undefined && format !== 'object-format=sha1')
    throw unreadable(what, `its objects are named by ${shownWords(format.slice(14))}, and only sha1 can be carried`, 'rejected')
  return { url: placeOf(remote.url, response.url === '' ? asked : response.url, what), capabilities }
}

function placeOf(configured: string, answered: string, what: string): string {
  const [url, before] = [new URL(answered), new URL(configured)]
  if (url.host !== before.host || (url.protocol !== before.protocol && url.protocol !== 'https:'))
    throw unreadable(what, `it has moved to another host, ${url.host}`, 'gone')
  return `${url.origin}${url.pathname.replace(/\/info\/refs$/, '')}`
}

async function* command(
  remote: GitRemote,
  service: Service,
  name: string,
  args: readonly string[],
  what: string,
  signal: AbortSignal,
): AsyncGenerator<Packet> {
  const head = [`command=${name}`, 'agent=fallreep', ...(service.capabilities.has('object-format=sha1') ? ['object-format=sha1'] : [])]
  const line = (text: string): string => `${(text.length + 5).toString(16).padStart(4, '0')}${text}\n`
  const plain = Buffer.from(`${head.map(line).join('')}${DELIMITER.toString()}${args.map(line).join('')}${FLUSH.toString()}`, 'latin1')
  const packed = plain.byteLength > GZIP_FROM_BYTES
  const response = await askGit(
    remote,
    `${service.url}/git-upload-pack`,
    {
      method: 'POST',
      what: `${what} was refused`,
      headers: {
        ...PROTOCOL,
        'content-type': 'application/x-git-upload-pack-request',
        accept: 'application/x-git-upload-pack-result',
        ...(packed && { 'content-encoding': 'gzip' }),
      },
      body: new Uint8Array(packed ? await compress(plain) : plain),
    },
    signal,
  )
  const stream = await bodyOf(response, 'application/x-git-upload-pack-result', what)
  yield* errorsThrown(packets(stream, what), what)
}

async function bodyOf(response: Response, expected: string, what: string): Promise<ReadableStream<Uint8Array>> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim()
  if (type === expected && response.body !== null) return response.body
  await response.body?.cancel()
  throw unreadable(what, `the answer is ${shownWords(type ?? '')} and not what a git service gives`, 'rejected')
}

/** Hosts refuse inside of an answer that is a success, too. */
async function* errorsThrown(lines: AsyncIterable<Packet>, what: string): AsyncGenerator<Packet> {
  for await (const line of lines) {
    if (typeof line !== 'string' && line.byteLength >= 4 && Buffer.from(line.subarray(0, 4)).toString('latin1') === 'ERR ')
      throw refused(what, shownWords(Buffer.from(line.subarray(4)).toString('utf8')))
    yield line
  }
}

function refused(what: string, said: string): Fault {
  const why = `the git service says: ${said}`
  if (/not our ref/.test(said))
    return new Fault({ code: 'conflict', what: `${what}: a branch changed while it was read`, why, retry: { type: 'backoff' } })
  return new Fault({ code: 'rejected', what: `${what} was refused`, why, remedy: 'Ask the administrator of that host' })
}

function refOf(line: Uint8Array): ListedRef & { readonly target: string | null } {
  const text = refNameOf(line).replace(/\n$/, '')
  const [oid = '', name = '', ...attributes] = text.split(' ')
  const attribute = (key: string): string | null => attributes.find((part) => part.startsWith(key))?.slice(key.length) ?? null
  const target = attribute('symref-target:')
  const peeled = attribute('peeled:')
  const known = (isOid(oid) && /^(?:HEAD$|refs\/)/.test(name)) || (oid === 'unborn' && name === 'HEAD')
  if (!known || (peeled !== null && !isOid(peeled)) || (target !== null && !isRefName(target)))
    throw unreadable('The list of branches and tags', `this line is none: ${shownWords(text)}`)
  return { name, oid, peeled, target }
}

const isOid = (text: string): boolean => /^[0-9a-f]{40}$/.test(text)

const unreadable = (what: string, why: string, code: 'corrupt' | 'rejected' | 'gone' = 'corrupt'): Fault =>
  new Fault({ code, what, why, remedy: 'Check the address in the configuration, and that no proxy changes answers on the way' })
