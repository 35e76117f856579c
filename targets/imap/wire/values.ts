import type { Piece, Sink } from './lines.ts'

/** What a server says, as IMAP nests it. `null` is NIL. A literal that went to a sink stands as the sink. */
export type Value = string | Buffer | Sink | null | readonly Value[]

/** Reads values from a response, from behind its first words. Never throws: what does not parse ends the list. */
export function valuesOf(pieces: readonly Piece[], from = 0): readonly Value[] {
  const reader = new ValueReader(pieces, from)
  return reader.list(false)
}

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)
/** Text of an atom, a quoted string or a literal; undefined for NIL, lists and what went to a sink. */
export const textOf = (value: Value | undefined): string | undefined =>
  typeof value === 'string' ? value : Buffer.isBuffer(value) ? value.toString('utf8') : undefined

class ValueReader {
  readonly #pieces: readonly Piece[]
  #piece = 0
  #at: number
  constructor(pieces: readonly Piece[], from: number) {
    this.#pieces = pieces
    this.#at = from
  }

  list(nested: boolean): readonly Value[] {
    const values: Value[] = []
    for (;;) {
      const piece = this.#pieces[this.#piece]
      if (piece === undefined) return values
      if (typeof piece !== 'string') {
        values.push(piece)
        this.#next()
      } else if (this.#at >= piece.length) this.#next()
      else {
        const letter = piece[this.#at]
        if (letter === ' ') this.#at++
        else if (letter === '(') {
          this.#at++
          values.push(this.list(true))
        } else if (letter === ')') {
          this.#at++
          if (nested) return values
        } else if (letter === '"') values.push(this.#quoted(piece))
        else values.push(this.#atom(piece))
      }
    }
  }

  #next(): void {
    this.#piece++
    this.#at = 0
  }

  #quoted(piece: string): string {
    let text = ''
    for (let at = this.#at + 1; at < piece.length; at++) {
      const letter = piece[at]
      if (letter === '"') {
        this.#at = at + 1
        return text
      }
      text += letter === '\\' ? (piece[++at] ?? '') : letter
    }
    this.#at = piece.length
    return text
  }

  /** `BODY[HEADER.FIELDS (DATE)]<0>` is one atom. */
  #atom(piece: string): string | null {
    const from = this.#at
    let depth = 0
    let at = from
    for (; at < piece.length; at++) {
      const letter = piece[at]
      if (letter === '[') depth++
      else if (letter === ']') depth--
      else if (depth === 0 && (letter === ' ' || letter === '(' || letter === ')')) break
    }
    this.#at = at
    const atom = piece.slice(from, at)
    return atom.toUpperCase() === 'NIL' ? null : atom
  }
}
