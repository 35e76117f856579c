import { createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import type { Person } from './model.ts'
import type { Repository } from './repository.ts'
import type { Organisation } from './world.ts'

export type TokenKind = 'classic' | 'fine-grained' | 'oauth' | 'app'

export interface Grant {
  readonly token: string
  readonly kind: TokenKind
  /** Whose token; undefined: an installation's. */
  readonly person: Person | undefined
  readonly scopes: readonly string[]
  /** Repositories it does not see. */
  readonly hidden: Set<Repository>
  /** Names of routes and parts that are refused with 403. */
  readonly denied: Set<string>
  /** Milliseconds; undefined: it does not end. */
  readonly expiresAt: number | undefined
  revoked: boolean
}

const PREFIX = { classic: 'ghp', 'fine-grained': 'github_pat', oauth: 'gho', app: 'ghs' } as const
/** One key for all tests of a process: making one takes as long as all else together. */
let pair: { readonly privateKey: string; readonly publicKey: string } | undefined

/** What a token sees: all it was given, and whatever is public. */
export const sees = (grant: Grant | undefined, repository: Repository): boolean =>
  repository.visibility === 'public' || (grant !== undefined && !grant.hidden.has(repository))

/** An app that is installed in one organisation. */
export interface App {
  readonly id: number
  readonly installation: number
  readonly organisation: Organisation
  /** PEM, PKCS#1. */
  readonly privateKey: string
}

export class Tokens {
  readonly #now: () => number
  readonly #grants = new Map<string, Grant>()
  readonly #hidden = new Set<Repository>()
  #serial = 0
  #epoch = 0
  app: App | undefined
  /** Installation tokens handed out. */
  issued = 0
  /** How long one lives, in seconds. GitHub gives an hour. */
  lifeS = 3600
  constructor(now: () => number) {
    this.#now = now
  }
  install(organisation: Organisation): App {
    this.app = {
      id: 7,
      installation: 4711,
      organisation,
      get privateKey() {
        pair ??= generateKeyPairSync('rsa', {
          modulusLength: 2048,
          publicKeyEncoding: { type: 'spki', format: 'pem' },
          privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
        })
        return pair.privateKey
      },
    }
    return this.app
  }
  get excludes(): boolean {
    return this.#hidden.size > 0
  }
  /** No installation of the app sees this repository. */
  exclude(repository: Repository): void {
    this.#hidden.add(repository)
    for (const grant of this.#grants.values()) if (grant.kind === 'app') grant.hidden.add(repository)
  }
  issue(kind: TokenKind, person: Person | undefined, more: { scopes?: readonly string[]; hidden?: Iterable<Repository> } = {}): Grant {
    this.#serial += 1
    const grant: Grant = {
      token: `${PREFIX[kind]}_canary${String(this.#serial).padStart(30, '0')}`,
      kind,
      person,
      scopes: more.scopes ?? ['repo', 'read:org', 'admin:org', 'read:project', 'admin:repo_hook', 'admin:org_hook', 'read:discussion'],
      hidden: new Set([...(more.hidden ?? []), ...(kind === 'app' ? this.#hidden : [])]),
      denied: new Set(),
      expiresAt: kind === 'app' ? this.#now() + this.lifeS * 1000 : undefined,
      revoked: false,
    }
    this.#grants.set(grant.token, grant)
    if (kind === 'app') this.issued += 1
    return grant
  }
  grant(token: string): Grant | undefined {
    return this.#grants.get(token)
  }
  /** A signature for an address that opens without a token, for five minutes. */
  sign(what: string, until = this.#now() + 300_000): string {
    return `${until}.${createHmac('sha256', `canary-of-the-store-${this.#epoch}`).update(`${until} ${what}`).digest('hex')}`
  }
  opens(what: string, signature: string): boolean {
    const until = Number(signature.split('.')[0])
    return until > this.#now() && this.sign(what, until) === signature
  }
  /** Signed addresses handed out until now no longer open. */
  expireSignatures(): void {
    this.#epoch += 1
  }
  /** Ends every installation token that is in circulation. */
  expire(): void {
    for (const grant of this.#grants.values()) if (grant.kind === 'app') grant.revoked = true
  }
  /** The grant of a request. `Basic x-access-token:TOKEN` is git's way. */
  check(authorization: string | null | undefined): Grant | undefined {
    const [, scheme = '', value = ''] = /^(\w+) (.+)$/.exec(authorization ?? '') ?? []
    const token =
      scheme.toLowerCase() === 'basic'
        ? Buffer.from(value, 'base64')
            .toString()
            .replace(/^[^:]*:/, '')
        : value
    const grant = this.#grants.get(token)
    if (grant === undefined || grant.revoked || (grant.expiresAt !== undefined && grant.expiresAt <= this.#now())) return undefined
    return grant
  }
  /** Says what is wrong with an app's JWT, as GitHub words it; undefined: nothing. */
  complaint(authorization: string | null | undefined): string | undefined {
    const token = /^[Bb]earer (.+)$/.exec(authorization ?? '')?.[1] ?? ''
    const [head = '', body = '', signature = ''] = token.split('.')
    const undecodable = 'A JSON web token could not be decoded'
    if (this.app === undefined || pair === undefined || signature === '') return undecodable
    try {
      const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg?: unknown }
      const { iss, iat, exp } = JSON.parse(Buffer.from(body, 'base64url').toString()) as { iss?: unknown; iat?: unknown; exp?: unknown }
      const good = verify('sha256', Buffer.from(`${head}.${body}`), createPublicKey(pair.publicKey), Buffer.from(signature, 'base64url'))
      if (alg !== 'RS256' || !good) return undecodable
      if (String(iss) !== String(this.app.id)) return "'Issuer' claim ('iss') must be an Integer"
      const now = this.#now() / 1000
      if (typeof iat !== 'number' || iat > now + 60)
        return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
      if (typeof exp !== 'number' || exp <= now)
        return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
      if (exp > now + 660) return "'Expiration time' claim ('exp') is too far in the future"
      return undefined
    } catch {
      return undecodable
    }
  }
}
