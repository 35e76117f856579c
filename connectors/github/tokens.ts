import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/core'
import { z } from 'zod'
import type { Ports } from '../../src/contract/ports.ts'
import { Fault, faultIn } from '../../src/fault.ts'
import { networkFailure } from '../../src/http/fault-from-status.ts'
import type { GithubAuth } from './config.ts'
import { faultOf } from './github-fault.ts'

/** An installation token is renewed this long before it ends, so that no request and no clone goes out with one that dies on the way. */
const marginMs = 5 * 60_000

/** The token for every request: API, git and LFS alike. */
export interface Tokens {
  /** @throws Fault `auth`, `config`, `unavailable` */
  of(signal: AbortSignal): Promise<string>
  /** This token was refused: the next one is made anew. */
  forget(token: string): void
}

interface Held {
  readonly owner: AbortSignal
  readonly granted: Promise<Granted>
  token: string | undefined
}
interface Granted {
  readonly token: string
  readonly endsAt: number
}

export function createTokens(auth: GithubAuth, apiUrl: string, ports: Ports): Tokens {
  let held: Held | undefined
  const now = (): number => ports.clock.now().getTime()
  const ask = auth.type === 'app' ? installation(auth, apiUrl, ports) : plain(auth, now)
  const fresh = ({ endsAt }: Granted): boolean => endsAt - marginMs > now()
  return {
    async of(signal) {
      for (;;) {
        const entry = (held ??= { owner: signal, granted: ask(signal), token: undefined })
        try {
          const granted = await entry.granted
          entry.token = granted.token
          if (fresh(granted)) return granted.token
          if (held === entry) held = undefined
        } catch (error) {
          if (held === entry) held = undefined
          // Whoever asked first may have been stopped; the others were not.
          if (entry.owner === signal || !entry.owner.aborted || signal.aborted) throw error
        }
      }
    },
    forget(token) {
      if (held?.token === token) held = undefined
    },
  }
}

/** Tokens are read again every ten minutes: somebody may have put a new one there. */
const plain =
  (auth: Extract<GithubAuth, { type: 'token' }>, now: () => number) =>
  async (signal: AbortSignal): Promise<Granted> => ({ token: await auth.token.expose(signal), endsAt: now() + 10 * 60_000 + marginMs })

/** Octokit's log knows addresses; requests are logged where they leave. */
const nothing = (): undefined => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

const Refused = z.object({ status: z.number(), message: z.string() })

/** Read 2026-11-25: https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
function installation(auth: Extract<GithubAuth, { type: 'app' }>, apiUrl: string, ports: Ports) {
  return async (signal: AbortSignal): Promise<Granted> => {
    const fetch: Ports['fetch'] = (input, init) => ports.fetch(input, { ...init, redirect: 'error', signal })
    try {
      const key = readKey(await auth.privateKey.expose(signal))
      const app = createAppAuth({
        appId: auth.appId,
        createJwt: async () => assertion(auth.appId, key, ports.clock.now().getTime()),
        installationId: auth.installationId,
        request: new Octokit({ baseUrl: apiUrl, request: { fetch, log: silent } }).request,
        log: silent,
      })
      const { token, expiresAt } = await app({ type: 'installation', refresh: true })
      return { token, endsAt: Date.parse(expiresAt) }
    } catch (error) {
      signal.throwIfAborted()
      throw tokenFault(error)
    }
  }
}

function tokenFault(error: unknown): Fault {
  const known = faultIn(error)
  if (known !== undefined) return known
  const what = 'GitHub refused a token to the App'
  const answer = Refused.safeParse(error).data
  if (answer !== undefined) {
    if (answer.status !== 404) return faultOf(answer.status, answer.message, what, undefined)
    const remedy = 'Check appId and installationId: the installation may have been removed'
    return new Fault({ code: 'auth', what, why: 'there is no such installation of this App', remedy })
  }
  return networkFailure(error, what).fault
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new Fault({
      code: 'config',
      what: 'The private key of the App cannot be used',
      why: 'it is no private key in PEM notation',
      remedy: 'Make a new private key in the settings of the App and put the whole file where auth.privateKey says',
    })
  }
}

/**
 * What the App says of itself, for ten minutes. Read 2026-11-25:
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
function assertion(appId: string, key: KeyObject, nowMs: number): { readonly jwt: string; readonly expiresAt: string } {
  // A minute back, for clocks that differ.
  const issued = Math.floor(nowMs / 1000) - 60
  const expires = issued + 600
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: issued, exp: expires, iss: appId })}`
  return {
    jwt: `${head}.${sign('RSA-SHA256', Buffer.from(head), key).toString('base64url')}`,
    expiresAt: new Date(expires * 1000).toISOString(),
  }
}
