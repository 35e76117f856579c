import type { Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import type { SlackClient } from './client.ts'
import { decodeHandle, type Handle } from './map/handle.ts'
import { faultOfStatus, retryAfterOf, SlackFault } from './slack-fault.ts'
import { redacted, text, wire } from './wire.ts'

export interface BlobSource {
  readonly ports: Ports
  readonly apiUrl: string
  /** Undefined: an export without a token. */
  readonly client: SlackClient | undefined
  /** Tokens that stood in the links of an export, newest last. */
  readonly linkTokens: ReadonlySet<string>
}
type UrlHandle = Extract<Handle, { type: 'url' }>

const slackHost = /(?:^|\.)slack(?:-gov)?\.com$/
const openHost = /(?:^|\.)(?:slack-edge\.com|slack-gov-edge\.com|slack-files\.com|slack-imgs\.com|gravatar\.com|wp\.com)$/

/**
 * The bytes behind a handle.
 * @throws Fault `permission` or `gone` when Slack will never give them, `auth` when the token is the trouble, retryable ones otherwise.
 */
export async function openBlob(source: BlobSource, encoded: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const handle = decodeHandle(encoded)
  if (handle === undefined) throw new Fault({ code: 'gone', what: 'This name of bytes is none of ours', remedy: 'Nothing to do' })
  if (handle.type === 'list') return listItems(source, handle.id, signal)
  const response = await follow(source, handle, signal)
  const fault = faultOfStatus('Slack refused a file', response.status, retryAfterOf(response.headers))
  if (fault !== undefined) {
    await response.body?.cancel()
    throw fault.code === 'permission' || fault.code === 'auth' ? await verified(source, fault, signal) : fault
  }
  const length = response.headers.get('content-length')
  const promised = length !== null && /^\d+$/.test(length) && response.headers.get('content-encoding') === null ? Number(length) : null
  return checked(source, response.body ?? new Blob([]).stream(), handle, promised, signal)
}

/** Follows redirects by hand, so that the token is shown to Slack and to nobody else. */
async function follow(source: BlobSource, handle: UrlHandle, signal: AbortSignal): Promise<Response> {
  let url = new URL(withLinkToken(handle.url, source.linkTokens))
  const first = url.host
  const own = new URL(source.apiUrl)
  for (let hops = 0; hops < 6; hops += 1) {
    const isSlack = slackHost.test(url.hostname)
      ? url.protocol === 'https:'
      : url.hostname === own.hostname && url.protocol === own.protocol
    // An address in a message may name any machine; the first hop is only made to Slack's.
    if (hops === 0 && !isSlack && !(openHost.test(url.hostname) && url.protocol === 'https:'))
      throw new Fault({
        code: 'permission',
        what: "A file is said to be at an address that is not Slack's",
        why: url.hostname,
        remedy: 'Nothing to do: it is not fetched',
      })
    const shown =
      handle.auth && isSlack && url.host === first && !url.searchParams.has('t') ? await source.client?.token(signal) : undefined
    const headers: Record<string, string> = shown === undefined ? {} : { authorization: `Bearer ${shown}` }
    const response = await ask(source, url, headers, signal)
    const next = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
    if (next === null) return response
    await response.body?.cancel()
    url = new URL(next, url)
  }
  throw new Fault({ code: 'unavailable', what: 'A file is redirected without end', remedy: 'Run again later', retry: { type: 'backoff' } })
}

async function ask(source: BlobSource, url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  try {
    return await source.ports.fetch(url, { headers, redirect: 'manual', signal })
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof Fault) throw cause
    throw new Fault({
      code: 'unavailable',
      what: 'A file could not be fetched',
      why: 'the connection failed',
      remedy: 'Check the network and run again',
      retry: { type: 'backoff' },
      cause,
    })
  }
}

/** Links of an export carry a token; it was taken out of what is kept and is put back here. */
function withLinkToken(url: string, tokens: ReadonlySet<string>): string {
  const token = [...tokens].at(-1)
  const mark = new RegExp(`([?&;]t=)${redacted}\\b`)
  return token === undefined
    ? url.replace(new RegExp(`[?&;]t=${redacted}\\b`), '')
    : url.replace(mark, (_, before: string) => before + encodeURIComponent(token))
}

/** The same stream, checked while it flows: no sign-in page, every byte that was promised. */
async function checked(
  source: BlobSource,
  body: ReadableStream<Uint8Array>,
  handle: UrlHandle,
  promised: number | null,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader()
  const head = await firstBytes(reader, signal)
  if (looksLikeSignIn(head, handle, promised)) {
    await reader.cancel()
    throw await verified(
      source,
      new Fault({
        code: 'permission',
        what: 'Slack gave a sign-in page in place of a file',
        why: 'this token, or the link in this export, may not read it',
        remedy: 'Check that files:read is granted, or give a token beside the export',
      }),
      signal,
    )
  }
  let total = 0
  let pending = head
  const short = (want: number, said: string): Fault =>
    new Fault({
      code: 'corrupt',
      what: 'A file came with another size than promised',
      why: `${total} bytes instead of ${want} (${said})`,
      remedy: 'Run again',
      retry: { type: 'backoff' },
    })
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = pending.shift() ?? (await read(reader, signal))
        if (chunk !== undefined) {
          total += chunk.byteLength
          controller.enqueue(chunk)
          return
        }
        if (promised !== null && total !== promised) return controller.error(short(promised, 'content-length'))
        if (handle.bytes !== null && total !== handle.bytes) return controller.error(short(handle.bytes, 'size of the file'))
        controller.close()
      },
      async cancel(reason) {
        pending = []
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

type Bytes = ReadableStreamDefaultReader<Uint8Array>
async function read(reader: Bytes, signal: AbortSignal): Promise<Uint8Array | undefined> {
  try {
    signal.throwIfAborted()
    return (await reader.read()).value
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof Fault) throw cause
    throw new Fault({
      code: 'unavailable',
      what: 'A file broke off',
      why: 'the connection failed',
      remedy: 'Run again',
      retry: { type: 'backoff' },
      cause,
    })
  }
}

/** Enough of the beginning to tell a page from anything else. */
async function firstBytes(reader: Bytes, signal: AbortSignal): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for (let have = 0; have < 512;) {
    const chunk = await read(reader, signal)
    if (chunk === undefined) break
    if (chunk.byteLength === 0) continue
    chunks.push(chunk)
    have += chunk.byteLength
  }
  return chunks
}

/** A page where none was expected, or one that asks to sign in. What has exactly the published size is the file itself. */
function looksLikeSignIn(head: readonly Uint8Array[], handle: UrlHandle, promised: number | null): boolean {
  if (handle.bytes !== null && promised === handle.bytes) return false
  const start = Buffer.concat(head)
    .subarray(0, 4096)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .toLowerCase()
  if (!start.startsWith('<!doctype html') && !start.startsWith('<html')) return false
  return !handle.html || (/sign ?in|log ?in|checkcookie/.test(start) && /slack|workspace|signin/.test(start))
}

/** Whether it is the file or the token: one call tells, and a token that died must not make losses of what is there. */
async function verified(source: BlobSource, fault: Fault, signal: AbortSignal): Promise<Fault> {
  if (source.client === undefined) return fault
  try {
    const answer = await source.client.call('auth.test', {}, signal)
    const scopes = wire(answer['response_metadata'])?.['scopes']
    if (Array.isArray(scopes) && !scopes.includes('files:read'))
      return new Fault({
        code: 'auth',
        what: 'Slack gives no files to this token',
        why: 'the scope files:read is missing',
        remedy: 'Add files:read at https://api.slack.com/apps, reinstall the app and run again',
      })
    return fault
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

/** The entries of a list as one JSON document, page by page. */
function listItems({ client }: BlobSource, id: string, signal: AbortSignal): ReadableStream<Uint8Array> {
  if (client === undefined)
    throw new Fault({ code: 'permission', what: 'A list can only be read with a token', remedy: 'Give a token beside the export' })
  const entries = async function* (): AsyncGenerator<Uint8Array> {
    const utf8 = new TextEncoder()
    let cursor: string | undefined
    let first = true
    do {
      const answer = await listPage(client, id, cursor, signal)
      const items = Array.isArray(answer['items']) ? answer['items'] : []
      const lines = items.map((item) => JSON.stringify(item)).join(',\n')
      yield utf8.encode(`${first ? `{"list":${JSON.stringify(id)},"items":[\n` : lines === '' ? '' : ',\n'}${lines}`)
      first = false
      cursor = text(wire(answer['response_metadata'])?.['next_cursor']) || undefined
    } while (cursor !== undefined)
    yield utf8.encode('\n]}\n')
  }
  return ReadableStream.from(entries())
}

async function listPage(
  client: SlackClient,
  id: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  try {
    return await client.call('slackLists.items.list', { list_id: id, limit: 100, ...(cursor === undefined ? {} : { cursor }) }, signal)
  } catch (error) {
    if (error instanceof SlackFault && error.error === 'missing_scope')
      throw new Fault({ code: 'auth', what: 'Slack gives no lists to this token', why: error.why, remedy: error.remedy })
    throw error
  }
}
