import type { Http } from './ask.ts'
import { Refusal, unauthorized } from './refusal.ts'
import type { TokenRow, UserRow } from './rows.ts'
import type { World } from './world.ts'

interface Who {
  readonly me: UserRow
  readonly token: TokenRow
}
function tokenOf(http: Http): string | undefined {
  const header = http.req.header('authorization')
  const basic = /^Basic (.+)$/i.exec(header ?? '')?.[1]
  if (basic !== undefined) return Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':')
  return http.req.header('private-token') ?? /^Bearer (.+)$/i.exec(header ?? '')?.[1]
}
const scopeError = (): Refusal =>
  new Refusal(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: 'api',
  })

/**
 * Who a token belongs to, or nobody without one. A token that is unknown, revoked or over is refused, and that of somebody blocked too.
 * `Sudo` acts as somebody else: for administrators whose token has the scope `sudo` (doc/api/rest/authentication.md, read 2026-11-25).
 */
export function identify(world: World, http: Http, what: 'api' | 'git'): Who | undefined {
  const given = tokenOf(http)
  if (given === undefined || given === '') return undefined
  const token = world.tokens.get(given)
  const user = token === undefined ? undefined : world.users.get(token.user_id)
  const over = token?.expires_at !== undefined && token.expires_at !== null && Date.parse(token.expires_at) <= world.nowMs()
  if (token === undefined || user === undefined || token.revoked || over) {
    if (what === 'git') return undefined
    throw token === undefined || user === undefined
      ? unauthorized()
      : new Refusal(401, {
          error: 'invalid_token',
          error_description: token.revoked
            ? 'Token was revoked. You have to re-authorize from the user.'
            : 'Token is expired. You can either do re-authorization or token refresh.',
        })
  }
  if (user.state === 'blocked') throw new Refusal(403, { message: '403 Forbidden - Your account has been blocked.' })
  if (what === 'git')
    return token.scopes.some((scope) => ['api', 'write_repository', 'read_repository'].includes(scope)) ? { me: user, token } : undefined
  const reading = http.req.method === 'GET' || http.req.method === 'HEAD'
  if (!token.scopes.includes('api') && !(reading && token.scopes.includes('read_api'))) throw scopeError()
  const sudo = http.req.header('sudo') ?? http.req.query('sudo')
  if (sudo === undefined) return { me: user, token }
  if (!user.admin) throw new Refusal(403, { message: '403 Forbidden - Must be admin to use sudo' })
  if (!token.scopes.includes('sudo')) throw scopeError()
  const other = /^\d+$/.test(sudo) ? world.users.get(Number(sudo)) : world.userNamed(sudo)
  if (other === undefined) throw new Refusal(404, { message: `404 User with ID or username '${sudo}' Not Found` })
  return { me: other, token }
}
