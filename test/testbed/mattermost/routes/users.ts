import { userAnswer } from '../answers.ts'
import { checkPasswordRules, isAdmin, isUsername, saveUser, setPassword } from '../people.ts'
import { badBody, notAllowed, Refusal } from '../refusal.ts'
import type { UserRow } from '../rows.ts'
import { digest } from '../store.ts'
import {
  type Ask,
  body,
  boolOf,
  flag,
  json,
  listBody,
  ok,
  pageOf,
  param,
  query,
  requireAdmin,
  type Route,
  selfOrAdmin,
  textOf,
  userIn,
} from './ask.ts'

const badLogin = (): Refusal =>
  new Refusal('api.user.login.invalid_credentials_email_username', 401, 'Enter a valid email or username and/or password.')

async function login(ask: Ask): Promise<UserRow> {
  const fields = await body(ask, 'login')
  const name = (textOf(fields, 'login_id') ?? '').toLowerCase()
  const user = ask.store.users.get(textOf(fields, 'id') ?? '') ?? ask.store.userNamed(name) ?? ask.store.userWithEmail(name)
  if (user === undefined || user.bot !== undefined) throw badLogin()
  if (user.passwordDigest === '' || user.passwordDigest !== digest(textOf(fields, 'password') ?? '')) throw badLogin()
  if (user.delete_at !== 0)
    throw new Refusal('api.user.login.inactive.app_error', 401, 'Login failed because your account has been deactivated.')
  return user
}

const TEXTS = ['nickname', 'first_name', 'last_name', 'position', 'locale'] as const

function change({ store, me }: Ask, user: UserRow, fields: Readonly<Record<string, unknown>>): UserRow {
  const username = textOf(fields, 'username')?.toLowerCase()
  if (username !== undefined && username !== user.username) {
    if (!isUsername(username)) throw new Refusal('model.user.is_valid.username.app_error', 400, 'The username is not valid.')
    if (store.userNamed(username))
      throw new Refusal('app.user.save.username_exists.app_error', 400, 'An account with that username already exists.')
    store.renameUser(user, username)
  }
  const email = textOf(fields, 'email')?.toLowerCase()
  if (email !== undefined && email !== user.email) {
    if (store.userWithEmail(email))
      throw new Refusal('app.user.save.email_exists.app_error', 400, 'An account with that email already exists.')
    user.email = email
    user.email_verified = isAdmin(me)
  }
  for (const key of TEXTS) user[key] = textOf(fields, key) ?? user[key]
  for (const key of ['props', 'notify_props', 'timezone'] as const) {
    const value = fields[key]
    if (typeof value === 'object' && value !== null) user[key] = { ...(value as Record<string, string>) }
  }
  user.update_at = store.now()
  return user
}

function setActive({ store }: Ask, user: UserRow, active: boolean): void {
  user.delete_at = active ? 0 : store.now()
  user.update_at = store.now()
  if (active) return
  for (const session of store.sessions.values()) if (session.user_id === user.id) store.sessions.delete(session.token)
}

export const userRoutes: readonly Route[] = [
  {
    route: 'POST /users/login',
    open: true,
    answer: async (ask) => {
      const user = await login(ask)
      const token = ask.store.id()
      ask.store.sessions.set(token, { token, user_id: user.id })
      return { json: userAnswer(user, true), headers: { token } }
    },
  },
  {
    route: 'POST /users/logout',
    answer: (ask) => {
      ask.store.sessions.delete(ask.token ?? '')
      return ok()
    },
  },
  {
    route: 'POST /users',
    answer: async (ask) => {
      const fields = await body(ask, 'user')
      const username = textOf(fields, 'username') ?? ''
      const email = textOf(fields, 'email') ?? ''
      const given = Object.fromEntries(TEXTS.flatMap((key) => (textOf(fields, key) === undefined ? [] : [[key, textOf(fields, key)]])))
      const auth_service = textOf(fields, 'auth_service') ?? ''
      const user = saveUser(ask.store, {
        ...given,
        username,
        email,
        password: textOf(fields, 'password') ?? '',
        auth_service: isAdmin(ask.me) ? auth_service : '',
        auth_data: isAdmin(ask.me) && auth_service !== '' ? (textOf(fields, 'auth_data') ?? null) : null,
      })
      return json(userAnswer(user, true), 201)
    },
  },
  {
    route: 'GET /users',
    answer: (ask) => {
      const { store } = ask
      const inTeam = query(ask, 'in_team')
      const inChannel = query(ask, 'in_channel')
      const listed = [...store.users.values()]
        .filter((user) => inTeam === '' || store.teamMembers.get(`${inTeam}/${user.id}`)?.delete_at === 0)
        .filter((user) => inChannel === '' || store.channelMember(inChannel, user.id) !== undefined)
        .filter((user) => (flag(ask, 'active') ? user.delete_at === 0 : !flag(ask, 'inactive') || user.delete_at !== 0))
        .toSorted((a, b) => (a.username < b.username ? -1 : 1))
      return json(pageOf(ask, listed).map((user) => userAnswer(user, false)))
    },
  },
  {
    route: 'POST /users/ids',
    answer: async (ask) =>
      json((await listBody(ask, 'user_ids')).flatMap((id) => ask.store.users.get(id) ?? []).map((user) => userAnswer(user, false))),
  },
  {
    route: 'POST /users/usernames',
    answer: async (ask) => {
      const names = new Set(await listBody(ask, 'usernames'))
      return json([...names].flatMap((name) => ask.store.userNamed(name) ?? []).map((user) => userAnswer(user, false)))
    },
  },
  {
    route: 'GET /users/stats',
    answer: ({ store }) =>
      json({ total_users_count: [...store.users.values()].filter((user) => user.delete_at === 0 && !user.bot).length }),
  },
  {
    route: 'GET /users/username/{username}',
    answer: (ask) => {
      const user = ask.store.userNamed(param(ask, 'username').toLowerCase())
      if (user === undefined)
        throw new Refusal('app.user.get_by_username.app_error', 404, 'Unable to find an existing account matching your username.')
      return json(userAnswer(user, user === ask.me))
    },
  },
  {
    route: 'GET /users/email/{email}',
    answer: (ask) => {
      const user = ask.store.userWithEmail(param(ask, 'email'))
      if (user === undefined) throw new Refusal('app.user.missing_account.const', 404, 'Unable to find the user.')
      return json(userAnswer(user, user === ask.me))
    },
  },
  { route: 'GET /users/{user_id}', answer: (ask) => json(userAnswer(userIn(ask), userIn(ask) === ask.me)) },
  {
    route: 'PUT /users/{user_id}/patch',
    answer: async (ask) => json(userAnswer(change(ask, selfOrAdmin(ask, userIn(ask)), await body(ask, 'user')), true)),
  },
  {
    route: 'PUT /users/{user_id}/active',
    answer: async (ask) => {
      const forbidden = new Refusal('api.user.update_active.permissions.app_error', 403, 'You do not have the appropriate permissions.')
      if (!isAdmin(ask.me)) throw forbidden
      const active = boolOf(await body(ask, 'active'), 'active')
      if (active === undefined) throw badBody('active')
      setActive(ask, userIn(ask), active)
      return ok()
    },
  },
  {
    route: 'DELETE /users/{user_id}',
    answer: (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      if (!flag(ask, 'permanent')) {
        setActive(ask, user, false)
        return ok()
      }
      if (!ask.store.config.ServiceSettings.EnableAPIUserDeletion)
        throw new Refusal('api.user.delete_user.not_enabled.app_error', 401, 'Permanent user deletion feature is not enabled.')
      for (const post of [...ask.store.posts.values()]) if (post.user_id === user.id) ask.store.dropPost(post)
      for (const member of ask.store.channelMembers.values())
        if (member.user_id === user.id) ask.store.removeChannelMember(member.channel_id, user.id)
      for (const [key, member] of ask.store.teamMembers) if (member.user_id === user.id) ask.store.teamMembers.delete(key)
      ask.store.removeUser(user)
      return ok()
    },
  },
  {
    route: 'PUT /users/{user_id}/roles',
    answer: async (ask) => {
      requireAdmin(ask)
      const user = userIn(ask)
      user.roles = textOf(await body(ask, 'roles'), 'roles') ?? user.roles
      user.update_at = ask.store.now()
      return ok()
    },
  },
  {
    route: 'PUT /users/{user_id}/password',
    answer: async (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      const fields = await body(ask, 'password')
      const password = textOf(fields, 'new_password') ?? ''
      checkPasswordRules(ask.store, password)
      if (!isAdmin(ask.me) && user.passwordDigest !== digest(textOf(fields, 'current_password') ?? '')) throw notAllowed()
      setPassword(ask.store, user, password)
      return ok()
    },
  },
  {
    route: 'PUT /users/{user_id}/auth',
    answer: async (ask) => {
      requireAdmin(ask)
      const user = userIn(ask)
      const fields = await body(ask, 'user')
      user.auth_data = textOf(fields, 'auth_data') ?? null
      user.auth_service = textOf(fields, 'auth_service') ?? ''
      user.passwordDigest = ''
      return json({ auth_data: user.auth_data ?? undefined, auth_service: user.auth_service })
    },
  },
  {
    route: 'POST /users/{user_id}/email/verify/member',
    answer: (ask) => {
      requireAdmin(ask)
      const user = userIn(ask)
      user.email_verified = true
      return json(userAnswer(user, true))
    },
  },
  {
    route: 'GET /users/{user_id}/image',
    answer: (ask) => ({ bytes: userIn(ask).image ?? new Uint8Array(), type: 'image/png' }),
  },
  {
    route: 'POST /users/{user_id}/image',
    answer: async (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      const image = (await ask.http.req.parseBody())['image']
      if (!(image instanceof File))
        throw new Refusal('api.user.upload_profile_user.no_file.app_error', 400, "Empty or missing field 'image' in request.")
      user.image = new Uint8Array(await image.arrayBuffer())
      user.last_picture_update = user.update_at = ask.store.now()
      return ok()
    },
  },
  {
    route: 'POST /users/{user_id}/tokens',
    answer: async (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      if (!ask.store.config.ServiceSettings.EnableUserAccessTokens)
        throw new Refusal('app.user_access_token.disabled', 501, 'Personal access tokens are disabled on this server.')
      const description = textOf(await body(ask, 'user_access_token'), 'description') ?? ''
      const token = ask.store.id()
      const id = ask.store.id()
      ask.store.sessions.set(token, { token, user_id: user.id, tokenId: id, description })
      return json({ id, token, user_id: user.id, description, is_active: true })
    },
  },
  {
    route: 'GET /users/{user_id}/tokens',
    answer: (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      const tokens = [...ask.store.sessions.values()].filter((session) => session.user_id === user.id && session.tokenId !== undefined)
      return json(pageOf(ask, tokens).map(({ tokenId, description }) => ({ id: tokenId, user_id: user.id, description, is_active: true })))
    },
  },
  {
    route: 'POST /users/tokens/revoke',
    answer: async (ask) => {
      const id = textOf(await body(ask, 'token_id'), 'token_id')
      for (const session of ask.store.sessions.values()) if (session.tokenId === id) ask.store.sessions.delete(session.token)
      return ok()
    },
  },
]
