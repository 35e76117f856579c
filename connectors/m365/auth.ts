import { constants, createHash, createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto'
import type { Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { faultFromStatus } from '../../src/http/fault-from-status.ts'
import { clouds, loginUrlOf, type Credential, type M365Config } from './config.ts'
import { type Claims, ClaimsWire, TokenErrorWire, TokenWire } from './wire.ts'

/** Tokens of the app, got once and renewed before they run out. */
export interface Tokens {
  token(signal: AbortSignal): Promise<string>
  /** The service refused this one: the next is got anew. */
  refused(token: string): void
}

/** A token is renewed so long before its end. */
const marginMs = 5 * 60_000

export function tokensOf(config: M365Config, ports: Ports): Tokens {
  let held: { readonly token: string; readonly until: number } | undefined
  let asking: Promise<string> | undefined
  const ask = async (signal: AbortSignal): Promise<string> => {
    const { credential } = config
    if ('token' in credential) {
      const token = await credential.token.expose(signal)
      held = { token, until: Infinity }
      return token
    }
    const { access_token: token, expires_in: seconds } = await request(config, credential, ports, signal)
    held = { token, until: ports.clock.monotonicMs() + Math.max(seconds * 1000 - marginMs, seconds * 500) }
    return token
  }
  return {
    async token(signal) {
      for (;;) {
        signal.throwIfAborted()
        if (held !== undefined && ports.clock.monotonicMs() < held.until) return held.token
        const mine = asking === undefined
        const answer = (asking ??= ask(signal).finally(() => (asking = undefined)))
        try {
          return await answer
        } catch (error) {
          // Whoever asked was told to stop; those who only waited along with him ask themselves.
          if (mine || error instanceof Fault) throw error
        }
      }
    },
    refused(token) {
      if (held?.token === token) held = undefined
    },
  }
}

type Grantable = Exclude<Credential, { readonly token: unknown }>

async function request(
  config: M365Config,
  credential: Grantable,
  ports: Ports,
  signal: AbortSignal,
): Promise<{ access_token: string; expires_in: number }> {
  const url = `${loginUrlOf(config)}${encodeURIComponent(config.tenant)}/oauth2/v2.0/token`
  const proof: Record<string, string> =
    'clientSecret' in credential
      ? { client_secret: await credential.clientSecret.expose(signal) }
      : {
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await assertionOf(config, credential, audienceOf(config), ports, signal),
        }
  // The resource is the cloud's own name, wherever its API is reached.
  const scope = `${new URL(clouds[config.cloud].apiUrl).origin}/.default`
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: config.clientId, scope, ...proof })
  const response = await ports.fetch(url, { method: 'POST', body, redirect: 'error', signal })
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw tokenRefused(response.status, answer)
  const parsed = TokenWire.safeParse(answer)
  if (parsed.success) return parsed.data
  throw new Fault({
    code: 'unavailable',
    what: 'The token service gave no token',
    why: 'its answer is not what is expected of it',
    remedy: 'Check loginUrl and any proxy in between, then run again',
    retry: { type: 'backoff' },
  })
}

/** `AADSTS7000222` and the like: numbers that an administrator can look up. Descriptions may hold names and are left out. */
function tokenRefused(status: number, answer: unknown): Fault {
  const parsed = TokenErrorWire.safeParse(answer)
  if (!parsed.success || status >= 500 || status === 429) return faultFromStatus(status, { what: 'The token service gave no token' })
  const numbers = (parsed.data.error_codes ?? []).map((code) => `AADSTS${code}`)
  return new Fault({
    code: 'auth',
    what: 'The token service refused the app',
    why: [parsed.data.error, ...numbers].join(' '),
    remedy: 'Check tenant, clientId and credential; look the number up at https://login.microsoftonline.com/error',
  })
}

/** Microsoft's name of the token address, which the assertion is made out to even where a test or a relay stands in its place. */
const audienceOf = (config: M365Config): string => `${clouds[config.cloud].loginUrl}${config.tenant}/oauth2/v2.0/token`

/**
 * A statement signed with the app's certificate, good for five minutes.
 * Read 2026-11-25: https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 * @throws Fault `config` when key or certificate cannot be read or do not belong together
 */
async function assertionOf(
  config: M365Config,
  credential: Extract<Grantable, { readonly certificate: unknown }>,
  audience: string,
  { clock }: Ports,
  signal: AbortSignal,
): Promise<string> {
  const pem = await credential.certificate.expose(signal)
  const keyPem = credential.privateKey === undefined ? pem : await credential.privateKey.expose(signal)
  const { certificate, key } = readPair(pem, keyPem)
  const now = Math.floor(clock.now().getTime() / 1000)
  const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url')
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { aud: audience, iss: config.clientId, sub: config.clientId, jti: randomUUID(), nbf: now - 60, iat: now, exp: now + 300 }
  const signed = `${part({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })}.${part(claims)}`
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  return `${signed}.${sign('sha256', Buffer.from(signed), pss).toString('base64url')}`
}

function readPair(certificatePem: string, keyPem: string): { certificate: X509Certificate; key: ReturnType<typeof createPrivateKey> } {
  const remedy = 'Give a PEM file with BEGIN CERTIFICATE and BEGIN PRIVATE KEY (RSA, without a passphrase), or name the key in privateKey'
  let pair: { certificate: X509Certificate; key: ReturnType<typeof createPrivateKey> }
  try {
    pair = { certificate: new X509Certificate(certificatePem), key: createPrivateKey(keyPem) }
  } catch {
    // The cause may quote the key.
    throw new Fault({ code: 'config', what: 'The certificate or private key of the app cannot be read', remedy })
  }
  if (pair.key.asymmetricKeyType === 'rsa' && pair.certificate.checkPrivateKey(pair.key)) return pair
  throw new Fault({ code: 'config', what: 'The certificate and the private key of the app do not belong together, or are not RSA', remedy })
}

/** What a token says of itself, or undefined when it says nothing. */
export function claimsOf(token: string): Claims | undefined {
  try {
    return ClaimsWire.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()))
  } catch {
    return undefined
  }
}
