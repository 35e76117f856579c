import { hash } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '../../src/fault.ts'
import { type MattermostClient, PAGE } from './client.ts'
import type { Place } from './map/operations.ts'
import { Channel, Emoji, Post, PostList, Team, User } from './wire.ts'

const NOBODY: ReadonlyMap<string, User> = new Map()

/** Finds people, channels and posts on the server, and remembers what it found for one run. */
export class ServerPlaces {
  readonly #client: MattermostClient
  readonly #teamName: string
  #team: Team | undefined
  #users: ReadonlyMap<string, User> = NOBODY
  #names = new Map<string, string>()
  readonly #channels = new Map<string, Channel>()
  constructor(client: MattermostClient, teamName: string) {
    this.#client = client
    this.#teamName = teamName
  }

  async team(signal: AbortSignal): Promise<Team | undefined> {
    this.#team ??= await this.#client.find(Team, `/teams/name/${this.#teamName}`, {}, signal)
    return this.#team
  }
  /** Everybody on the server by username, deactivated people included. */
  async users(signal: AbortSignal): Promise<ReadonlyMap<string, User>> {
    if (this.#users.size === 0) {
      const users = new Map<string, User>()
      for await (const user of this.#client.pages(z.array(User), '/users', {}, signal)) users.set(user.username, user)
      this.#users = users
      this.#names = new Map([...users.values()].map((user) => [user.id, user.username]))
    }
    return this.#users
  }
  /** The username behind an id; the id itself if the server names nobody. */
  async username(id: string, signal: AbortSignal): Promise<string> {
    await this.users(signal)
    return this.#names.get(id) ?? id
  }
  /** After an import there are more people and channels. */
  forget(): void {
    this.#users = NOBODY
    this.#team = undefined
    this.#channels.clear()
  }
  /** Channels of the team: public, private and archived. The team's own lists leave out archived private ones, the list of everything does not. */
  async *channels(signal: AbortSignal): AsyncGenerator<Channel> {
    const team = await this.team(signal)
    if (team === undefined) return
    const seen = new Set<string>()
    for await (const channel of this.#client.pages(z.array(Channel), '/channels', { include_deleted: true }, signal))
      if (channel.team_id === team.id && !seen.has(channel.id)) {
        seen.add(channel.id)
        yield channel
      }
  }
  /**
   * The channel of a place; undefined if there is none yet. Conversations of others have no list, but their names are made of their members' ids
   * (5.36.1 `model/channel.go`), and an administrator may look them up by name.
   */
  async channel(place: Place, signal: AbortSignal): Promise<Channel | undefined> {
    const key = JSON.stringify(place)
    const known = this.#channels.get(key)
    if (known !== undefined) return known
    const team = await this.team(signal)
    if (team === undefined) return undefined
    const name = place.type === 'channel' ? place.name : await this.#conversation(place.members, signal)
    if (name === undefined) return undefined
    const channel =
      (await this.#client.find(Channel, `/teams/${team.id}/channels/name/${name}`, { include_deleted: true }, signal)) ??
      (place.type === 'direct' ? await this.#conversationOf(place.members, name, team, signal) : undefined)
    if (channel !== undefined) this.#channels.set(key, channel)
    return channel
  }
  /** The same by another road: the channels of one of its people contain their conversations, whatever the team. */
  async #conversationOf(members: readonly string[], name: string, team: Team, signal: AbortSignal): Promise<Channel | undefined> {
    const user = (await this.users(signal)).get(members[0] ?? '')
    if (user === undefined) return undefined
    return (
      await this.#client.find(z.array(Channel), `/users/${user.id}/teams/${team.id}/channels`, { include_deleted: true }, signal)
    )?.find((channel) => channel.name === name)
  }
  async #conversation(members: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    const users = await this.users(signal)
    const ids = members.map((name) => users.get(name)?.id)
    if (ids.includes(undefined)) return undefined
    const sorted = ids.filter((id) => id !== undefined).toSorted()
    return sorted.length === 2 ? sorted.join('__') : hash('sha1', sorted.join(''))
  }
  /** Every post of a channel that is not deleted, newest first, each once. */
  async *posts(channel: string, signal: AbortSignal): AsyncGenerator<Post> {
    let seen = new Set<string>()
    for (let page = 0; ; page++) {
      const list = await this.#client.get(PostList, `/channels/${channel}/posts`, { page, per_page: PAGE, skipFetchThreads: true }, signal)
      const order = list.order ?? []
      const ids = new Set(order)
      // A post written meanwhile moves the pages by one; the last page is remembered so that nothing comes twice.
      for (const id of order) {
        const post = list.posts?.[id]
        if (post !== undefined && !seen.has(id)) yield post
      }
      if (order.length < PAGE) return
      seen = ids
    }
  }
  /** Custom emoji; none where they are switched off (the server then answers 501). */
  async *emoji(signal: AbortSignal): AsyncGenerator<Emoji> {
    try {
      yield* this.#client.pages(z.array(Emoji), '/emoji', { sort: 'name' }, signal)
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'rejected') throw error
    }
  }
  post(id: string, signal: AbortSignal): Promise<Post | undefined> {
    return this.#client.find(Post, `/posts/${id}`, {}, signal)
  }
}
