import type { Socket } from 'node:net'
import { Fault } from '../../../src/fault.ts'
import { Lines, type Piece, type Sink } from './lines.ts'
import { Outgoing } from './outgoing.ts'
import { type Reply, type Untagged, replyOf, untaggedOf } from './replies.ts'
import type { Address } from './socket.ts'

/** Bytes that a command carries. A stream must give exactly as many as it said. */
export interface Literal {
  readonly bytes: number
  readonly content: Uint8Array | AsyncIterable<Uint8Array>
}
/** A command in pieces: words, literals, and answers that are sent when the server asks for them. */
export type Part = string | Literal | { readonly answer: string }

export interface Listener {
  readonly untagged?: (response: Untagged) => void
  /** Where large literals of the responses go; see `Receiver.sink`. */
  readonly sink?: (before: string, bytes: number) => Sink | undefined
}
interface Pending {
  readonly tag: string
  readonly listener: Listener
  readonly promise: Promise<Reply>
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
  answered: boolean
}

const CRLF = '\r\n'

/**
 * One connection to an IMAP server (RFC 3501, RFC 9051): commands go out in the order they are given, without waiting for the answers of
 * those before, and literals go out without waiting where the server allows it (RFC 7888). Knows nothing of folders and mails.
 */
export class Connection implements AsyncDisposable {
  capabilities: ReadonlySet<string> = new Set()
  #socket: Socket
  readonly #address: Address
  readonly #signal: AbortSignal
  readonly #pending: Pending[] = []
  readonly #greeting = Promise.withResolvers<Reply>()
  #greeted = false
  #lost: { readonly error: unknown } | undefined
  #bye: string | undefined
  #writing: Promise<unknown> = Promise.resolve()
  readonly #outgoing = new Outgoing()
  #proceed: (() => void) | undefined
  #tags = 0
  #listening: (() => void) | undefined

  constructor(socket: Socket, address: Address, signal: AbortSignal) {
    this.#socket = socket
    this.#address = address
    this.#signal = signal
    this.#greeting.promise.catch(() => undefined)
    signal.addEventListener('abort', this.#aborted, { once: true })
    this.adopt(socket)
    if (signal.aborted) this.#aborted()
  }

  /** False once the line is dead; then every command fails as it did. */
  get alive(): boolean {
    return this.#lost === undefined
  }
  has(capability: string): boolean {
    return this.capabilities.has(capability)
  }
  /** The value of a capability like `APPENDLIMIT=35651584`. */
  valueOf(capability: string): string | undefined {
    for (const one of this.capabilities) if (one.startsWith(`${capability}=`)) return one.slice(capability.length + 1)
    return undefined
  }
  greeting(): Promise<Reply> {
    return this.#greeting.promise
  }

  /** From now on the server is spoken to through this socket: at the beginning, and again once it is encrypted. */
  adopt(socket: Socket): void {
    this.#listening?.()
    this.#socket = socket
    const lines = new Lines({
      sink: (before, bytes) => this.#pending[0]?.listener.sink?.(before, bytes),
      line: (pieces) => this.#heard(pieces),
    })
    const heard = (chunk: Buffer): void => {
      try {
        lines.push(chunk)
      } catch (cause) {
        this.#lose(cause instanceof Fault ? cause : this.#fault('it says things that are no IMAP', cause))
      }
    }
    const failed = (cause: Error): void => this.#lose(this.#fault(cause.message, cause))
    const closed = (): void => this.#lose(this.#fault(this.#bye))
    const silent = (): void => {
      if (this.#pending.length > 0 || !this.#greeted) this.#lose(this.#fault(`no word within ${this.#address.timeoutMs / 1000} s`))
    }
    socket.setTimeout(this.#address.timeoutMs)
    socket.on('data', heard).on('error', failed).on('close', closed).on('timeout', silent)
    this.#listening = () => {
      socket.off('data', heard).off('error', failed).off('close', closed).off('timeout', silent)
      socket.setTimeout(0)
    }
  }
  get socket(): Socket {
    return this.#socket
  }
  /** While a listener cannot keep up, nothing more is read. */
  pause(): void {
    this.#socket.pause()
  }
  resume(): void {
    this.#socket.resume()
  }

  /** Commands that the server has not answered yet. */
  get unanswered(): number {
    return this.#pending.length
  }

  /**
   * Sends one command; resolves with the server's verdict, be it OK, NO or BAD.
   * @throws Fault `unavailable` when the line died before the verdict: what became of the command is then unknown
   */
  async command(parts: readonly Part[], listener: Listener = {}): Promise<Reply> {
    return (await this.begin(parts, listener)).reply
  }
  /** The same; resolves once the command is on its way, and others may follow it. @throws Fault `unavailable`, here or by `reply` */
  async begin(parts: readonly Part[], listener: Listener = {}): Promise<{ readonly reply: Promise<Reply> }> {
    const before = this.#writing
    const done = Promise.withResolvers<void>()
    this.#writing = done.promise
    await before
    let pending: Pending
    try {
      this.#check()
      pending = { tag: `f${++this.#tags}`, listener, ...Promise.withResolvers<Reply>(), answered: false }
      pending.promise.catch(() => undefined)
      this.#pending.push(pending)
      await this.#write(pending, parts)
    } finally {
      done.resolve()
    }
    return { reply: pending.promise }
  }

  async #write(pending: Pending, parts: readonly Part[]): Promise<void> {
    this.#outgoing.add(`${pending.tag} `)
    for (const part of parts) {
      if (pending.answered) break
      if (typeof part === 'string') this.#outgoing.add(part)
      else if ('answer' in part) {
        this.#outgoing.add(CRLF)
        await this.#allowed(pending)
        this.#outgoing.add(part.answer)
      } else await this.#literal(pending, part)
      if (this.#outgoing.full) await this.#flush()
    }
    if (!pending.answered) this.#outgoing.add(CRLF)
    await this.#flush()
  }

  async #literal(pending: Pending, { bytes, content }: Literal): Promise<void> {
    const plus = this.has('LITERAL+') || (bytes <= 4096 && (this.has('LITERAL-') || this.has('IMAP4REV2')))
    this.#outgoing.add(`{${bytes}${plus ? '+' : ''}}\r\n`)
    if (!plus) await this.#allowed(pending)
    if (pending.answered) return
    if (content instanceof Uint8Array) return this.#outgoing.add(content)
    let sent = 0
    for await (const chunk of content) {
      sent += chunk.length
      if (sent > bytes) break
      this.#outgoing.add(chunk)
      if (this.#outgoing.full) await this.#flush()
    }
    if (sent === bytes) return
    // The server waits for bytes that do not exist; only a new connection helps.
    const fault = new Fault({ code: 'corrupt', what: `A mail has ${sent > bytes ? 'more' : 'fewer'} bytes than its record says` })
    this.#lose(fault)
    throw fault
  }

  /** Until the server says `+`, or refuses the command as a whole. */
  async #allowed(pending: Pending): Promise<void> {
    const go = Promise.withResolvers<void>()
    this.#proceed = go.resolve
    await this.#flush()
    await Promise.race([go.promise, pending.promise])
    this.#proceed = undefined
  }

  async #flush(): Promise<void> {
    this.#check()
    await this.#outgoing.flush(this.#socket)
    this.#check()
  }

  #heard(pieces: readonly Piece[]): void {
    const first = pieces[0]
    if (typeof first !== 'string') return
    if (first.startsWith('+')) return this.#proceed?.()
    if (first.startsWith('* ')) return this.#untagged(untaggedOf(pieces))
    const reply = replyOf(first)
    const at = this.#pending.findIndex(({ tag }) => tag === reply?.tag)
    const pending = this.#pending[at]
    if (reply === undefined || pending === undefined) return
    this.#pending.splice(at, 1)
    pending.answered = true
    if (reply.code?.startsWith('CAPABILITY ') === true) this.#capable(reply.code)
    pending.resolve(reply)
  }

  #untagged(response: Untagged): void {
    if (response.name === 'CAPABILITY') this.#capable(response.text)
    if (response.reply?.code?.startsWith('CAPABILITY ') === true) this.#capable(response.reply.code)
    if (response.name === 'BYE') this.#bye = response.reply?.text
    if (response.reply !== undefined) {
      this.#greeted = true
      this.#greeting.resolve(response.reply)
    }
    this.#pending[0]?.listener.untagged?.(response)
  }

  #capable(text: string): void {
    this.capabilities = new Set(
      text
        .trim()
        .split(/\s+/)
        .slice(1)
        .map((word) => word.toUpperCase()),
    )
  }

  #check(): void {
    this.#signal.throwIfAborted()
    if (this.#lost !== undefined) throw this.#lost.error
  }
  readonly #aborted = (): void => this.#lose(this.#signal.reason)
  #lose(error: unknown): void {
    if (this.#lost !== undefined) return
    this.#lost = { error }
    this.#signal.removeEventListener('abort', this.#aborted)
    this.#greeting.reject(error)
    for (const pending of this.#pending.splice(0)) {
      pending.answered = true
      pending.reject(error)
    }
    this.#socket.destroy()
  }
  #fault(why: string | undefined, cause?: unknown): Fault {
    const { host, port } = this.#address
    return new Fault({
      code: 'unavailable',
      what: `The connection to ${host}:${port} was lost`,
      why: why ?? 'the server closed it',
      remedy: 'Run again: it continues where it stopped',
      retry: { type: 'backoff' },
      cause,
    })
  }

  /** Says goodbye, and waits no longer than a second for the other side to hang up. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#lost !== undefined) return
    const socket = this.#socket
    this.#lost = { error: this.#fault('it was closed by us') }
    this.#signal.removeEventListener('abort', this.#aborted)
    await new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, 1000)
      socket.once('close', () => {
        clearTimeout(patience)
        resolve()
      })
      socket.end('bye LOGOUT\r\n')
    })
    socket.destroy()
  }
}
