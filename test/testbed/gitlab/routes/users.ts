import { fullUser } from '../answers/people.ts'
import { type Ask, body, created, flag, json, noContent, requireAdmin, type Route, userIn, word } from '../ask.ts'
import { fieldsOf, flagIn, listOf, textIn } from '../fields.ts'
import { mailTo } from '../mail.ts'
import { keysetPage, page } from '../pages.ts'
import { addToken, changeUser, createUser } from '../people.ts'
import { badRequest, conflict, forbidden } from '../refusal.ts'
import type { TokenRow, UserRow } from '../rows.ts'

const tokenAnswer = (row: TokenRow): Record<string, unknown> => ({ ...row, token: undefined, active: !row.revoked, last_used_at: null })

/** An address is found whole by administrators; everybody finds a public one. */
function searched(ask: Ask): UserRow[] {
  const [username, search] = [word(ask, 'username')?.toLowerCase(), word(ask, 'search')?.toLowerCase()]
  const admin = ask.me.admin
  return [...ask.world.users.values()].filter((user) => {
    if (username !== undefined && user.username.toLowerCase() !== username) return false
    if (flag(ask, 'active') === true && user.state !== 'active') return false
    if (flag(ask, 'blocked') === true && user.state !== 'blocked') return false
    if (search === undefined) return true
    if (search.includes('@')) return [user.public_email, ...(admin ? [user.email] : [])].some((email) => email.toLowerCase() === search)
    return user.username.toLowerCase().includes(search) || user.name.toLowerCase().includes(search)
  })
}
function moving(to: UserRow['state'], from: UserRow['state'], refusal: string): Route['answer'] {
  return (ask) => {
    requireAdmin(ask)
    const user = userIn(ask)
    if (to === 'blocked' && user.id === ask.me.id) throw forbidden('403 Forbidden - The API initiating user cannot be blocked by the API')
    if (user.state !== from && user.state !== to) throw forbidden(refusal)
    if (to === 'deactivated' && ask.world.settings['user_deactivation_emails_enabled'] === true)
      mailTo(ask.world, user, 'deactivated', user.username)
    user.state = to
    return json(true, 201)
  }
}

export const userRoutes: readonly Route[] = [
  { route: 'GET /user', answer: (ask) => json(fullUser(ask.world, ask.me, true)) },
  {
    route: 'GET /users',
    answer: (ask) => keysetPage(ask, searched(ask), (user) => fullUser(ask.world, user, ask.me.admin)),
  },
  {
    route: 'POST /users',
    answer: async (ask) => {
      requireAdmin(ask)
      return created(fullUser(ask.world, createUser(ask.world, await body(ask)), true))
    },
  },
  { route: 'GET /users/{user_id}', answer: (ask) => json(fullUser(ask.world, userIn(ask), ask.me.admin)) },
  {
    route: 'PUT /users/{user_id}',
    answer: async (ask) => {
      requireAdmin(ask)
      return json(fullUser(ask.world, changeUser(ask.world, userIn(ask), await body(ask)), true))
    },
  },
  {
    route: 'DELETE /users/{user_id}',
    answer: (ask) => {
      requireAdmin(ask)
      ask.world.users.delete(userIn(ask).id)
      return noContent
    },
  },
  { route: 'POST /users/{user_id}/block', answer: moving('blocked', 'active', '403 Forbidden - User cannot be blocked') },
  { route: 'POST /users/{user_id}/unblock', answer: moving('active', 'blocked', '403 Forbidden - User cannot be unblocked') },
  {
    route: 'POST /users/{user_id}/deactivate',
    answer: moving('deactivated', 'active', '403 Forbidden - A blocked user cannot be deactivated by the API'),
  },
  {
    route: 'POST /users/{user_id}/activate',
    answer: moving('active', 'deactivated', '403 Forbidden - A blocked user must be unblocked to be activated'),
  },
  {
    route: 'GET /users/{user_id}/emails',
    answer: (ask) => {
      requireAdmin(ask)
      return page(ask, userIn(ask).emails, (email) => email)
    },
  },
  {
    route: 'POST /users/{user_id}/emails',
    answer: async (ask) => {
      requireAdmin(ask)
      const user = userIn(ask)
      const fields = await body(ask)
      const email = textIn(fields, 'email')
      if (email === undefined) throw badRequest({ email: ["can't be blank"] })
      if (ask.world.userWithEmail(email) !== undefined) throw conflict({ email: ['has already been taken'] })
      const skip = flagIn(fields, 'skip_confirmation') === true
      if (!skip) ask.world.mails.push({ to: email, reason: 'confirmation', about: user.username })
      const row = { id: ask.world.next('email'), email, confirmed_at: skip ? ask.world.now() : null }
      user.emails.push(row)
      return created(row)
    },
  },
  {
    route: 'POST /users/{user_id}/personal_access_tokens',
    answer: async (ask) => {
      requireAdmin(ask)
      const fields = fieldsOf(await body(ask))
      const row = addToken(
        ask.world,
        userIn(ask),
        listOf(fields['scopes']).map(String),
        textIn(fields, 'name') ?? '',
        textIn(fields, 'expires_at') ?? null,
      )
      return created({ ...tokenAnswer(row), token: row.token })
    },
  },
  {
    route: 'GET /personal_access_tokens/self',
    answer: ({ token }) => json(token === undefined ? {} : tokenAnswer(token)),
  },
]
