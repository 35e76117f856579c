import { createVerify, generateKeyPairSync } from 'node:crypto'
import type { Company, GoogleUser } from './company.ts'
import { Refusal } from './refusal.ts'

const AUDIENCE = 'https://oauth2.googleapis.com/token'
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** One pair for all testbeds of a process: making one takes as long as the rest of a test. */
let pair: { readonly publicKey: string; readonly privateKey: string } | undefined
const keyPair = (): { readonly publicKey: string; readonly privateKey: string } =>
  (pair ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }))

interface Grant {
  readonly user: string
  readonly scopes: ReadonlySet<string>
  readonly endsAt: number
  readonly byHand: boolean
}

/** Google's token endpoint: signed assertions of one service account, and refresh tokens of one client. */
export class TokenDesk {
  readonly #company: Company
  readonly #now: () => number
  readonly #granted = new Map<string, Grant>()
  #serial = 0
  readonly email = 'backup@demo-project.iam.gserviceaccount.com'
  /** Scopes allowed in the Admin console; undefined: all. */
  allowed: ReadonlySet<string> | undefined
  /** Addresses that may not be impersonated. */
  readonly denied = new Set<string>()
  /** Refresh token → address and scopes. */
  readonly refreshTokens = new Map<string, { readonly user: string; readonly scopes: readonly string[] }>()
  readonly client = { id: 'demo.apps.googleusercontent.com', secret: 'GOCSPX-canary-client-secret' }
  /** The service account's key was deleted. */
  revoked = false

  constructor(company: Company, now: () => number) {
    this.#company = company
    this.#now = now
  }
  /** What the Cloud console gives as a JSON file. */
  get keyJson(): string {
    return JSON.stringify({
      type: 'service_account',
      project_id: 'demo-project',
      private_key_id: 'canary-key-id',
      private_key: keyPair().privateKey,
      client_email: this.email,
      client_id: '100000000000000000001',
      token_uri: AUDIENCE,
    })
  }
  /** A token out of nowhere, as somebody else might have made it. */
  issue(address: string, scopes: readonly string[], { lifeS = 3600, byHand = true } = {}): string {
    const user = this.#company.find(address)
    if (user === undefined) throw new Error(`no ${address} in this company`)
    this.#serial++
    const token = `ya29.canary-${this.#serial}-${user.id}`
    this.#granted.set(token, { user: user.id, scopes: new Set(scopes), endsAt: this.#now() + lifeS * 1000, byHand })
    return token
  }
  /** Every token given out until now is refused from now on. */
  expireTokens(): void {
    this.#granted.clear()
  }

  /** @throws Refusal with OAuth's words as its reason */
  exchange(form: URLSearchParams): object {
    const type = form.get('grant_type')
    if (type === GRANT) return this.#byAssertion(form.get('assertion') ?? '')
    if (type !== 'refresh_token') throw new Refusal(400, 'unsupported_grant_type', `Invalid grant_type: ${type}`)
    if (form.get('client_id') !== this.client.id || form.get('client_secret') !== this.client.secret)
      throw new Refusal(401, 'invalid_client', 'The OAuth client was not found.')
    const known = this.refreshTokens.get(form.get('refresh_token') ?? '')
    if (known === undefined) throw new Refusal(400, 'invalid_grant', 'Token has been expired or revoked.')
    return this.#answer(known.user, known.scopes, true)
  }

  #byAssertion(assertion: string): object {
    const [head = '', claims = '', signature = ''] = assertion.split('.')
    const verified = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(keyPair().publicKey, Buffer.from(signature, 'base64url'))
    if (!verified || this.revoked) throw new Refusal(400, 'invalid_grant', 'Invalid JWT Signature.')
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Readonly<Record<string, unknown>>
    if (said['iss'] !== this.email) throw new Refusal(400, 'invalid_grant', 'Invalid grant: account not found')
    if (said['aud'] !== AUDIENCE) throw new Refusal(400, 'invalid_grant', 'Invalid JWT: Failed audience check.')
    const now = this.#now() / 1000
    const [issued, ends] = [Number(said['iat']), Number(said['exp'])]
    if (issued > now + 300 || ends < now || ends - issued > 3600)
      throw new Refusal(
        400,
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      )
    const scopes = String(said['scope']).split(' ')
    const { allowed } = this
    if (allowed !== undefined && !scopes.every((scope) => allowed.has(scope))) throw unauthorized()
    const address = String(said['sub'])
    const user = this.#company.find(address)
    if (user === undefined || user.suspended === true) throw new Refusal(400, 'invalid_grant', 'Invalid email or User ID')
    if (this.denied.has(user.primaryEmail)) throw unauthorized()
    return this.#answer(user.primaryEmail, scopes, false)
  }

  #answer(address: string, scopes: readonly string[], byHand: boolean): object {
    return { access_token: this.issue(address, scopes, { byHand }), expires_in: 3599, token_type: 'Bearer', scope: scopes.join(' ') }
  }

  /** True for a token that no service account asked for. */
  byHand(header: string | undefined): boolean {
    return this.#granted.get(tokenIn(header))?.byHand === true
  }

  /** Whose token this is. @throws Refusal 401 or, when none of the scopes is there, 403 */
  bearer(header: string | undefined, anyOf: readonly string[]): GoogleUser {
    const grant = this.#granted.get(tokenIn(header))
    const user = grant === undefined || grant.endsAt < this.#now() ? undefined : this.#company.users.get(grant.user)
    if (grant === undefined || user === undefined) throw new Refusal(401, 'authError', 'Request had invalid authentication credentials.')
    if (!anyOf.some((scope) => grant.scopes.has(scope)))
      throw new Refusal(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.')
    return user
  }
}

const tokenIn = (header: string | undefined): string => /^Bearer (.+)$/.exec(header ?? '')?.[1] ?? ''

const unauthorized = (): Refusal =>
  new Refusal(
    401,
    'unauthorized_client',
    'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
  )
