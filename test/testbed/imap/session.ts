import type { Socket } from 'node:net'
import { type Command, CommandReader, text } from './command.ts'
import { folderCommand } from './folder-commands.ts'
import { mailCommand } from './mail-commands.ts'
import type { StoredAccount, StoredFolder } from './store.ts'
import type { ImapTestbed } from './testbed.ts'

/** One client. `say` sends a line; `answer` ends a command. */
export interface ImapSession {
  readonly bed: ImapTestbed
  account: StoredAccount | undefined
  selected: StoredFolder | undefined
  /** Mails below this uid are seen by this client: what comes over other lines shows after the next command (as Dovecot 2.3 has it). */
  sees: number
  readOnly: boolean
  utf8: boolean
  say(line: string | Buffer): void
}
/** The verdict on a command: `OK [CODE] text`. Undefined: this group of commands does not know it. */
export type Verdict = string | undefined

/** Speaks IMAP with one client, one command after the other. */
export function serve(socket: Socket, bed: ImapTestbed): void {
  let asked: { tag: string; handle: (line: string) => Verdict } | undefined
  let queue: Promise<void> = Promise.resolve()
  let cutAt = Infinity
  const session: ImapSession = {
    bed,
    account: undefined,
    selected: undefined,
    sees: 1,
    readOnly: false,
    utf8: bed.options.with?.includes('UTF8=ONLY') ?? false,
    say: (line) => {
      if (!socket.destroyed) socket.write(typeof line === 'string' ? `${line}\r\n` : line)
    },
  }
  const run = async (command: Command): Promise<void> => {
    const { tag, name, words } = command
    bed.calls.add({ route: name, method: name, path: '', atMs: performance.now() })
    const fault = name === 'APPEND' && cutAt !== Infinity ? undefined : bed.takeFault(name)
    if (fault?.type === 'cut') return void socket.destroy()
    if (fault?.type === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms))
    if (fault?.type === 'no') return session.say(`${tag} NO ${fault.code === undefined ? '' : `[${fault.code}] `}${fault.text}`)
    if (name === 'APPEND' && bed.chokesOn !== undefined && words.some((word) => Buffer.isBuffer(word) && bed.chokesOn?.(word) === true))
      return void socket.destroy()
    if (name === 'AUTHENTICATE') {
      const handle = (line: string) => authenticate(session, line)
      if (words[1] !== undefined) return session.say(`${tag} ${handle(text(words[1]))}`)
      asked = { tag, handle }
      return session.say('+ ')
    }
    if (name === 'IDLE') {
      asked = { tag, handle: () => 'OK done' }
      return session.say('+ idling')
    }
    const verdict = general(session, command) ?? folderCommand(session, command) ?? mailCommand(session, command) ?? 'BAD unknown command'
    if (fault?.type === 'lost-answer') return void socket.destroy()
    session.sees = session.selected?.uidNext ?? 1
    session.say(`${tag} ${verdict}`)
    if (name === 'LOGOUT') socket.end()
  }
  const reader = new CommandReader(
    (soFar, bytes, waits) => {
      const limit = Number(/APPENDLIMIT=(\d+)/.exec(bed.capabilities.join(' '))?.[1] ?? Infinity)
      if (waits && bytes > limit) {
        session.say(`${soFar.split(' ')[0] ?? ''} NO [TOOBIG] larger than this server takes`)
        return false
      }
      if (waits) session.say('+ go on')
      return true
    },
    (command) => {
      queue = queue.then(() => run(command))
    },
    (line) => {
      if (asked === undefined) return false
      const { tag, handle } = asked
      asked = undefined
      session.say(`${tag} ${handle(line) ?? 'BAD'}`)
      return true
    },
  )
  socket.on('data', (chunk) => {
    if (cutAt === Infinity && / APPEND /i.test(reader.soFar === '' ? chunk.toString('latin1', 0, 200) : reader.soFar)) {
      const fault = bed.takeFault('APPEND bytes')
      if (fault?.type === 'cut') cutAt = fault.afterBytes
    }
    if (reader.bytes + chunk.length > cutAt) return void socket.destroy()
    reader.push(chunk)
  })
  session.say(`* OK [CAPABILITY ${bed.capabilities.join(' ')}] ready`)
}

function general(session: ImapSession, { name, words }: Command): Verdict {
  const { bed } = session
  switch (name) {
    case 'CAPABILITY':
      session.say(`* CAPABILITY ${bed.capabilities.join(' ')}`)
      return 'OK done'
    case 'NOOP':
    case 'CHECK':
      return 'OK done'
    case 'ID':
      session.say('* ID ("name" "emulator")')
      return 'OK done'
    case 'LOGOUT':
      session.say('* BYE see you')
      return 'OK done'
    case 'ENABLE':
      session.utf8 ||= words.some((word) => text(word).toUpperCase() === 'UTF8=ACCEPT')
      return 'OK done'
    case 'LOGIN':
      return login(session, '', text(words[0]), text(words[1]))
    default:
      return session.account === undefined ? 'BAD log in first' : undefined
  }
}

function authenticate(session: ImapSession, line: string): string {
  const [authzid = '', user = '', password = ''] = Buffer.from(line, 'base64').toString('utf8').split('\0')
  return login(session, authzid, user, password)
}

function login(session: ImapSession, authzid: string, user: string, password: string): string {
  const { bed } = session
  const separator = bed.options.separator ?? '*'
  const [person = '', master] = user.split(separator)
  let account: StoredAccount | undefined
  if (master !== undefined)
    account = master === 'master' && password === 'master-secret' ? bed.store.accounts.get(person.toLowerCase()) : undefined
  else if (authzid !== '')
    account = user === 'admin' && password === 'admin-secret' ? bed.store.accounts.get(authzid.toLowerCase()) : undefined
  else {
    const own = bed.store.accounts.get(user.toLowerCase())
    account = own?.password === password ? own : undefined
  }
  if (account === undefined) return 'NO [AUTHENTICATIONFAILED] who are you?'
  session.account = account
  return `OK [CAPABILITY ${bed.capabilities.join(' ')}] logged in`
}
