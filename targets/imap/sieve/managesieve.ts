import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Secret } from '../../../src/config/secret.ts'
import { Fault, type FaultCode } from '../../../src/fault.ts'
import { Lines, type Token } from './managesieve-lines.ts'

export interface ManageSieveAccess {
  readonly host: string
  readonly port: number
  /** `starttls` is how ManageSieve is encrypted; `plain` is for loopback. */
  readonly security: 'starttls' | 'plain'
  /** Whose scripts; empty: of `user` itself (SASL PLAIN, RFC 4616). */
  readonly authorize: string
  readonly user: string
  readonly password: Secret
}

/** A session with a ManageSieve server (RFC 5804), for one person's scripts. Calls must not overlap. */
export class ManageSieve implements AsyncDisposable {
  readonly #socket: Socket
  readonly #lines: Lines
  #capabilities: ReadonlyMap<string, string>
  private constructor(socket: Socket, lines: Lines, capabilities: ReadonlyMap<string, string>) {
    this.#socket = socket
    this.#lines = lines
    this.#capabilities = capabilities
  }

  /** @throws Fault `unavailable` without a server, `auth` for a refused login, `config` where encryption is wanted and not offered */
  static async open(access: ManageSieveAccess, signal: AbortSignal): Promise<ManageSieve> {
    const plain = await reached(connectTcp({ host: access.host, port: access.port }), 'connect', access, signal)
    let session = new ManageSieve(plain, new Lines(plain, signal), new Map())
    try {
      await session.#greet()
      if (access.security === 'starttls') {
        if (!session.#capabilities.has('STARTTLS'))
          throw new Fault({
            code: 'config',
            what: `The ManageSieve server ${access.host}:${access.port} offers no STARTTLS`,
            remedy: 'Switch TLS on at the server, or write the scripts to files with sieve.via: file',
          })
        await session.#command('STARTTLS')
        session.#lines.release()
        const secure = await reached(connectTls({ socket: plain, servername: access.host }), 'secureConnect', access, signal)
        session = new ManageSieve(secure, new Lines(secure, signal), new Map())
        await session.#greet()
      }
      const password = await access.password.expose(signal)
      const initial = Buffer.from(`${access.authorize}\0${access.user}\0${password}`).toString('base64')
      await session.#command(`AUTHENTICATE "PLAIN" "${initial}"`, 'auth')
      return session
    } catch (error) {
      session.#socket.destroy()
      throw error
    }
  }

  /** Sieve extensions of the server, in small letters. */
  get extensions(): ReadonlySet<string> {
    return new Set((this.#capabilities.get('SIEVE') ?? '').toLowerCase().split(/\s+/).filter(Boolean))
  }
  /** Names of the person's scripts; `active`: the one that runs. */
  async list(): Promise<readonly { readonly name: string; readonly active: boolean }[]> {
    const rows = await this.#command('LISTSCRIPTS')
    return rows.flatMap(([name, mark]) =>
      name?.type === 'string' ? [{ name: name.text, active: mark?.text.toUpperCase() === 'ACTIVE' }] : [],
    )
  }
  /** The text of a script. @throws Fault `gone` */
  async get(name: string): Promise<string> {
    const rows = await this.#command(`GETSCRIPT ${literal(name)}`)
    return rows[0]?.[0]?.text ?? ''
  }
  /** Stores a script; the server reads it first. @throws Fault `rejected` with the line it stumbled over */
  async put(name: string, text: string): Promise<void> {
    await this.#command(`PUTSCRIPT ${literal(name)} ${literal(text)}`)
  }
  async activate(name: string): Promise<void> {
    await this.#command(`SETACTIVE ${literal(name)}`)
  }
  async delete(name: string): Promise<void> {
    await this.#command(`DELETESCRIPT ${literal(name)}`)
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#command('LOGOUT').catch(() => undefined)
    this.#socket.destroy()
  }

  async #greet(): Promise<void> {
    const rows = await this.#answer('connecting', 'unavailable')
    this.#capabilities = new Map(
      rows.flatMap(([name, value]) => (name === undefined ? [] : [[name.text.toUpperCase(), value?.text ?? '']])),
    )
  }
  #command(text: string, refused: FaultCode = 'rejected'): Promise<readonly (readonly Token[])[]> {
    this.#socket.write(`${text}\r\n`)
    return this.#answer(/^\S+/.exec(text)?.[0] ?? '', refused)
  }
  /** Lines up to OK; NO and BYE are faults. */
  async #answer(asked: string, refused: FaultCode): Promise<readonly (readonly Token[])[]> {
    const rows: (readonly Token[])[] = []
    for (;;) {
      const row = await this.#lines.next()
      const [first] = row
      const word = first?.type === 'atom' ? first.text.toUpperCase() : ''
      if (word === 'OK') return rows
      if (word === 'NO' || word === 'BYE') throw refusal(asked, word, row.slice(1), refused)
      rows.push(row)
    }
  }
}

/** Always a literal: it may hold anything, and needs no waiting (RFC 5804, section 1.3). */
const literal = (text: string): string => `{${Buffer.byteLength(text)}+}\r\n${text}`

function refusal(asked: string, word: string, rest: readonly Token[], refused: FaultCode): Fault {
  const said = rest.map(({ text }) => text).join(' ')
  const code = word === 'BYE' ? 'unavailable' : /NONEXISTENT/i.test(said) ? 'gone' : refused
  return new Fault({
    code,
    what: `The ManageSieve server refused ${asked}`,
    why: said,
    remedy:
      code === 'auth'
        ? 'Check user and password of the target; a master user needs the right to act for others'
        : 'The mail itself is not touched by this; install the script by hand if need be',
    ...(word === 'BYE' ? { retry: { type: 'backoff' } } : {}),
  })
}

function reached<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  { host, port }: ManageSieveAccess,
  signal: AbortSignal,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      socket.destroy()
      reject(signal.reason as Error)
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    socket.once(event, () => {
      signal.removeEventListener('abort', abort)
      resolve(socket)
    })
    socket.once('error', (cause) => {
      signal.removeEventListener('abort', abort)
      reject(
        new Fault({
          code: 'unavailable',
          what: `The ManageSieve server ${host}:${port} cannot be reached`,
          why: cause.message,
          remedy: 'Check host and port, or write the scripts to files with sieve.via: file',
          retry: { type: 'backoff' },
          cause,
        }),
      )
    })
  })
}
