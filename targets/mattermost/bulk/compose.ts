import { join } from 'node:path'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { Stated } from '../../../src/contract/target.ts'
import { type MattermostOperation, type Place, type Placeholder, type PostOperation, placeText } from '../map/operations.ts'
import { CheckedLines } from './checked-lines.ts'
import type { ComposeOptions, DirectoryOperations, Live } from './compose-options.ts'
import { directoryLines } from './directory-lines.ts'
import {
  ARCHIVED_AT,
  type ImportLine,
  type PlacedPost,
  attachmentPath,
  channelLine,
  needsTouch,
  replyLine,
  threadLine,
  touchLine,
} from './lines.ts'
import { chunks } from './chunks.ts'
import { parts } from './parts.ts'
import { prepared } from './prepared.ts'
import { LineSpool } from './spool.ts'
import { MOST_IN_MEMORY, PlacePosts } from './place-posts.ts'
import { type Pending, type Thread, pendingOf } from './threads.ts'

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
  readonly #options: ComposeOptions
  readonly #checked: CheckedLines
  /** No line brings groups; they are made through the API when their people are there. */
  readonly #directory: { [K in keyof DirectoryOperations]: DirectoryOperations[K][number][] } = {
    users: [],
    channels: [],
    emoji: [],
    groups: [],
  }
  readonly #reopened = new Set<string>()
  readonly #placeholders = new Map<string, Placeholder>()
  #early: Pending[] = []
  readonly #taken = new Map<string, Set<number>>()
  readonly #spools: Record<'direct' | 'latePosts' | 'lateDirect' | 'touchPosts' | 'touchDirect', LineSpool>

  constructor(options: ComposeOptions) {
    this.#options = options
    const { team, standing, features } = options
    this.#checked = new CheckedLines(team, standing.channels, standing.users, features)
    const spool = (name: string) => new LineSpool(join(options.workDir, `${name}.jsonl`))
    this.#spools = {
      direct: spool('direct'),
      latePosts: spool('late-posts'),
      lateDirect: spool('late-direct'),
      touchPosts: spool('touch-posts'),
      touchDirect: spool('touch-direct'),
    }
  }

  /** Lines that change something on the server, all but the one that says the version; none: nothing to import. */
  get effects(): number {
    return Math.max(0, this.#checked.count - 1)
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
      if (op.part === 'documents') {
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
    const { users, channels, emoji, groups } = this.#directory
    const list = { user: users, channel: channels, emoji, group: groups }[stated.op.type] as Live<MattermostOperation>[]
    list.push(stated)
  }

  async #header(): Promise<readonly string[]> {
    await this.#options.begin?.(this.#directory)
    return directoryLines(this.#directory, this.#options, this.#checked, {
      file: (path, blob) => void this.files.set(path, blob),
      later: (line) => this.#spools.direct.add(line),
      reopen: (channel) => this.#reopen(channel),
    })
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
        const text = this.#checked.text(line)
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
    this.#checked.users.add(username)
    return true
  }

  #keepReply(post: PlacedPost): PlacedPost {
    this.#keepFiles(post.op)
    return post
  }
  #keepFiles(op: PostOperation): void {
    for (const file of op.files) this.files.set(attachmentPath(file), file.blob)
  }

  async *#rest(): AsyncGenerator<Uint8Array> {
    const { direct, latePosts, lateDirect, touchPosts, touchDirect } = this.#spools
    yield* direct.read()
    if (this.#placeholders.size > 0) {
      let text = ''
      for (const [, { username, email, title }] of [...this.#placeholders].toSorted(([a], [b]) => (a < b ? -1 : 1)))
        text += `${this.#checked.text({ type: 'user', user: { username, email, nickname: title.slice(0, 64), position: 'unknown author', delete_at: ARCHIVED_AT } })}\n`
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
    const { channels } = this.#directory
    const channel = channels.find(({ op }) => op.place.type === 'direct') ?? channels.find(({ op }) => op.place.type === 'channel')
    if (channel === undefined) return ''
    return `${this.#checked.text(channelLine(channel.op, team, features))}\n`
  }
}
