import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { CallLog } from '../kit/calls.ts'
import { MailStore } from './store.ts'
import { serve } from './session.ts'

/** What the emulator does instead of, or to, its answer. */
export type ImapFault =
  /** Refuses with this code and text. */
  | { readonly type: 'no'; readonly code?: string; readonly text: string }
  /** Cuts the connection when so many bytes of the command have come; nothing of it is done. */
  | { readonly type: 'cut'; readonly afterBytes: number }
  /** Does the work, then cuts the connection: success that the client never hears of. */
  | { readonly type: 'lost-answer' }
  | { readonly type: 'delay'; readonly ms: number }

const CAPABILITIES = [
  'IMAP4rev1',
  'SASL-IR',
  'AUTH=PLAIN',
  'ENABLE',
  'NAMESPACE',
  'LITERAL+',
  'MULTIAPPEND',
  'UIDPLUS',
  'MOVE',
  'SPECIAL-USE',
  'LIST-EXTENDED',
  'CREATE-SPECIAL-USE',
  'QUOTA',
] as const
export type ImapCapability =
  | (typeof CAPABILITIES)[number]
  | 'LITERAL-'
  | 'UTF8=ACCEPT'
  | 'UTF8=ONLY'
  | 'LOGINDISABLED'
  | `APPENDLIMIT=${number}`

export interface ImapTestbedOptions {
  readonly without?: readonly ImapCapability[]
  readonly with?: readonly ImapCapability[]
  readonly delimiter?: string
  readonly prefix?: string
  /** The master user `master` with password `master-secret`, as USER*master; and `admin` with `admin-secret` for SASL authorization. */
  readonly separator?: string
  /** Refuses mails with a bare LF, a NUL, or lines beyond so many bytes. */
  readonly strict?: { readonly bareLf?: boolean; readonly nul?: boolean; readonly longestLine?: number }
  /** Stores a bare LF as CRLF without a word, as Dovecot does. */
  readonly mendsLineEnds?: boolean
  /** Keywords that may be set, or any; beyond `most` in one folder, further ones are dropped without a word. */
  readonly keywords?: { readonly only?: readonly string[]; readonly most?: number }
}

export interface ImapTestbed extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly store: MailStore
  readonly options: ImapTestbedOptions
  readonly capabilities: readonly string[]
  readonly calls: CallLog
  /** Commands so far that could have changed something. */
  readonly writes: number
  /** Connections that are open now, and the most there ever were of one person at once. */
  readonly open: ReadonlySet<Socket>
  readonly most: Map<string, number>
  /** The next command of this name meets this fault. */
  fault(name: string, ...faults: readonly ImapFault[]): void
  takeFault(name: string): ImapFault | undefined
  /** Refuses mails for as long as this says why. */
  refuses: ((bytes: Buffer) => string | undefined) | undefined
  /** Cuts the connection whenever this mail is sent. */
  chokesOn: ((bytes: Buffer) => boolean) | undefined
}

const WRITES = new Set([
  'APPEND',
  'CREATE',
  'DELETE',
  'RENAME',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'UID STORE',
  'UID COPY',
  'UID MOVE',
  'UID EXPUNGE',
  'EXPUNGE',
  'STORE',
  'COPY',
  'CLOSE',
])

/** A mail server on a loopback port that keeps state and fails on request. */
export async function imapTestbed(options: ImapTestbedOptions = {}): Promise<ImapTestbed> {
  const faults = new Map<string, ImapFault[]>()
  const calls = new CallLog()
  const open = new Set<Socket>()
  const delimiter = options.delimiter ?? '/'
  const without = new Set<string>(options.without)
  const bed: ImapTestbed = {
    host: '127.0.0.1',
    port: 0,
    store: new MailStore(delimiter, options.prefix ?? ''),
    options,
    capabilities: [...CAPABILITIES.filter((one) => !without.has(one)), ...(options.with ?? [])],
    calls,
    get writes() {
      return calls.calls.filter(({ route }) => WRITES.has(route)).length
    },
    open,
    most: new Map(),
    fault: (name, ...more) => void faults.set(name, [...(faults.get(name) ?? []), ...more]),
    takeFault: (name) => faults.get(name)?.shift(),
    refuses: undefined,
    chokesOn: undefined,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => undefined)
    serve(socket, bed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.defineProperty(bed, 'port', { value: (server.address() as AddressInfo).port })
}
