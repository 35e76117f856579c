/** A command as the emulator reads it: words, quoted strings, lists and literals. */
export type Word = string | Buffer | readonly Word[]
export interface Command {
  readonly tag: string
  readonly name: string
  readonly words: readonly Word[]
}

/** Cuts what a client sends into commands. `announced` is asked at each literal; it answers `+` for those that wait for it. */
export class CommandReader {
  readonly #announced: (soFar: string, bytes: number, waits: boolean) => boolean
  readonly #command: (command: Command) => void
  readonly #line: (line: string) => boolean
  #buffer = Buffer.alloc(0)
  #chunks: Buffer[] = []
  #size = 0
  #pieces: (string | Buffer)[] = []
  #wanted: number | undefined

  /** `line` may take a whole line for itself (an answer to AUTHENTICATE, DONE). */
  constructor(
    announced: (soFar: string, bytes: number, waits: boolean) => boolean,
    command: (command: Command) => void,
    line: (line: string) => boolean,
  ) {
    this.#announced = announced
    this.#command = command
    this.#line = line
  }
  /** Bytes of the command that is being read. */
  get bytes(): number {
    let bytes = this.#size
    for (const piece of this.#pieces) bytes += piece.length
    return bytes
  }
  get soFar(): string {
    return this.#pieces.find((piece) => typeof piece === 'string') ?? ''
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#wanted !== undefined && this.#size < this.#wanted) return
    this.#buffer = Buffer.concat(this.#chunks)
    for (;;) {
      if (this.#wanted !== undefined) {
        if (this.#buffer.length < this.#wanted) break
        this.#pieces.push(Buffer.from(this.#buffer.subarray(0, this.#wanted)))
        this.#buffer = this.#buffer.subarray(this.#wanted)
        this.#wanted = undefined
      }
      const end = this.#buffer.indexOf('\r\n')
      if (end < 0) break
      const line = this.#buffer.toString('utf8', 0, end)
      this.#buffer = this.#buffer.subarray(end + 2)
      const literal = /~?\{(\d+)(\+?)\}$/.exec(line)
      if (literal === null) {
        if (this.#pieces.length === 0 && this.#line(line)) continue
        const pieces = [...this.#pieces, line]
        this.#pieces = []
        this.#command(parsed(pieces))
        continue
      }
      const before = line.slice(0, literal.index)
      const bytes = Number(literal[1])
      const first = typeof this.#pieces[0] === 'string' ? this.#pieces[0] : before
      if (this.#announced(first, bytes, literal[2] === '')) {
        this.#pieces.push(before)
        this.#wanted = bytes
      } else this.#pieces = []
    }
    this.#chunks = [this.#buffer]
    this.#size = this.#buffer.length
  }
}

function parsed(pieces: readonly (string | Buffer)[]): Command {
  const words: Word[] = []
  const stack: Word[][] = [words]
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      stack.at(-1)?.push(piece)
      continue
    }
    const tokens = piece.matchAll(/"((?:[^"\\]|\\.)*)"|\(|\)|(?:[^\s()"[]|\[[^\]]*\])+/g)
    for (const [token, text] of tokens) {
      if (token === '(') stack.push([])
      else if (token === ')') {
        const list = stack.length > 1 ? stack.pop() : undefined
        if (list !== undefined) stack.at(-1)?.push(list)
      } else stack.at(-1)?.push(text === undefined ? token : text.replaceAll(/\\(.)/g, '$1'))
    }
  }
  const [tag = '', name = '', ...rest] = words
  const word = String(name).toUpperCase()
  if (word !== 'UID') return { tag: String(tag), name: word, words: rest }
  return { tag: String(tag), name: `UID ${String(rest[0]).toUpperCase()}`, words: rest.slice(1) }
}

export const text = (word: Word | undefined): string =>
  word === undefined ? '' : typeof word === 'string' ? word : Buffer.isBuffer(word) ? word.toString('utf8') : ''
export const list = (word: Word | undefined): readonly Word[] => (Array.isArray(word) ? (word as readonly Word[]) : [])
