import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { z } from 'zod'
import type { Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import type { GoogleAuth } from './config.ts'
import { Refusal, refusalOf } from './google-fault.ts'
import { type Area, scopes } from './scopes.ts'

const endpoint = 'https://oauth2.googleapis.com/token'
/** A token is asked for anew this long before it ends, so that no request goes out with one that dies on the way. */
const marginMs = 5 * 60_000
const tries = 3

/** Access tokens by person and area, kept in memory until they end. */
export interface Tokens {
  /** `subject`: address of the person in whose name; single accounts have only themselves. @throws Refusal, Fault */
  of(subject: string, area: Area, signal: AbortSignal): Promise<string>
  /** Whether the Admin console allows this one scope to a service account. @throws Refusal, Fault for any other trouble */
  allows(subject: string, scope: string, signal: AbortSignal): Promise<boolean>
  /** The token was refused: the next one is made anew. */
  forget(subject: string, area: Area): void
  /** By how much Google's clock is ahead of ours, once a token was asked for. */
  readonly skewMs: number | undefined
}

const Key = z.object({ client_email: z.string().min(1), private_key: z.string().min(1), private_key_id: z.string().optional() })
const Granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(3600) })

/**
 * Service accounts sign an assertion (RFC 7523) for each person and area; one account trades its refresh token.
 * Read 2026-11-25: https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 * @param at gives the address a request really goes to
 */
export function createTokens(auth: GoogleAuth, ports: Ports, at: (url: string) => URL): Tokens {
  const held = new Map<string, { readonly owner: AbortSignal; readonly granted: Promise<z.infer<typeof Granted>>; endsAt: number }>()
  let key: Promise<ServiceKey> | undefined
  let skewMs: number | undefined
  const now = (): number => ports.clock.now().getTime()

  async function request(body: URLSearchParams, signal: AbortSignal): Promise<z.infer<typeof Granted>> {
    for (let tried = 1; ; tried++) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const response = await ports.fetch(at(endpoint), { method: 'POST', headers, body: body.toString(), redirect: 'error', signal })
      const text = await response.text()
      const date = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(date)) skewMs = date - now()
      if (response.ok) {
        const granted = Granted.safeParse(json(text))
        if (granted.success) return granted.data
      }
      const refusal = refusalOf(response.ok ? 502 : response.status, text, undefined)
      if (refusal.status < 500 || tried === tries) throw refusal
      await ports.clock.sleep(1000 * tried, signal)
    }
  }

  async function ask(subject: string, scopes: readonly string[], signal: AbortSignal): Promise<z.infer<typeof Granted>> {
    switch (auth.type) {
      case 'service-account': {
        const found = await (key ??= readKey(await auth.key.expose(signal)).catch((error: unknown) => {
          key = undefined
          throw error
        }))
        const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(found, subject, scopes, now()) }
        return request(new URLSearchParams(grant), signal)
      }
      case 'refresh-token': {
        const [secret, refresh] = await Promise.all([auth.clientSecret.expose(signal), auth.refreshToken.expose(signal)])
        const grant = { grant_type: 'refresh_token', client_id: auth.clientId, client_secret: secret, refresh_token: refresh }
        return request(new URLSearchParams(grant), signal)
      }
      case 'access-token':
        return { access_token: await auth.token.expose(signal), expires_in: 600 }
    }
  }

  // One account has one token, whatever it is for.
  const nameOf = (subject: string, area: Area): string => (auth.type === 'service-account' ? `${area} ${subject}` : '')
  return {
    get skewMs() {
      return skewMs
    },
    async of(subject, area, signal) {
      const name = nameOf(subject, area)
      for (;;) {
        const known = held.get(name)
        const entry =
          known !== undefined && known.endsAt > now()
            ? known
            : { owner: signal, granted: ask(subject, scopes[area], signal), endsAt: Infinity }
        held.set(name, entry)
        try {
          const { access_token: token, expires_in: seconds } = await entry.granted
          if (entry.endsAt === Infinity) entry.endsAt = now() + Math.max(60_000, seconds * 1000 - marginMs)
          return token
        } catch (error) {
          if (held.get(name) === entry) held.delete(name)
          // Whoever asked first may have been stopped; the others were not.
          if (entry.owner === signal || !entry.owner.aborted || signal.aborted) throw error
        }
      }
    },
    async allows(subject, scope, signal) {
      try {
        await ask(subject, [scope], signal)
        return true
      } catch (error) {
        if (error instanceof Refusal && error.reason === 'unauthorized_client') return false
        throw error
      }
    },
    forget: (subject, area) => void held.delete(nameOf(subject, area)),
  }
}

interface ServiceKey {
  readonly email: string
  readonly id: string | undefined
  readonly key: KeyObject
}

async function readKey(text: string): Promise<ServiceKey> {
  const parsed = Key.safeParse(json(text))
  try {
    if (!parsed.success) throw new TypeError('not the JSON of a service account key')
    const { client_email: email, private_key: pem, private_key_id: id } = parsed.data
    return { email, id, key: createPrivateKey(pem) }
  } catch (error) {
    throw new Fault({
      code: 'config',
      what: 'The service account key cannot be read',
      why: parsed.success ? 'its private_key is not a key in PEM notation' : error instanceof Error ? error.message : 'unknown error',
      remedy: 'Make a new JSON key for the service account in the Google Cloud console and put the file where auth.key says',
    })
  }
}

function assertion({ email, id, key }: ServiceKey, subject: string, scopes: readonly string[], nowMs: number): string {
  const issued = Math.floor(nowMs / 1000)
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = part({ alg: 'RS256', typ: 'JWT', ...(id === undefined ? {} : { kid: id }) })
  const claims = part({ iss: email, sub: subject, scope: scopes.join(' '), aud: endpoint, iat: issued, exp: issued + 3600 })
  return `${head}.${claims}.${sign('RSA-SHA256', Buffer.from(`${head}.${claims}`), key).toString('base64url')}`
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
