import { createHash } from 'node:crypto'
import { idSource } from './ids.ts'
import type { ImportLimits } from './limits.ts'
import { Outage } from './outage.ts'
import type {
  BookmarkRow,
  ChannelMemberRow,
  ChannelRow,
  EmojiRow,
  FileRow,
  GroupRow,
  ImportRun,
  JobRow,
  Notification,
  PostRow,
  PreferenceRow,
  ReactionRow,
  TeamMemberRow,
  TeamRow,
  ThreadMemberRow,
  UploadRow,
  UserRow,
} from './rows.ts'
import type { ConfigPatch, ServerConfig } from './config.ts'
import type { Abilities, MattermostVersion } from './version.ts'

export const digest = (password: string): string => createHash('sha256').update(password).digest('hex')

export interface Session {
  readonly token: string
  readonly user_id: string
  /** Personal access tokens have an id and a description; sessions from a login do not. */
  readonly tokenId?: string
  readonly description?: string
}

/** All that the emulated server knows. Tables are maps; indexes are kept by the methods below, so write posts only through them. */
export class Store {
  readonly version: MattermostVersion
  readonly can: Abilities
  readonly config: ServerConfig
  /** Settings that come from the server's environment: a patch of them is accepted and has no effect. */
  readonly environment: ConfigPatch
  readonly licence: string | undefined
  readonly importLimits: ImportLimits
  readonly outage = new Outage()
  readonly id: () => string
  readonly #clock: () => number
  #lastMs = 0

  readonly users = new Map<string, UserRow>()
  readonly teams = new Map<string, TeamRow>()
  readonly teamMembers = new Map<string, TeamMemberRow>()
  readonly channels = new Map<string, ChannelRow>()
  readonly channelMembers = new Map<string, ChannelMemberRow>()
  readonly posts = new Map<string, PostRow>()
  readonly reactions = new Map<string, ReactionRow>()
  readonly files = new Map<string, FileRow>()
  readonly emojis = new Map<string, EmojiRow>()
  readonly uploads = new Map<string, UploadRow>()
  /** Import files by name (`<upload id>_<file name>`). */
  readonly imports = new Map<string, Uint8Array>()
  readonly jobs = new Map<string, JobRow>()
  readonly bookmarks = new Map<string, BookmarkRow>()
  readonly groups = new Map<string, GroupRow>()
  readonly preferences = new Map<string, PreferenceRow>()
  readonly threadMembers = new Map<string, ThreadMemberRow>()
  readonly sessions = new Map<string, Session>()
  readonly notifications: Notification[] = []
  readonly importRuns: ImportRun[] = []

  readonly #usernames = new Map<string, string>()
  readonly #postsOf = new Map<string, PostRow[]>()
  readonly #newestOf = new Map<string, readonly PostRow[]>()
  readonly #postsAt = new Map<string, PostRow[]>()
  readonly #repliesOf = new Map<string, PostRow[]>()
  readonly #reactionsOf = new Map<string, ReactionRow[]>()
  readonly #filesOf = new Map<string, Set<FileRow>>()
  readonly #knownFiles = new Map<string, readonly FileRow[]>()
  readonly #membersOf = new Map<string, Set<string>>()
  readonly #channelNames = new Map<string, string>()

  constructor(init: {
    version: MattermostVersion
    can: Abilities
    config: ServerConfig
    environment: ConfigPatch
    licence: string | undefined
    importLimits: ImportLimits
    seed: string
    clock: () => number
  }) {
    this.version = init.version
    this.can = init.can
    this.config = init.config
    this.environment = init.environment
    this.licence = init.licence
    this.importLimits = init.importLimits
    this.id = idSource(init.seed)
    this.#clock = init.clock
  }

  /** Milliseconds now; never goes back. */
  now(): number {
    return (this.#lastMs = Math.max(this.#lastMs, this.#clock()))
  }

  addUser(user: UserRow): UserRow {
    this.users.set(user.id, user)
    this.#usernames.set(user.username, user.id)
    return user
  }
  renameUser(user: UserRow, username: string): void {
    this.#usernames.delete(user.username)
    user.username = username
    this.#usernames.set(username, user.id)
  }
  removeUser(user: UserRow): void {
    this.users.delete(user.id)
    this.#usernames.delete(user.username)
  }
  /** Exact, as PostgreSQL compares. */
  userNamed(username: string): UserRow | undefined {
    return this.users.get(this.#usernames.get(username) ?? '')
  }
  userWithEmail(email: string): UserRow | undefined {
    for (const user of this.users.values()) if (user.email === email.toLowerCase()) return user
    return undefined
  }
  teamNamed(name: string): TeamRow | undefined {
    for (const team of this.teams.values()) if (team.name === name) return team
    return undefined
  }

  addChannel(channel: ChannelRow): ChannelRow {
    this.channels.set(channel.id, channel)
    this.#channelNames.set(`${channel.team_id}/${channel.name}`, channel.id)
    return channel
  }
  renameChannel(channel: ChannelRow, name: string): void {
    this.#channelNames.delete(`${channel.team_id}/${channel.name}`)
    channel.name = name
    this.#channelNames.set(`${channel.team_id}/${name}`, channel.id)
  }
  /** Archived ones too. Direct channels live in the team ''. */
  channelNamed(teamId: string, name: string): ChannelRow | undefined {
    return this.channels.get(this.#channelNames.get(`${teamId}/${name}`) ?? '')
  }
  removeChannel(channel: ChannelRow): void {
    for (const post of this.postsOf(channel.id)) this.dropPost(post)
    for (const id of this.#membersOf.get(channel.id) ?? []) this.channelMembers.delete(`${channel.id}/${id}`)
    this.#membersOf.delete(channel.id)
    this.channels.delete(channel.id)
    this.#channelNames.delete(`${channel.team_id}/${channel.name}`)
  }
  setChannelMember(row: ChannelMemberRow): ChannelMemberRow {
    this.channelMembers.set(`${row.channel_id}/${row.user_id}`, row)
    const members = this.#membersOf.get(row.channel_id) ?? new Set()
    this.#membersOf.set(row.channel_id, members.add(row.user_id))
    return row
  }
  removeChannelMember(channelId: string, userId: string): boolean {
    this.#membersOf.get(channelId)?.delete(userId)
    return this.channelMembers.delete(`${channelId}/${userId}`)
  }
  channelMember(channelId: string, userId: string): ChannelMemberRow | undefined {
    return this.channelMembers.get(`${channelId}/${userId}`)
  }
  membersOf(channelId: string): readonly ChannelMemberRow[] {
    return [...(this.#membersOf.get(channelId) ?? [])].flatMap((id) => this.channelMember(channelId, id) ?? [])
  }
  membersOfTeam(teamId: string): readonly TeamMemberRow[] {
    return [...this.teamMembers.values()].filter((member) => member.team_id === teamId && member.delete_at === 0)
  }

  addPost(post: PostRow): PostRow {
    this.posts.set(post.id, post)
    push(this.#postsOf, post.channel_id, post)
    this.#newestOf.delete(post.channel_id)
    push(this.#postsAt, `${post.channel_id}/${post.create_at}`, post)
    if (post.root_id !== '') push(this.#repliesOf, post.root_id, post)
    return post
  }
  dropPost(post: PostRow): void {
    this.posts.delete(post.id)
    pull(this.#postsOf, post.channel_id, post)
    this.#newestOf.delete(post.channel_id)
    pull(this.#postsAt, `${post.channel_id}/${post.create_at}`, post)
    if (post.root_id !== '') pull(this.#repliesOf, post.root_id, post)
    for (const file of this.filesOf(post.id)) this.dropFile(file)
    this.#reactionsOf.delete(post.id)
  }
  /** Deleted posts and the hidden former texts of edited ones are in it. */
  postsOf(channelId: string): readonly PostRow[] {
    return [...(this.#postsOf.get(channelId) ?? [])]
  }
  /** The same, newest first. */
  newestOf(channelId: string): readonly PostRow[] {
    const known = this.#newestOf.get(channelId)
    if (known !== undefined) return known
    const sorted = this.postsOf(channelId).toSorted((a, b) => b.create_at - a.create_at || (a.id < b.id ? 1 : -1))
    this.#newestOf.set(channelId, sorted)
    return sorted
  }
  /** What the importer takes for "the same post": nothing is filtered, not even deleted posts or former texts. */
  postsCreatedAt(channelId: string, createAt: number): readonly PostRow[] {
    return this.#postsAt.get(`${channelId}/${createAt}`) ?? []
  }
  repliesOf(rootId: string): readonly PostRow[] {
    return (this.#repliesOf.get(rootId) ?? []).filter((post) => post.original_id === '')
  }

  reactionsOf(postId: string): readonly ReactionRow[] {
    return (this.#reactionsOf.get(postId) ?? []).filter((row) => row.delete_at === 0)
  }
  /** Keyed by person, post and emoji: a second one updates the first. */
  saveReaction(reaction: ReactionRow): ReactionRow {
    const key = `${reaction.post_id}/${reaction.user_id}/${reaction.emoji_name}`
    const known = this.reactions.get(key)
    if (known !== undefined) {
      known.update_at = reaction.update_at
      known.delete_at = 0
      return known
    }
    this.reactions.set(key, reaction)
    push(this.#reactionsOf, reaction.post_id, reaction)
    return reaction
  }

  addFile(file: FileRow): FileRow {
    this.files.set(file.id, file)
    return file
  }
  attachFile(fileId: string, postId: string): void {
    const file = this.files.get(fileId)
    if (file === undefined) return
    file.post_id = postId
    const files = this.#filesOf.get(postId) ?? new Set()
    this.#filesOf.set(postId, files.add(file))
  }
  dropFile(file: FileRow): void {
    this.files.delete(file.id)
    this.#filesOf.get(file.post_id)?.delete(file)
  }
  filesOf(postId: string): readonly FileRow[] {
    return [...(this.#filesOf.get(postId) ?? [])]
  }

  /**
   * The files of a post as answers tell them: from a cache that an import does not clear (in every version it only writes around it),
   * so after a re-import that changed them `metadata.files` and `files/info` lie for half an hour, while `file_ids` of the post is true.
   */
  knownFiles(postId: string): readonly FileRow[] {
    const cached = this.#knownFiles.get(postId)
    if (cached !== undefined) return cached
    const files = this.filesOf(postId)
      .filter((file) => file.delete_at === 0)
      .toSorted((a, b) => a.create_at - b.create_at)
    this.#knownFiles.set(postId, files)
    return files
  }
  /** What `POST /caches/invalidate` does, and the API for the posts it changes itself. */
  forgetKnownFiles(postId?: string): void {
    if (postId === undefined) this.#knownFiles.clear()
    else this.#knownFiles.delete(postId)
  }

  setPreference(user_id: string, category: string, name: string, value: string): void {
    this.preferences.set(`${user_id}/${category}/${name}`, { user_id, category, name, value })
  }
  setThreadMember(row: ThreadMemberRow): void {
    this.threadMembers.set(`${row.post_id}/${row.user_id}`, row)
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
function pull<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list === undefined) return
  const at = list.indexOf(value)
  if (at >= 0) list.splice(at, 1)
}
