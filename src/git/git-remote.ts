import type { Clock } from '../contract/ports.ts'
import { Fault } from '../fault.ts'
import { faultFromResponse, faultFromStatus } from '../http/fault-from-status.ts'
import { redactText } from '../http/redact.ts'
import { isThrottled, retryAfterMs } from '../http/throttle.ts'

/** A repository at a host, over smart HTTP. */
export interface GitRemote {
  /** `https://github.com/acme/site.git`: without user, password, query or a slash at the end. */
  readonly url: string
  /** `ports.fetch`. Every request of ours may be sent twice without harm, the POSTs too. */
  readonly fetch: typeof fetch
  readonly clock: Clock
  /**
   * The value of the Authorization header, undefined for a public repository. Asked before every request, for the tokens of GitHub Apps last an
   * hour and a run may take longer.
   */
  authorization(signal: AbortSignal): Promise<string | undefined>
}

export interface GitRequest {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
  /** What was to be done, for errors: one sentence without a full stop. */
  readonly what: string
}

/** Hosts tell git from browsers by this; GitHub answers a browser with a page. */
const USER_AGENT = 'git/2 (fallreep)'
const MOST_WORDS = 200

/**
 * Sends one request to a repository's host.
 * @throws Fault `auth` (401), `permission` (403, 451), `gone` (404 and 410; a host also says 404 to a token that may not see the repository),
 * `throttled`, `unavailable` with what the host asks to wait; `config` if the address holds a password
 */
export async function askGit(remote: GitRemote, url: string, request: GitRequest, signal: AbortSignal): Promise<Response> {
  const { username, password } = new URL(remote.url)
  if (username !== '' || password !== '')
    throw new Fault({ code: 'config', what: 'The address of a repository holds a password', remedy: 'Give the token as a secret instead' })
  const authorization = await remote.authorization(signal)
  const { method, body, what } = request
  const headers = { 'user-agent': USER_AGENT, ...request.headers, ...(authorization !== undefined && { authorization }) }
  const response = await remote.fetch(url, { method, headers, signal, ...(body !== undefined && { body }) })
  if (response.ok) return response
  throw await refusal(response, what, remote.clock)
}

/** What a status of a git or LFS request means. Reads a few words of the body, where hosts say why. */
export async function refusal(response: Response, what: string, clock: Clock): Promise<Fault> {
  const said = await words(response)
  const nowMs = clock.now().getTime()
  const { status } = response
  const why = `the answer was HTTP ${status}${said === '' ? '' : `: ${said}`}`
  const fault = isThrottled(response)
    ? faultFromStatus(429, { what, retryAfterMs: retryAfterMs(response.headers, nowMs) })
    : faultFromResponse(response, { what, remedy: REMEDY.get(status) }, nowMs)
  const code = status === 451 ? 'permission' : fault.code
  return new Fault({ code, what, why, remedy: fault.remedy, retry: fault.retry })
}

const LET_IT_READ = 'Give the token the right to read the contents of this repository, then run fallreep doctor'
const NOT_THERE = 'It does not exist any more, or this token may not see it: check which repositories the token is for'
const REMEDY = new Map([
  [401, LET_IT_READ],
  [403, LET_IT_READ],
  [404, NOT_THERE],
  [410, NOT_THERE],
  [451, 'The host withholds it for legal reasons: ask the owner of the repository'],
])

/** Foreign words as they may stand in an error: one line, short, without what looks like a secret. */
export const shownWords = (text: string): string => redactText(text.replaceAll(/[\p{C}\s]+/gu, ' ').trim()).slice(0, MOST_WORDS)

/** The first words of an answer that is meant for people; pages are not. */
async function words(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? ''
  if (response.body === null || !/^(?:text\/plain|application\/([a-z.+-]*\+)?json)\b/i.test(type)) {
    await response.body?.cancel()
    return ''
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk)
      bytes += chunk.byteLength
      if (bytes >= 4 * MOST_WORDS) break
    }
  } catch {
    // The status says enough.
  }
  return shownWords(Buffer.concat(chunks).toString('utf8'))
}
