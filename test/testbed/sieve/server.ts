import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

export interface SieveServerOptions {
  /** Extensions it says it has. */
  readonly extensions?: readonly string[]
  /** Closes the connection at this command, once. */
  readonly dropAt?: string
  /** Answers AUTHENTICATE with NO. */
  readonly refuse?: boolean
  /** People nobody gets in for. */
  readonly closed?: readonly string[]
}
interface Person {
  readonly scripts: Map<string, string>
  active: string | undefined
}

/** A ManageSieve server (RFC 5804) without encryption, on loopback, with the logins of the IMAP emulator: PERSON*master, or admin for anybody. */
export interface SieveServer extends AsyncDisposable {
  readonly port: number
  readonly people: ReadonlyMap<string, Person>
  readonly commands: readonly string[]
}

export async function sieveServer(options: SieveServerOptions = {}): Promise<SieveServer> {
  const people = new Map<string, Person>()
  const commands: string[] = []
  const sockets = new Set<Socket>()
  let drop = options.dropAt
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.write(
      `"IMPLEMENTATION" "testbed"\r\n"SIEVE" "${(options.extensions ?? ['fileinto', 'imap4flags', 'copy']).join(' ')}"\r\n"SASL" "PLAIN"\r\nOK "ready"\r\n`,
    )
    let who: Person | undefined
    let held = ''
    socket.on('data', (chunk) => {
      held += chunk.toString('latin1')
      for (let line = take(held); line !== undefined; line = take(held)) {
        held = held.slice(line.length)
        const [command = '', ...words] = wordsOf(line.text)
        commands.push(command)
        if (command === drop) {
          drop = undefined
          socket.destroy()
          return
        }
        if (command === 'AUTHENTICATE') who = authenticate(words[1] ?? '')
        else socket.write(answer(who, command, words), 'latin1')
      }
    })
    const authenticate = (initial: string): Person | undefined => {
      const [authorize = '', user = '', password = ''] = Buffer.from(initial, 'base64').toString().split('\0')
      const master = user.endsWith('*master') && password === 'master-secret' ? user.slice(0, -'*master'.length) : undefined
      const name = user === 'admin' && password === 'admin-secret' ? authorize : master
      if (options.refuse === true || name === undefined || options.closed?.includes(name) === true) {
        socket.write('NO "Authentication failed."\r\n')
        return undefined
      }
      const person = people.get(name) ?? { scripts: new Map<string, string>(), active: undefined }
      people.set(name, person)
      socket.write('OK "Logged in."\r\n')
      return person
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    people,
    commands,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function answer(who: Person | undefined, command: string, [name = '', text = '']: readonly string[]): string {
  if (command === 'LOGOUT') return 'OK "bye"\r\n'
  if (who === undefined) return 'NO "log in first"\r\n'
  const there = who.scripts.has(name)
  switch (command) {
    case 'LISTSCRIPTS':
      return `${[...who.scripts.keys()].map((one) => `"${one}"${one === who.active ? ' ACTIVE' : ''}\r\n`).join('')}OK\r\n`
    case 'GETSCRIPT':
      return there
        ? `{${Buffer.byteLength(who.scripts.get(name) ?? '', 'latin1')}}\r\n${who.scripts.get(name)}\r\nOK\r\n`
        : 'NO (NONEXISTENT) "no such script"\r\n'
    case 'PUTSCRIPT':
      if (text.includes('syntax error')) return 'NO {14}\r\nline 3: what? \r\n'
      who.scripts.set(name, text)
      return 'OK\r\n'
    case 'SETACTIVE':
      if (!there && name !== '') return 'NO (NONEXISTENT) "no such script"\r\n'
      who.active = name === '' ? undefined : name
      return 'OK\r\n'
    case 'DELETESCRIPT':
      if (name === who.active) return 'NO (ACTIVE) "it is active"\r\n'
      return who.scripts.delete(name) ? 'OK\r\n' : 'NO (NONEXISTENT) "no such script"\r\n'
    default:
      return 'NO "unknown command"\r\n'
  }
}

/** The first whole command, literals included. */
function take(held: string): { readonly text: string; readonly length: number } | undefined {
  for (let from = 0; ;) {
    const end = held.indexOf('\r\n', from)
    if (end < 0) return undefined
    const literal = /\{(\d+)\+\}$/.exec(held.slice(from, end))
    if (literal === null) return { text: held.slice(0, end), length: end + 2 }
    from = end + 2 + Number(literal[1])
    if (held.length < from) return undefined
  }
}
function wordsOf(line: string): string[] {
  const words: string[] = []
  for (let at = 0; at < line.length;) {
    const rest = line.slice(at)
    const literal = /^\{(\d+)\+\}\r\n/.exec(rest)
    const plain = /^(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))\s*/.exec(rest)
    if (literal !== null) {
      words.push(rest.slice(literal[0].length, literal[0].length + Number(literal[1])))
      at += literal[0].length + Number(literal[1])
      while (line[at] === ' ') at++
    } else if (plain !== null) {
      words.push(plain[1]?.replaceAll(/\\(.)/g, '$1') ?? plain[2] ?? '')
      at += plain[0].length
    } else at++
  }
  return words
}
