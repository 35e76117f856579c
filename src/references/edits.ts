import type { Unresolved } from './context.ts'

/** Replacements in one text by offsets, and what could not be replaced. */
export class Edits {
  readonly #text: string
  readonly #edits: { readonly start: number; readonly end: number; readonly by: string }[] = []
  readonly #unresolved = new Map<string, Unresolved>()
  constructor(text: string) {
    this.#text = text
  }
  /** Replacements never overlap; an empty stretch is an insertion. */
  replace(start: number, end: number, by: string): void {
    if (this.#text.slice(start, end) !== by) this.#edits.push({ start, end, by })
  }
  /** Whether the last replacement reaches to here. */
  endsAt(offset: number): boolean {
    return this.#edits.at(-1)?.end === offset
  }
  /** Each pair of reference and reason once. */
  unresolvedAt(reference: string, why: string): void {
    this.#unresolved.set(`${reference}\n${why}`, { reference, why })
  }
  unresolved(): Unresolved[] {
    return [...this.#unresolved.values()]
  }
  /** The text with all replacements; the very same string if there are none. */
  apply(): string {
    if (this.#edits.length === 0) return this.#text
    const parts: string[] = []
    let at = 0
    for (const { start, end, by } of this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
      if (start < at) continue
      parts.push(this.#text.slice(at, start), by)
      at = end
    }
    parts.push(this.#text.slice(at))
    return parts.join('')
  }
}
