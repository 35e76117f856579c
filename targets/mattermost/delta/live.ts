import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Work } from '../apply.ts'
import type { Pending } from '../bulk/threads.ts'
import { textHash } from '../expect.ts'
import type { ServerPlaces } from '../places.ts'
import { Post } from '../wire.ts'
import type { Finish } from './finish.ts'
import { rewritten } from './links.ts'

/**
 * Texts of posts as they stand on the server. A line finds its post by time and exact text, so a text that was edited (by us or by a person) must be
 * sent as it is now, or the server makes a second post. Edits of the source go through the API before the lines.
 */
export class LiveTexts {
  readonly #work: Work
  readonly #places: ServerPlaces
  readonly #finish: Finish
  readonly #texts = new Map<string, string>()
  readonly #losses = new Map<string, Loss>()
  constructor(work: Work, places: ServerPlaces, finish: Finish) {
    this.#work = work
    this.#places = places
    this.#finish = finish
  }

  /** Edits what changed at the source and nobody edited here; gives the texts to send, by key. */
  async of(posts: readonly Pending[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>()
    const ids = await this.#finish.idsOf(posts, signal)
    for (const post of posts) {
      const { op, known, state } = post
      const id = ids.get(op.key)
      const wanted = this.#wanted(post)
      const found = id === undefined ? undefined : await this.#places.post(id, signal)
      if (found === undefined) {
        texts.set(op.key, wanted)
        continue
      }
      const untouched = textHash(found.message) === known?.notes['text']
      if (state !== 'changed' || found.message === wanted) texts.set(op.key, found.message)
      else if (untouched) {
        await this.#work.client.put(Post, `/posts/${found.id}/patch`, { message: wanted }, signal)
        texts.set(op.key, wanted)
      } else {
        texts.set(op.key, found.message)
        this.#losses.set(op.key, {
          item: op.item,
          stage: 'apply',
          code: 'rejected-by-target',
          effect: { type: 'degraded', field: 'text' },
          detail: 'somebody edited this post on the server after it was imported; their text was kept',
        })
      }
    }
    for (const [key, text] of texts) this.#texts.set(key, text)
    return texts
  }

  /** The text a post must show after the import, as far as it is known while composing. */
  expected(post: Pending): string {
    return this.#texts.get(post.op.key) ?? this.#wanted(post)
  }
  losses(key: string): readonly Loss[] {
    const loss = this.#losses.get(key)
    return loss === undefined ? [] : [loss]
  }
  #wanted({ op, known }: Pending): string {
    return rewritten(op.message, known?.notes['links'])
  }
}
