import { Refusal } from './errors.ts'

/** Everything a reader can be granted. The names are Slack's. */
export const ALL_SCOPES = [
  'bookmarks:read',
  'channels:history',
  'channels:join',
  'channels:read',
  'emoji:read',
  'files:read',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'lists:read',
  'mpim:history',
  'mpim:read',
  'pins:read',
  'team:read',
  'usergroups:read',
  'users.profile:read',
  'users:read',
  'users:read.email',
] as const

export interface Grant {
  readonly token: string
  readonly type: 'user' | 'bot'
  /** Whose eyes the token sees with. */
  readonly user: string
  scopes: ReadonlySet<string>
  state: 'valid' | 'revoked' | 'expired' | 'inactive'
}

const REFUSALS = { revoked: 'token_revoked', expired: 'token_expired', inactive: 'account_inactive' } as const

/** Tokens in circulation and what became of them. */
export class Tokens {
  readonly #grants = new Map<string, Grant>()
  issue(grant: Grant): void {
    this.#grants.set(grant.token, grant)
  }
  /** The grant of a live token, undefined for one that is missing, unknown or dead: files do not say why. */
  live(token: string | undefined): Grant | undefined {
    const grant = token === undefined ? undefined : this.#grants.get(token)
    return grant?.state === 'valid' ? grant : undefined
  }
  /** @throws Refusal in Slack's words. */
  check(token: string | undefined): Grant {
    if (token === undefined || token === '') throw new Refusal('not_authed')
    const grant = this.#grants.get(token)
    if (grant === undefined) throw new Refusal('invalid_auth')
    if (grant.state !== 'valid') throw new Refusal(REFUSALS[grant.state])
    return grant
  }
}

export const bearer = (header: string | undefined): string | undefined => /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1]

/** @throws Refusal `missing_scope` naming what is needed and what there is, as Slack does. */
export function needScopes(grant: Grant, needed: readonly string[]): void {
  const missing = needed.find((scope) => !grant.scopes.has(scope))
  if (missing !== undefined) throw new Refusal('missing_scope', { needed: missing, provided: [...grant.scopes].join(',') })
}
