import type { Secret } from '../../../src/config/secret.ts'
import { Fault } from '../../../src/fault.ts'
import { type Access, type Settings, portOf } from '../settings.ts'
import { Connection, type Part } from '../wire/connection.ts'
import { quoted } from '../wire/names.ts'
import { type Reply, codeOf } from '../wire/replies.ts'
import { type Address, openSocket, secured } from '../wire/socket.ts'

export const addressOf = (settings: Settings): Address => ({
  host: settings.host,
  port: portOf(settings),
  security: settings.security,
  allowPlain: settings.allowPlain,
  caFile: settings.caFile,
  timeoutMs: settings.timeoutSeconds * 1000,
})

/** A connection that nobody is logged in on. @throws Fault `unavailable` or `config` */
export async function connect(settings: Settings, signal: AbortSignal): Promise<Connection> {
  const address = addressOf(settings)
  const connection = new Connection(await openSocket(address, signal), address, signal)
  try {
    const greeting = await connection.greeting()
    if (greeting.status === 'BYE') throw unavailable(settings, greeting)
    if (settings.security === 'starttls') {
      await capable(connection)
      if (!connection.has('STARTTLS'))
        throw new Fault({
          code: 'config',
          what: `${settings.host} does not offer STARTTLS on port ${address.port}`,
          remedy: 'Set `security: tls` and the port for it, usually 993',
        })
      const reply = await connection.command(['STARTTLS'])
      if (reply.status !== 'OK') throw unavailable(settings, reply)
      connection.adopt(await secured(connection.socket, address, signal))
      // Whatever was said in the clear may have been said by somebody else.
      connection.capabilities = new Set()
    }
    await capable(connection)
    return connection
  } catch (error) {
    await connection[Symbol.asyncDispose]()
    throw error
  }
}

async function capable(connection: Connection): Promise<void> {
  if (connection.capabilities.size === 0) await connection.command(['CAPABILITY'])
}

const unavailable = ({ host }: Settings, { text }: Reply): Fault =>
  new Fault({ code: 'unavailable', what: `${host} takes no connections now`, why: text, retry: { type: 'backoff' } })

/** What is said to be let into one mailbox; undefined where the configuration has no way into it. */
export function credentialsOf(access: Access, login: string): { authzid: string; user: string; password: Secret } | undefined {
  switch (access.via) {
    case 'master':
      return { authzid: '', user: `${login}${access.separator}${access.user}`, password: access.password }
    case 'proxy':
      return { authzid: login, user: access.user, password: access.password }
    case 'account':
      return same(access.user, login) ? { authzid: '', user: access.user, password: access.password } : undefined
    case 'people': {
      const found = Object.entries(access.passwords).find(([name]) => same(name, login))
      return found === undefined ? undefined : { authzid: '', user: found[0], password: found[1] }
    }
  }
}
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * A connection into the mailbox of one person.
 * @throws Fault `auth` or `permission` when this one is refused, `unavailable` when nobody would be let in now
 */
export async function logIn(settings: Settings, login: string, signal: AbortSignal): Promise<Connection> {
  const credentials = credentialsOf(settings.access, login)
  if (credentials === undefined)
    throw new Fault({ code: 'auth', what: `There is no password for ${login}`, remedy: 'Name it under `access`' })
  const { authzid, user, password } = credentials
  const connection = await connect(settings, signal)
  try {
    const secret = await password.expose(signal)
    const before = connection.capabilities
    const reply = await connection.command(loginCommand(connection, authzid, user, secret))
    if (reply.status !== 'OK') throw refused(settings, login, reply)
    if (connection.capabilities === before) await connection.command(['CAPABILITY'])
    if (connection.has('UTF8=ONLY')) await connection.command(['ENABLE UTF8=ACCEPT'])
    return connection
  } catch (error) {
    await connection[Symbol.asyncDispose]()
    throw error
  }
}

/** SASL PLAIN (RFC 4616) where it is offered, LOGIN elsewhere. */
function loginCommand(connection: Connection, authzid: string, user: string, password: string): readonly Part[] {
  const ascii = /^[\u0020-\u007e]*$/
  if (authzid === '' && !connection.has('AUTH=PLAIN') && !connection.has('LOGINDISABLED') && ascii.test(user) && ascii.test(password))
    return [`LOGIN ${quoted(user)} ${quoted(password)}`]
  const answer = Buffer.from(`${authzid}\0${user}\0${password}`).toString('base64')
  return connection.has('SASL-IR') ? [`AUTHENTICATE PLAIN ${answer}`] : ['AUTHENTICATE PLAIN', { answer }]
}

function refused({ host, access }: Settings, login: string, reply: Reply): Fault {
  const code = codeOf(reply)
  if (code === 'UNAVAILABLE' || code === 'INUSE' || code === 'LIMIT' || code === 'SERVERBUG')
    return new Fault({
      code: 'unavailable',
      what: `${host} lets nobody into the mailbox of ${login} now`,
      why: reply.text,
      retry: { type: 'backoff' },
    })
  return new Fault({
    code: code === 'AUTHORIZATIONFAILED' || code === 'NOPERM' ? 'permission' : 'auth',
    what: `${host} refused the login for ${login}`,
    why: reply.text,
    remedy:
      access.via === 'master' || access.via === 'proxy'
        ? `Check whether this mailbox exists, and whether ${access.user} may act for others`
        : 'Check login name and password',
  })
}
