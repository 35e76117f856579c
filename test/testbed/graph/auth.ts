import { constants, createHash, createPublicKey, verify, X509Certificate } from 'node:crypto'
import { Refusal } from './call.ts'

/** Every application permission any route asks for. */
export const ALL_ROLES = [
  'User.Read.All',
  'GroupMember.Read.All',
  'Mail.Read',
  'MailboxSettings.Read',
  'Calendars.Read',
  'Contacts.Read',
  'Tasks.Read.All',
] as const

/** What the tenant knows of the app: its secrets, its certificates, what it was granted. */
export interface AppRegistration {
  readonly clientId: string
  secrets: readonly string[]
  /** PEM. */
  certificates: readonly string[]
  roles: readonly string[]
  /** How long a token lives, in seconds. */
  tokenS: number
}

/** Gives tokens to one app and knows them again. Times come from `now`. */
export class TokenService {
  readonly app: AppRegistration
  readonly #tenant: string
  readonly #audience: string
  readonly #now: () => number
  readonly #live = new Map<string, number>()
  readonly #seen = new Set<string>()
  #serial = 0
  issued = 0

  constructor(tenant: string, app: AppRegistration, now: () => number) {
    this.app = app
    this.#tenant = tenant
    this.#audience = `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`
    this.#now = now
  }
  /** @throws Refusal 400 or 401, as Entra words it */
  grant(form: URLSearchParams): { access_token: string; expires_in: number; token_type: string; ext_expires_in: number } {
    if (form.get('grant_type') !== 'client_credentials') throw refused(70003, 'unsupported_grant_type')
    if (form.get('client_id') !== this.app.clientId) throw refused(700016, 'unauthorized_client')
    if (form.get('scope') !== 'https://graph.microsoft.com/.default') throw refused(1002012, 'invalid_scope')
    const secret = form.get('client_secret')
    if (secret === null) this.#checkAssertion(form)
    else if (!this.app.secrets.includes(secret)) throw refused(7000215, 'invalid_client')
    this.issued += 1
    return { token_type: 'Bearer', access_token: this.issue(this.app.roles), expires_in: this.app.tokenS, ext_expires_in: this.app.tokenS }
  }
  issue(roles: readonly string[]): string {
    const iat = Math.floor(this.#now() / 1000)
    const claims = { tid: this.#tenant, appid: this.app.clientId, roles, iat, exp: iat + this.app.tokenS, uti: ++this.#serial }
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.canary-of-graph-${this.#serial}`
    this.#live.set(token, this.#now() + this.app.tokenS * 1000)
    return token
  }
  revokeAll(): void {
    this.#live.clear()
  }
  /** The permissions of a token. @throws Refusal 401 */
  check(authorization: string | null): readonly string[] {
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
    const until = token === undefined ? undefined : this.#live.get(token)
    if (token === undefined || until === undefined) throw new Refusal(401, 'InvalidAuthenticationToken', 'Access token validation failure.')
    if (until <= this.#now()) throw new Refusal(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.')
    const { roles } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { roles: string[] }
    return roles
  }

  #checkAssertion(form: URLSearchParams): void {
    if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      throw refused(7000216, 'invalid_client')
    const [head = '', body = '', signature = ''] = (form.get('client_assertion') ?? '').split('.')
    const read = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
    const header = read(head)
    const claims = read(body)
    const certificate = this.app.certificates
      .map((pem) => new X509Certificate(pem))
      .find(({ raw }) => createHash('sha256').update(raw).digest('base64url') === header['x5t#S256'])
    if (certificate === undefined || header['alg'] !== 'PS256' || header['typ'] !== 'JWT') throw refused(700027, 'invalid_client')
    const key = {
      key: createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' })),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    }
    if (!verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) throw refused(700027, 'invalid_client')
    const now = this.#now() / 1000
    const { aud, iss, sub, jti, nbf, exp } = claims
    if (iss !== this.app.clientId || sub !== this.app.clientId || aud !== this.#audience) throw refused(700021, 'invalid_client')
    if (typeof nbf !== 'number' || typeof exp !== 'number' || nbf > now || exp <= now || exp - nbf > 3600)
      throw refused(700024, 'invalid_client')
    if (typeof jti !== 'string' || this.#seen.has(jti)) throw refused(50_049, 'invalid_client')
    this.#seen.add(jti)
  }
}

const refused = (number: number, error: string): TokenRefusal => new TokenRefusal(number, error)

/** The token service words its errors in its own way. The description names the app and the time. */
export class TokenRefusal extends Error {
  readonly answer: object
  constructor(number: number, error: string) {
    super(error)
    this.answer = { error, error_description: `AADSTS${number}: canary-description of the app 'fallreep'.`, error_codes: [number] }
  }
}
