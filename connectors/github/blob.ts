import { Fault } from '../../src/fault.ts'
import { lfsObjects } from '../../src/git/lfs.ts'
import type { MirroredBundle } from '../../src/git/mirror.ts'
import { networkFailure } from '../../src/http/fault-from-status.ts'
import { retryAfterMs } from '../../src/http/throttle.ts'
import { faultOf } from './github-fault.ts'
import type { Github } from './github.ts'
import { passed, remoteOf } from './history.ts'
import { decodeHandle, type Handle } from './map/handle.ts'

/** Bytes that this run has found and that are on disk, or just asked for: by key of a bundle, by handle of a large file. */
export interface AtHand {
  readonly bundles: Map<string, MirroredBundle>
  readonly lfs: Map<string, (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>>
}

/** @throws Fault `permission` or `gone` when GitHub will never give them, `auth` when the token is the trouble, retryable ones otherwise */
export async function openBlob(github: Github, atHand: AtHand, encoded: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const handle = decodeHandle(encoded)
  if (handle === undefined) throw new Fault({ code: 'gone', what: 'This name of bytes is none of ours', remedy: 'Nothing to do' })
  switch (handle.type) {
    case 'bundle': {
      const bundle = atHand.bundles.get(handle.key)
      if (bundle === undefined) throw passed(handle.key)
      return ReadableStream.from(bundle.stream(signal))
    }
    case 'lfs': {
      const known = atHand.lfs.get(encoded)
      if (known !== undefined) return known(signal)
      return large(github, handle, signal)
    }
    case 'asset': {
      const url = new URL(`${github.config.apiUrl}/repos/${handle.context}/releases/assets/${handle.id}`)
      return bodyOf(await follow(github, url, { accept: 'application/octet-stream' }, signal), 'GitHub refused a file of a release', github)
    }
    case 'attachment':
      return attachment(github, handle, signal)
  }
}

async function large(
  github: Github,
  { context, oid, bytes }: Extract<Handle, { type: 'lfs' }>,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  for await (const object of lfsObjects(remoteOf(github, context), [{ oid, size: bytes }], signal)) {
    if (object.type === 'there') return object.open(signal)
    throw new Fault({ code: 'gone', what: `The large file (LFS) ${oid} is not there`, why: object.why, remedy: 'Nothing to do' })
  }
  throw new Fault({ code: 'gone', what: `The large file (LFS) ${oid} is not there`, remedy: 'Nothing to do' })
}

/**
 * A file that somebody dropped into a text. Classic and OAuth tokens are led to the store; Apps and fine-grained tokens are told that there is
 * nothing, but GitHub renders pictures for them with an address that is signed for some minutes.
 */
async function attachment(
  github: Github,
  { url, context }: Extract<Handle, { type: 'attachment' }>,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const what = 'GitHub refused an attachment'
  const direct = await follow(github, new URL(url), {}, signal)
  if (direct.ok && !isPage(direct, url)) return bodyOf(direct, what, github)
  await direct.body?.cancel()
  if (direct.ok || direct.status === 403 || direct.status === 404) {
    const signed = await signedAddress(github, url, context, signal)
    if (signed !== undefined) return bodyOf(await follow(github, signed, {}, signal), what, github)
    throw new Fault({
      code: 'permission',
      what: 'GitHub does not give an attachment to this token',
      why: 'it is gone, or private: Apps and fine-grained tokens get only pictures of private repositories, no other files',
      remedy: 'Run once with a classic token with the scope repo, if there are private attachments',
    })
  }
  throw refusalOf(direct, what, github)
}

async function signedAddress(github: Github, url: string, context: string, signal: AbortSignal): Promise<URL | undefined> {
  const html = (await github.render(`![](${url})`, context, signal)).replaceAll('&amp;', '&')
  const signed = /https?:\/\/[^\s"'<>()]*private-user-images[^\s"'<>()]*/.exec(html)?.[0] ?? /<img[^>]*\ssrc="([^"]+)"/.exec(html)?.[1]
  const found = signed === undefined ? null : URL.parse(signed)
  return found === null || found.href === new URL(url).href ? undefined : found
}

/** A sign-in page in place of a file. */
const isPage = (response: Response, url: string): boolean =>
  /^text\/html/i.test(response.headers.get('content-type') ?? '') && !/\.html?$/i.test(url)

/** Follows redirects by hand, so that the token is shown to GitHub's own hosts and to nobody else. */
async function follow(github: Github, from: URL, more: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
  const { config, ports, tokens } = github
  const own = [config.apiUrl, config.webUrl].map((url) => new URL(url).origin)
  let url = from
  for (let hops = 0; hops < 6; hops++) {
    const ask = async (): Promise<Response> => {
      const headers = new Headers(more)
      const token = own.includes(url.origin) ? await tokens.of(signal) : undefined
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
      const response = await ports.fetch(url, { headers, redirect: 'manual', signal })
      if (response.status === 401 && token !== undefined) tokens.forget(token)
      return response
    }
    let response: Response
    try {
      response = await ask()
      // A token may have ended on the way.
      if (response.status === 401) {
        await response.body?.cancel()
        response = await ask()
      }
    } catch (error) {
      signal.throwIfAborted()
      throw networkFailure(error, 'A file could not be fetched').fault
    }
    const next = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
    if (next === null) return response
    await response.body?.cancel()
    const to = URL.parse(next, url.href)
    if (to === null || (to.protocol !== 'https:' && to.protocol !== url.protocol)) break
    url = to
  }
  throw new Fault({ code: 'unavailable', what: 'A file is redirected without end', remedy: 'Run again later', retry: { type: 'backoff' } })
}

async function bodyOf(response: Response, what: string, github: Github): Promise<ReadableStream<Uint8Array>> {
  if (response.ok) return response.body ?? new Blob([]).stream()
  await response.body?.cancel()
  throw refusalOf(response, what, github)
}
const refusalOf = (response: Response, what: string, { ports }: Github): Fault =>
  faultOf(response.status, '', what, retryAfterMs(response.headers, ports.clock.now().getTime()))
