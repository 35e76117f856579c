import { mailTo } from './mail.ts'
import { badRequest, conflict } from './refusal.ts'
import { flagIn, textIn } from './fields.ts'
import type { Fields, TokenRow, UserRow } from './rows.ts'
import type { World } from './world.ts'

export interface NewUser {
  readonly username: string
  readonly name?: string
  readonly email: string
  readonly public_email?: string
  readonly admin?: boolean
  readonly bot?: boolean
  readonly state?: UserRow['state']
  readonly confirmed?: boolean
}

/** Puts somebody in without asking and without a mail: for a test's first lines. */
export function addUser(world: World, user: NewUser): UserRow {
  const now = world.now()
  const row: UserRow = {
    id: world.next('user'),
    username: user.username,
    name: user.name ?? user.username,
    email: user.email,
    public_email: user.public_email ?? '',
    state: user.state ?? 'active',
    admin: user.admin ?? false,
    bot: user.bot ?? false,
    external: false,
    note: null,
    created_at: now,
    confirmed_at: user.confirmed === false ? null : now,
    namespace_id: world.next('namespace'),
    notification: 'global',
    emails: [],
  }
  world.users.set(row.id, row)
  return row
}

export function addToken(
  world: World,
  user: UserRow,
  scopes: readonly string[],
  name = 'testbed',
  expires_at: string | null = null,
): TokenRow {
  const row: TokenRow = {
    id: world.next('token'),
    token: `glpat-${world.secret(10)}`,
    user_id: user.id,
    name,
    scopes,
    expires_at,
    created_at: world.now(),
    revoked: false,
  }
  world.tokens.set(row.token, row)
  return row
}

const USERNAME = /^[a-zA-Z0-9_][a-zA-Z0-9_.-]*$/
/**
 * `POST /users` of an administrator. A confirmation mail goes out unless `skip_confirmation`, a "your account was created" mail if
 * `reset_password` (doc/api/users.md, lib/api/users.rb; read 2026-11-25).
 */
export function createUser(world: World, fields: Fields): UserRow {
  const [email, username, name] = ['email', 'username', 'name'].map((key) => textIn(fields, key) ?? '')
  if (!email || !username || !name) throw badRequest({ error: 'email, name, username are required' })
  const random = flagIn(fields, 'force_random_password') === true
  const reset = flagIn(fields, 'reset_password') === true
  const password = textIn(fields, 'password')
  if (!random && !reset && password === undefined)
    throw badRequest({ error: 'password, reset_password, force_random_password are missing, at least one parameter must be provided' })
  if (password !== undefined && password.length < 8) throw badRequest({ password: ['is too short (minimum is 8 characters)'] })
  if (!USERNAME.test(username) || /\.(?:git|atom)$|[-_.]$|[-_.]{2}/.test(username))
    throw badRequest({ username: ["can contain only letters, digits, '_', '-', '.' and must not end in these"] })
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) throw badRequest({ email: ['is invalid'] })
  if (world.userWithEmail(email) !== undefined) throw conflict('Email has already been taken')
  if (world.userNamed(username) !== undefined || world.groupAt(username) !== undefined) throw conflict('Username has already been taken')
  const skip = flagIn(fields, 'skip_confirmation') === true
  const user = addUser(world, {
    username,
    name,
    email,
    admin: flagIn(fields, 'admin') ?? false,
    confirmed: skip,
  })
  user.external = flagIn(fields, 'external') ?? false
  user.note = textIn(fields, 'note') ?? null
  setPublicEmail(user, textIn(fields, 'public_email'))
  if (!skip) mailTo(world, user, 'confirmation', user.username, false)
  if (reset) mailTo(world, user, 'account created', user.username, false)
  return user
}

/** Only an address that is the person's own and confirmed can be shown to the public. */
export function setPublicEmail(user: UserRow, email: string | undefined): void {
  if (email === undefined) return
  const own = email === '' || (email === user.email && user.confirmed_at !== null)
  if (!own && !user.emails.some((each) => each.email === email && each.confirmed_at !== null))
    throw badRequest({ public_email: ['is not an email you own'] })
  user.public_email = email
}

export function changeUser(world: World, user: UserRow, fields: Fields): UserRow {
  const email = textIn(fields, 'email')
  const username = textIn(fields, 'username')
  if (email !== undefined && email !== user.email) {
    if (world.userWithEmail(email) !== undefined) throw conflict('Email has already been taken')
    // Without `skip_reconfirmation` the new address waits for a click in a mail.
    if (flagIn(fields, 'skip_reconfirmation') === true) user.email = email
    else mailTo(world, user, 'confirmation', email, false)
  }
  if (username !== undefined && username !== user.username) {
    if (world.userNamed(username) !== undefined) throw conflict('Username has already been taken')
    user.username = username
  }
  user.name = textIn(fields, 'name') ?? user.name
  user.admin = flagIn(fields, 'admin') ?? user.admin
  user.external = flagIn(fields, 'external') ?? user.external
  user.note = textIn(fields, 'note') ?? user.note
  setPublicEmail(user, textIn(fields, 'public_email'))
  return user
}
