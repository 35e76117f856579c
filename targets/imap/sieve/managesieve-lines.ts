import type { Socket } from 'node:net'
import { Fault } from '../../../src/fault.ts'

/** `string`: quoted or literal; `atom`: everything else, parentheses included. */
export interface Token {
  readonly type: 'string' | 'atom'
  readonly text: string
}

/** No answer of a server is longer. */
const MOST_BYTES = 4 << 20
/** A server that says nothing for so long has gone. */
const SILENCE_MS = 60_000

/** Reads what a ManageSieve server says, line by line; a literal belongs to the line it stands in. */
export class Lines {
  readonly #socket: Socket
  readonly #signal: AbortSignal
  #held = Buffer.alloc(0)
  #ended: Error | undefined
  #wake: (() => void) | undefined
  readonly #listeners: { readonly [event: string]: (value?: unknown) => void }

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket
    this.#signal = signal
    const end = (why: string) => (): void => {
      this.#ended ??= new Fault({
        code: 'unavailable',
        what: `The ManageSieve server ${why}`,
        remedy: 'Run again',
        retry: { type: 'backoff' },
      })
      this.#wake?.()
    }
    this.#listeners = {
      data: (chunk) => {
        if (chunk instanceof Uint8Array) this.#held = Buffer.concat([this.#held, chunk])
        if (this.#held.length > MOST_BYTES) end('says more than any answer is long')()
        this.#wake?.()
      },
      error: end('broke the connection'),
      close: end('closed the connection'),
      timeout: end('says nothing any more'),
    }
    socket.setTimeout(SILENCE_MS)
    for (const [event, listener] of Object.entries(this.#listeners)) socket.on(event, listener)
    signal.addEventListener('abort', () => this.#wake?.(), { once: true })
  }
  /** The socket goes on under TLS, where somebody else reads it. */
  release(): void {
    for (const [event, listener] of Object.entries(this.#listeners)) this.#socket.off(event, listener)
  }
  /** @throws Fault `unavailable` when the server went away, or the abort's reason */
  async next(): Promise<readonly Token[]> {
    for (;;) {
      const line = tokensIn(this.#held)
      if (line !== undefined) {
        this.#held = this.#held.subarray(line.bytes)
        return line.tokens
      }
      this.#signal.throwIfAborted()
      if (this.#ended !== undefined) throw this.#ended
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#wake = undefined
    }
  }
}

/** The first whole line of what was received; undefined when its end has not come yet. */
export function tokensIn(held: Buffer): { readonly tokens: readonly Token[]; readonly bytes: number } | undefined {
  const tokens: Token[] = []
  for (let at = 0; at < held.length;) {
    const letter = held[at]
    if (letter === 0x0d && held[at + 1] === 0x0a) return { tokens, bytes: at + 2 }
    if (letter === 0x20) at++
    else if (letter === 0x22) {
      const end = closingQuote(held, at + 1)
      if (end < 0) return undefined
      tokens.push({ type: 'string', text: held.toString('utf8', at + 1, end).replaceAll(/\\(["\\])/g, '$1') })
      at = end + 1
    } else if (letter === 0x7b) {
      const head = /^\{(\d{1,9})\+?\}\r\n/.exec(held.toString('latin1', at, at + 16))
      if (head === null) {
        if (held.length < at + 16 && !held.includes('\r\n', at)) return undefined
        at++
        continue
      }
      const from = at + head[0].length
      const to = from + Number(head[1])
      if (held.length < to) return undefined
      tokens.push({ type: 'string', text: held.toString('utf8', from, to) })
      at = to
    } else {
      let end = at
      while (end < held.length && held[end] !== 0x20 && held[end] !== 0x0d && held[end] !== 0x22) end++
      if (end === held.length) return undefined
      if (end === at) end++
      else tokens.push({ type: 'atom', text: held.toString('utf8', at, end) })
      at = end
    }
  }
  return undefined
}

function closingQuote(held: Buffer, from: number): number {
  for (let at = from; at < held.length; at++) {
    if (held[at] === 0x5c) at++
    else if (held[at] === 0x22) return at
  }
  return -1
}
