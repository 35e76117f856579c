import { Random } from '../world/random.ts'
import { invalid } from './refusal.ts'

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | undefined
}

/** Cuts lists into pages: never more than asked, by default far fewer. Tokens are opaque, name the list they are of, and can expire. */
export class Pager {
  readonly #size: 'small' | 'full'
  #era = 0
  constructor(size: 'small' | 'full') {
    this.#size = size
  }
  /** Tokens handed out until now are refused from now on. */
  expireTokens(): void {
    this.#era++
  }
  token(list: string, position: string): string {
    return Buffer.from(JSON.stringify([this.#era, list, position])).toString('base64url')
  }
  /** Where a token points. @throws Refusal `invalidArgument` */
  position(list: string, token: string | undefined): string | undefined {
    if (token === undefined || token === '') return undefined
    try {
      const [era, of, position] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [number, string, string]
      if (era === this.#era && of === list) return position
    } catch {
      // No token of ours.
    }
    throw invalid('Invalid pageToken')
  }
  size(position: string, asked: number, most: number): number {
    const wanted = Math.max(1, Math.min(asked, most))
    return this.#size === 'full' ? wanted : Math.min(wanted, 5 + new Random(hash(position)).below(9))
  }
  /** One page of a list that stands still. */
  page<T>(list: string, all: readonly T[], token: string | undefined, asked: number, most: number): Page<T> {
    const start = Number(this.position(list, token) ?? 0)
    const end = start + this.size(`${list} ${start}`, asked, most)
    return { items: all.slice(start, end), next: end < all.length ? this.token(list, String(end)) : undefined }
  }
}

function hash(text: string): number {
  let sum = 2_166_136_261
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 16_777_619)
  return sum >>> 0
}
