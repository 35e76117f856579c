import { z } from 'zod'
import type { IdempotencyKey, ItemId } from '../../../src/contract/ids.ts'
import { idempotencyKey } from '../../../src/contract/ids.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { ApplyContext, Ledger } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import type { Adjustments } from '../adjust.ts'
import type { Work } from '../apply.ts'
import type { DirectoryOperations, Live } from '../bulk/compose-options.ts'
import type { Pending } from '../bulk/threads.ts'
import { placeOf, textHash } from '../expect.ts'
import { type ChannelOperation, type GroupOperation, type Place, placeText } from '../map/operations.ts'
import type { ServerPlaces } from '../places.ts'
import { Post, Reaction } from '../wire.ts'
import { rewritten } from './links.ts'
import { type Amendments } from './record.ts'
import { archiveChannels } from './archive.ts'
import { settleBookmarks } from './bookmarks.ts'
import { settleGroups } from './groups.ts'
import { settleMembers } from './members.ts'

interface Todo {
  readonly key: IdempotencyKey
  readonly item: ItemId
  readonly remote: string
  readonly pin: boolean | undefined
  /** Reactions that were ours and are gone at the source. */
  readonly withdrawn: readonly string[]
  readonly links: readonly { readonly message: ItemId; readonly url: string }[]
  readonly message: string
  readonly notes: JsonObject
}

/** A group, and whether it is ours to change. */
export interface GroupWork {
  readonly stated: Live<GroupOperation>
  readonly ours: boolean
}

/** Places whose posts are remembered at a time. */
const MAX_PLACES = 64

/** What the import of this server version leaves undone, set through the API afterwards: pins, links between messages, withdrawn reactions, members, archives. */
export class Finish {
  readonly #work: Work
  readonly #world: ServerPlaces
  readonly #ledger: Ledger
  readonly #todo: Todo[] = []
  /** Ids of posts by place and time, filled place by place. */
  readonly #ids = new Map<string, ReadonlyMap<number, string>>()
  #channels: readonly Live<ChannelOperation>[] = []
  #groups: readonly GroupWork[] = []
  /** Archived channels that were opened for this run. */
  readonly reopened = new Set<string>()
  readonly #adjustments: Adjustments

  constructor(work: Work, world: ServerPlaces, ledger: Ledger, adjustments: Adjustments) {
    this.#adjustments = adjustments
    this.#work = work
    this.#world = world
    this.#ledger = ledger
  }
  directory({ channels }: DirectoryOperations, groups: readonly GroupWork[]): void {
    this.#channels = channels
    this.#groups = groups
  }
  /** Notes what is left to do for a post. Keeps only posts with something to do. */
  post({ op, state, known }: Pending, remote: string): void {
    const was = known?.notes['pinned'] === true
    const pin =
      op.pinned === was && state !== 'new'
        ? undefined
        : op.pinned && (state !== 'new' || !this.#work.features.pinLines)
          ? true
          : was && !op.pinned
            ? false
            : undefined
    const before = known?.notes['reactions']
    const wanted = new Set(op.reactions.map(({ user, emoji }) => `${emoji}:${user}`))
    const withdrawn =
      state === 'changed' && Array.isArray(before) ? before.filter((one): one is string => typeof one === 'string' && !wanted.has(one)) : []
    const pendingLinks = op.links.filter(({ url }) => !hasLink(known?.notes['links'], url))
    if (pin === undefined && withdrawn.length === 0 && pendingLinks.length === 0) return
    this.#todo.push({
      key: op.key,
      item: op.item,
      remote,
      pin,
      withdrawn,
      links: pendingLinks,
      message: op.message,
      notes: known?.notes ?? {},
    })
  }

  /** Ids of posts that stand on the server, by key. Each place is read once. */
  async idsOf(posts: readonly Pending[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const ids = new Map<string, string>()
    for (const { op, at } of posts) {
      const id = await this.#idAt(op.place, at, signal)
      if (id !== undefined) ids.set(op.key, id)
    }
    return ids
  }
  async #idAt(place: Place, at: number, signal: AbortSignal): Promise<string | undefined> {
    const key = placeText(place)
    let known = this.#ids.get(key)
    if (known === undefined) {
      const found = new Map<number, string>()
      const channel = await this.#world.channel(place, signal)
      if (channel !== undefined)
        for await (const post of this.#world.posts(channel.id, signal))
          if (!post.type.startsWith('system_')) found.set(post.create_at, post.id)
      // Few places are looked into again; what is dropped is read once more.
      const [oldest] = this.#ids.keys()
      if (this.#ids.size >= MAX_PLACES && oldest !== undefined) this.#ids.delete(oldest)
      this.#ids.set(key, found)
      known = found
    }
    return known.get(at)
  }

  /** Runs after the import. What one post refuses is a loss of that post alone. */
  async run(context: ApplyContext, signal: AbortSignal): Promise<Amendments> {
    this.#ids.clear()
    const amendments = new Map<string, { text?: string; losses?: Loss[]; notes?: JsonObject }>()
    const found = [
      await settleMembers(this.#work, this.#world, this.#channels, this.#adjustments, signal),
      await settleGroups(this.#work, this.#world, this.#groups, signal),
      await settleBookmarks(this.#work, this.#world, this.#channels, signal),
    ]
    for (const [key, losses] of found.flatMap((some) => [...some]))
      amendments.set(key, { losses: [...(amendments.get(key)?.losses ?? []), ...losses] })
    let done = 0
    for (const todo of this.#todo) {
      if (done++ % 100 === 0) context.progress('finish', done, this.#todo.length)
      const where = placeOf(todo.remote)
      const id = where === undefined ? undefined : await this.#idAt(where.place, where.at, signal)
      if (id === undefined) continue
      try {
        const change = await this.#finishOne(todo, id, signal)
        if (change !== undefined) amendments.set(todo.key, change)
      } catch (error) {
        if (!(error instanceof Fault) || error.code === 'auth' || error.code === 'unavailable') throw error
        amendments.set(todo.key, {
          losses: [
            {
              item: todo.item,
              stage: 'apply',
              code: 'rejected-by-target',
              effect: { type: 'degraded', field: todo.pin === undefined ? 'text' : 'pinned' },
              detail: error.message,
            },
          ],
        })
      }
    }
    return amendments
  }

  async #finishOne(todo: Todo, id: string, signal: AbortSignal): Promise<{ text?: string; notes?: JsonObject } | undefined> {
    const { client } = this.#work
    if (todo.pin !== undefined) await client.post(z.unknown(), `/posts/${id}/${todo.pin ? 'pin' : 'unpin'}`, {}, signal)
    if (todo.withdrawn.length > 0) await this.#withdraw(todo.withdrawn, id, signal)
    const links: Record<string, string> = { ...linksIn(todo.notes['links']) }
    for (const { message, url } of todo.links) {
      const target = this.#ledger.get(idempotencyKey(`${message}#0`))
      const place = target === undefined ? undefined : placeOf(target.remote)
      const linked = place === undefined ? undefined : await this.#idAt(place.place, place.at, signal)
      if (linked !== undefined) links[url] = `${this.#work.settings.url.replace(/\/+$/, '')}/${this.#work.settings.team}/pl/${linked}`
    }
    if (Object.keys(links).length === Object.keys(linksIn(todo.notes['links'])).length) return undefined
    const text = rewritten(todo.message, links)
    if (Array.from(text).length > this.#work.features.maxMessage) return undefined
    const post = await client.get(Post, `/posts/${id}`, {}, signal)
    if (post.message !== text) {
      // Somebody else's words, or a link we do not know of: theirs stay.
      if (post.message !== rewritten(todo.message, todo.notes['links'])) return undefined
      await client.put(Post, `/posts/${id}/patch`, { message: text }, signal)
    }
    return { text, notes: { links, text: textHash(text) } }
  }

  async #withdraw(withdrawn: readonly string[], id: string, signal: AbortSignal): Promise<void> {
    const there = (await this.#work.client.get(z.array(Reaction).nullable(), `/posts/${id}/reactions`, {}, signal)) ?? []
    for (const { user_id, emoji_name } of there) {
      const name = `${emoji_name}:${await this.#world.username(user_id, signal)}`
      if (withdrawn.includes(name)) await this.#work.client.delete(`/users/${user_id}/posts/${id}/reactions/${emoji_name}`, {}, signal)
    }
  }

  /** Last of all: an archived channel takes no more changes. */
  archive(signal: AbortSignal): Promise<void> {
    return archiveChannels(this.#work, this.#world, this.#channels, this.reopened, signal)
  }
}

const linksIn = (links: unknown): Record<string, string> =>
  links !== null && typeof links === 'object' && !Array.isArray(links)
    ? Object.fromEntries(Object.entries(links).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
    : {}
const hasLink = (links: unknown, url: string): boolean => linksIn(links)[url] !== undefined
