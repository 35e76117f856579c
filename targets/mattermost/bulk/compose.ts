import { join } from 'node:path'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { LedgerEntry, Stated } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import type { Features } from '../features.ts'
import {
  type ChannelOperation,
  type EmojiOperation,
  type GroupOperation,
  type MattermostOperation,
  type Place,
  type Placeholder,
  type PostOperation,
  type UserOperation,
  placeText,
} from '../map/operations.ts'
import {
  ARCHIVED_AT,
  type ImportLine,
  type PlacedPost,
  attachmentPath,
  avatarPath,
  channelLine,
  needsTouch,
  replyLine,
  threadLine,
  touchLine,
  userLine,
} from './lines.ts'
import { chunks } from './chunks.ts'
import { parts } from './parts.ts'
import { prepared } from './prepared.ts'
import { LineSpool } from './spool.ts'
import { MOST_IN_MEMORY, PlacePosts } from './place-posts.ts'
import { type Pending, type Thread, pendingOf } from './threads.ts'
import { MAX_LINE_BYTES, assertAccepted } from './validate.ts'

/** What stands on the server before the import; nothing of it gets a line of its own. */
export interface Standing {
  readonly team: boolean
  readonly users: ReadonlySet<string>
  /** Names of channels of the team. */
  readonly channels: ReadonlySet<string>
  /** Those of them that are archived: they take no lines until they are opened again. */
  readonly archived: ReadonlySet<string>
  readonly emoji: ReadonlySet<string>
}
export interface ComposeOptions {
  readonly team: string
  readonly teamTitle: string
  readonly teamOpen: boolean
  readonly features: Features
  readonly workDir: string
  readonly standing: Standing
  /** So many posts of one place are held in memory; more go to disk. */
  readonly mostInMemory?: number
  /** Texts as they stand on the server, by key, of posts that were imported before and are sent again. Without a server: as mapped. */
  live?(posts: readonly Pending[]): Promise<ReadonlyMap<string, string>>
  /** Everything of one place (or a part of a place) has been composed. */
  composed?(threads: readonly Thread[]): Promise<void> | void
  /** Finds posts of an earlier run that the ledger does not know (any more); gives what it would know of them. */
  adopt?(posts: Iterable<Pending>): Promise<ReadonlyMap<string, LedgerEntry>>
  /** The operation as this server can take it. */
  prepare?(op: PostOperation): Promise<PostOperation> | PostOperation
  /** Lines for an archived channel are coming. */
  reopen?(channel: string): Promise<void>
  /** All of the directory is known, and nothing has been written yet. */
  begin?(directory: DirectoryOperations): Promise<void> | void
}
export interface DirectoryOperations {
  readonly users: readonly Live<UserOperation>[]
  readonly channels: readonly Live<ChannelOperation>[]
  readonly emoji: readonly Live<EmojiOperation>[]
  readonly groups: readonly Live<GroupOperation>[]
}
/** An operation of the snapshot: anything but one that is gone. */
export type Live<Op extends MattermostOperation> = Exclude<Stated<Op>, { readonly state: 'gone' }>

/**
 * Turns operations into the lines of an import file, in the order the server wants and one place at a time.
 * Sections: version, emoji, team, channels, users, posts, conversations and their posts; then posts of people nobody described (their users first),
 * then what must find posts already there: rest of threads longer than a line, props and reactions of replies. A change of line type makes the
 * server finish what came before, so that later lines find it.
 */
export class Composer {
  /** Files by their path below `data/`. Complete when `lines` has ended. */
  readonly files = new Map<string, BlobRef>()
  readonly gone: Extract<Stated<MattermostOperation>, { readonly state: 'gone' }>[] = []
  /** Lines that change something on the server; none: nothing to import. */
  effects = 0
  readonly #options: ComposeOptions
  readonly #users: Live<UserOperation>[] = []
  readonly #channels: Live<ChannelOperation>[] = []
  readonly #emoji: Live<EmojiOperation>[] = []
  /** No line brings them; they are made through the API when their people are there. */
  readonly #groups: Live<GroupOperation>[] = []
  readonly #names: { teams: Set<string>; channels: Set<string>; users: Set<string> }
  readonly #reopened = new Set<string>()
  readonly #placeholders = new Map<string, Placeholder>()
  #early: Pending[] = []
  readonly #taken = new Map<string, Set<number>>()
  readonly #spools: Record<'direct' | 'latePosts' | 'lateDirect' | 'touchPosts' | 'touchDirect', LineSpool>

  constructor(options: ComposeOptions) {
    this.#options = options
    this.#names = { teams: new Set([options.team]), channels: new Set(options.standing.channels), users: new Set(options.standing.users) }
    const spool = (name: string) => new LineSpool(join(options.workDir, `${name}.jsonl`))
    this.#spools = {
      direct: spool('direct'),
      latePosts: spool('late-posts'),
      lateDirect: spool('late-direct'),
      touchPosts: spool('touch-posts'),
      touchDirect: spool('touch-direct'),
    }
  }

  /** The whole file, as chunks of UTF-8. @throws whatever `ops` throws, and Fault `rejected` if a line would not pass. */
  async *lines(ops: AsyncIterable<Stated<MattermostOperation>>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    let begun = false
    let collection: string | undefined
    using stack = new DisposableStack()
    let posts = this.#gathering()
    stack.defer(() => posts[Symbol.dispose]())
    for await (const stated of ops) {
      if (stated.state === 'gone') {
        this.gone.push(stated)
        continue
      }
      if (stated.op.type !== 'post') {
        this.#collect(stated as Live<Exclude<MattermostOperation, PostOperation>>)
        continue
      }
      const { op } = stated
      if (op.key.endsWith('#documents')) {
        this.#early.push(pendingOf(stated, op))
        continue
      }
      if (!begun) {
        begun = true
        yield* chunks(await this.#header())
      }
      if (op.collection !== collection) {
        signal.throwIfAborted()
        for await (const lines of this.#place(posts)) yield* chunks(lines)
        collection = op.collection
        posts = this.#gathering(this.#earlyIn(op.place))
      }
      posts.add(pendingOf(stated, op))
    }
    if (!begun) yield* chunks(await this.#header())
    for await (const lines of this.#place(posts)) yield* chunks(lines)
    for (const early of this.#early.splice(0)) for await (const lines of this.#place(this.#gathering([early]))) yield* chunks(lines)
    yield* this.#rest()
  }

  #gathering(posts: readonly Pending[] = []): PlacePosts {
    const gathering = new PlacePosts(join(this.#options.workDir, 'place.db'), this.#options.mostInMemory ?? MOST_IN_MEMORY)
    for (const post of posts) gathering.add(post)
    return gathering
  }

  /** Posts that came with their channel and not with its messages. */
  #earlyIn(place: Place): Pending[] {
    if (this.#early.length === 0) return []
    const key = placeText(place)
    const here = this.#early.filter(({ op }) => placeText(op.place) === key)
    if (here.length > 0) this.#early = this.#early.filter((post) => !here.includes(post))
    return here
  }

  #collect(stated: Live<Exclude<MattermostOperation, PostOperation>>): void {
    const lists = { user: this.#users, channel: this.#channels, emoji: this.#emoji, group: this.#groups }
    const list = lists[stated.op.type] as Live<MattermostOperation>[]
    list.push(stated)
  }

  async #header(): Promise<readonly string[]> {
    const lines: string[] = []
    const emit = (line: ImportLine) => void lines.push(this.#checked(line))
    const { team, teamTitle, teamOpen, standing, features } = this.#options
    await this.#options.begin?.({ users: this.#users, channels: this.#channels, emoji: this.#emoji, groups: this.#groups })
    emit({ type: 'version', version: 1 })
    this.effects--
    for (const { op } of this.#emoji) {
      if (standing.emoji.has(op.name)) continue
      const image = `emoji/${op.image.sha256}`
      this.files.set(image, op.image)
      emit({ type: 'emoji', emoji: { name: op.name, image } })
    }
    if (!standing.team)
      emit({ type: 'team', team: { name: team, display_name: teamTitle, type: teamOpen ? 'O' : 'I', allow_open_invite: teamOpen } })
    const memberships = new Map<string, string[]>()
    for (const { op, state } of this.#channels) {
      if (op.place.type === 'direct') continue
      const { name } = op.place
      this.#names.channels.add(name)
      for (const member of op.members) {
        const rooms = memberships.get(member)
        if (rooms === undefined) memberships.set(member, [name])
        else rooms.push(name)
      }
      // A line for a channel that is there sets its title, header, purpose and type without a message in the channel, which the API would leave.
      if (standing.channels.has(name) && state !== 'changed') continue
      await this.#reopen(name)
      emit(channelLine(op, team, features))
    }
    for (const { op } of this.#users) {
      this.#names.users.add(op.username)
      // Never for somebody who is there: it would set a new password, cut the link to single sign-on and reset what was read.
      if (standing.users.has(op.username)) continue
      if (op.avatar !== null) this.files.set(avatarPath(op), op.avatar)
      emit(userLine(op, team, memberships.get(op.username) ?? [], ARCHIVED_AT))
    }
    for (const { op, state } of this.#channels) {
      if (op.place.type === 'channel') continue
      const line = channelLine(op, team, features)
      if (state !== 'same') this.#spools.direct.add(this.#checked(line))
    }
    return lines
  }

  /** Composes what stands in one place; gives the lines for the main section, a part of the place at a time, and keeps the others for later. */
  async *#place(gathered: PlacePosts): AsyncGenerator<readonly string[]> {
    using posts = gathered
    if (posts.first === undefined) return
    const { place } = posts.first.op
    const key = placeText(place)
    // Two conversations of the same people are one place; their times must not meet.
    const taken = this.#taken.get(key) ?? new Set<number>()
    const adopted = await this.#options.adopt?.(posts)
    if (adopted !== undefined) posts.adopt(adopted)
    for (const threads of posts.threads(taken)) {
      const ready =
        this.#options.prepare === undefined ? threads : await prepared(threads, async (op) => (await this.#options.prepare?.(op)) ?? op)
      yield await this.#composed(place, ready)
    }
    if (place.type !== 'direct') return
    for (const at of posts.times()) taken.add(at)
    this.#taken.set(key, taken)
  }

  async #composed(place: Place, threads: readonly Thread[]): Promise<readonly string[]> {
    const { features, team } = this.#options
    const live = await this.#liveTexts(threads)
    const main: string[] = []
    for (const thread of threads) {
      const { root, replies } = thread
      const sent = replies.filter((reply) => reply.state !== 'same')
      if (root.state === 'same' && sent.length === 0) continue
      // All of them, not the first: each one that stands in must get a line.
      const late = [root, ...sent].filter(({ op }) => this.#standsIn(op)).length > 0
      const to = (line: ImportLine, touch: boolean) => {
        const text = this.#checked(line)
        if (touch) (place.type === 'channel' ? this.#spools.touchPosts : this.#spools.touchDirect).add(text)
        else if (place.type === 'direct') (late ? this.#spools.lateDirect : this.#spools.direct).add(text)
        else if (late) this.#spools.latePosts.add(text)
        else main.push(text)
      }
      const placed = (post: Pending): PlacedPost => ({ op: post.op, at: post.at, message: live?.get(post.op.key) ?? post.op.message })
      this.#keepFiles(root.op)
      for (const part of parts(sent.map((reply) => replyLine(this.#keepReply(placed(reply)), features))))
        to(threadLine(placed(root), part.lines, team, features), part.later)
      if (!features.replyExtras)
        for (const reply of sent) if (needsTouch(reply.op, features)) to(touchLine(placed(reply), team, features), true)
    }
    await this.#options.composed?.(threads)
    if (main.length > 0 && place.type === 'channel') await this.#reopen(place.name)
    return main
  }

  async #reopen(channel: string): Promise<void> {
    if (!this.#options.standing.archived.has(channel) || this.#reopened.has(channel)) return
    this.#reopened.add(channel)
    await this.#options.reopen?.(channel)
  }

  #liveTexts(threads: readonly Thread[]): Promise<ReadonlyMap<string, string>> | undefined {
    if (this.#options.live === undefined) return undefined
    const again: Pending[] = []
    for (const { root, replies, standIn } of threads) {
      const sent = replies.filter(({ state }) => state !== 'same')
      if (!standIn && root.state !== 'new' && (root.state === 'changed' || sent.length > 0)) again.push(root)
      again.push(...sent.filter(({ state }) => state === 'changed'))
    }
    return again.length === 0 ? undefined : this.#options.live(again)
  }

  #standsIn(op: PostOperation): boolean {
    if (op.placeholder === null) return false
    const { username } = op.placeholder
    if (this.#options.standing.users.has(username)) return false
    this.#placeholders.set(username, op.placeholder)
    this.#names.users.add(username)
    return true
  }

  #keepReply(post: PlacedPost): PlacedPost {
    this.#keepFiles(post.op)
    return post
  }
  #keepFiles(op: PostOperation): void {
    for (const file of op.files) this.files.set(attachmentPath(file), file.blob)
  }

  #checked(line: ImportLine): string {
    assertAccepted(line, this.#names, this.#options.features)
    this.effects++
    const text = JSON.stringify(line)
    if (text.length > MAX_LINE_BYTES / 4 && Buffer.byteLength(text) > MAX_LINE_BYTES)
      throw new Fault({
        code: 'rejected',
        what: `A ${line.type} line is longer than the server reads`,
        remedy: 'Nothing was uploaded. Please report this with the output of `fallreep plan`',
      })
    return text
  }

  async *#rest(): AsyncGenerator<Uint8Array> {
    const { direct, latePosts, lateDirect, touchPosts, touchDirect } = this.#spools
    yield* direct.read()
    if (this.#placeholders.size > 0) {
      let text = ''
      for (const [, { username, email, title }] of [...this.#placeholders].toSorted(([a], [b]) => (a < b ? -1 : 1)))
        text += `${this.#checked({ type: 'user', user: { username, email, nickname: title.slice(0, 64), position: 'unknown author', delete_at: ARCHIVED_AT } })}\n`
      yield Buffer.from(text)
    }
    yield* latePosts.read()
    yield* lateDirect.read()
    if (touchPosts.lines + touchDirect.lines > 0) yield Buffer.from(this.#drain())
    yield* touchPosts.read()
    yield* touchDirect.read()
  }

  /** A line that changes nothing, of a type that is not the one before: the server finishes all posts before it reads on. */
  #drain(): string {
    const { team, features } = this.#options
    const channel =
      this.#channels.find(({ op }) => op.place.type === 'direct') ?? this.#channels.find(({ op }) => op.place.type === 'channel')
    if (channel === undefined) return ''
    return `${this.#checked(channelLine(channel.op, team, features))}\n`
  }
}
