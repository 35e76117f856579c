import type { LedgerEntry } from '../../../src/contract/target.ts'
import { LargePlace } from './large-place.ts'
import { type Pending, type Thread, assemble } from './threads.ts'

/** Characters of posts, about, that are held in memory for one place; beyond, they go to disk. Some twenty thousand ordinary posts. */
export const MOST_IN_MEMORY = 12 * 2 ** 20
/** What a post takes beside its texts. */
const FRAME = 400
/** So many threads are handed on at a time. */
const THREADS = 500

/** All posts of one place, until their threads are put together: a channel of a million costs no more memory than one of ten thousand. */
export class PlacePosts implements Disposable {
  readonly #path: string
  readonly #most: number
  #posts: Pending[] = []
  #size = 0
  #large: LargePlace | undefined
  #first: Pending | undefined
  /** `path`: where posts go that are too many; `most`: characters. */
  constructor(path: string, most: number) {
    this.#path = path
    this.#most = most
  }

  get first(): Pending | undefined {
    return this.#first
  }

  add(post: Pending): void {
    this.#first ??= post
    if (this.#large !== undefined) return this.#large.add(post)
    this.#posts.push(post)
    this.#size += FRAME + post.op.message.length + (post.op.mark?.original?.length ?? 0)
    if (this.#size <= this.#most) return
    this.#large = new LargePlace(this.#path)
    for (const held of this.#posts) this.#large.add(held)
    this.#posts = []
  }

  /** As they came. */
  *[Symbol.iterator](): Generator<Pending> {
    if (this.#large === undefined) yield* this.#posts
    else yield* this.#large.all()
  }

  /** These posts are on the server already. */
  adopt(known: ReadonlyMap<string, LedgerEntry>): void {
    if (this.#large !== undefined) this.#large.adopt(known)
    else if (known.size > 0)
      this.#posts = this.#posts.map((post) => {
        const entry = known.get(post.op.key)
        return entry === undefined ? post : { ...post, state: 'changed', known: entry }
      })
  }

  /** What `assemble` says, some threads at a time: their lines are gone before the next ones are made. */
  *threads(taken: Set<number>): Generator<readonly Thread[]> {
    if (this.#large === undefined) yield* someAtATime(assemble(this.#posts, taken))
    else yield* this.#large.threads(taken)
  }

  /** The times of all posts, when their threads have been put together; of those in memory `taken` knows already. */
  *times(): Generator<number> {
    if (this.#large !== undefined) yield* this.#large.times()
  }

  [Symbol.dispose](): void {
    this.#large?.[Symbol.dispose]()
    this.#large = undefined
  }
}

function* someAtATime(threads: readonly Thread[]): Generator<readonly Thread[]> {
  for (let from = 0; from < threads.length; from += THREADS) yield threads.slice(from, from + THREADS)
}
