import { checkPost, draftPost, hashtagsOf, insertPosts } from '../messages.ts'
import type { ChannelRow, PostRow, UserRow } from '../rows.ts'
import type { Store } from '../store.ts'
import { attachFiles, entryName, replaceFiles, type Run, storeAttachments } from './run-context.ts'
import type { AttachmentLine, FollowerLine, PostLine, ReactionLine, ReplyLine } from './shapes.ts'
import { abort, validateReaction, validateReply } from './validate.ts'

/** A thread to be imported: its line, where it goes, and the line number an error is reported under. */
export interface Thread {
  readonly line: Omit<PostLine, 'team' | 'channel'>
  readonly channel: ChannelRow
  readonly number: number
}

/** Names to accounts. Counted before it is looked up: `Bob` and `bob` are two names and one account, which stops the run. */
export function usersByName(store: Store, names: readonly string[]): ReadonlyMap<string, UserRow> {
  const unique = new Set(names)
  const users = new Map<string, UserRow>()
  for (const name of unique) {
    const user = store.userNamed(name)
    if (user === undefined) return abort('app.import.get_users_by_username.some_users_not_found.error')
    users.set(name, user)
  }
  return users
}

/** An error of the batch carries the line it happened in, or 0 where the server cannot tell. */
export class BatchError extends Error {
  readonly line: number
  constructor(line: number, cause: unknown) {
    super('import batch failed', { cause })
    this.line = line
  }
}
async function inLine<T>(line: number, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw cause instanceof BatchError ? cause : new BatchError(line, cause)
  }
}

/** A batch whose roots are matched and whose files are stored, ready to be saved. */
export interface PreparedBatch {
  commit(): Promise<void>
}

/**
 * Prepares one batch. Every root is matched against what stood there before the batch, so the same line twice in one batch makes two posts.
 * New posts are then stored together, known ones overwritten, and only after that come flags, reactions and replies, thread by thread.
 */
export async function prepareThreads(run: Run, threads: readonly Thread[]): Promise<PreparedBatch> {
  const { store } = run
  const users = await inLine(0, () =>
    usersByName(
      store,
      threads.flatMap(({ line }) => [
        line.user ?? '',
        ...(line.flagged_by ?? []),
        ...(store.can.threadFollowers ? (line.thread_followers ?? []).map((follower) => follower.user ?? '') : []),
      ]),
    ),
  )
  const drafts: { readonly thread: Thread; readonly post: PostRow }[] = []
  for (const thread of threads) {
    const { line, channel, number } = thread
    await inLine(number, async () => {
      const known = store.postsCreatedAt(channel.id, line.create_at ?? 0).find((post) => post.message === line.message)
      const post =
        known === undefined ? draftPost(store, { channel_id: channel.id, user_id: '', message: line.message ?? '' }) : { ...known }
      post.user_id = users.get(line.user ?? '')?.id ?? ''
      post.create_at = line.create_at ?? 0
      post.hashtags = hashtagsOf(post.message)
      if (line.props !== undefined) post.props = line.props
      applyNewerFields(store, post, line)
      replaceFiles(store, post, await storeAttachments(run, line.attachments, post))
      drafts.push({ thread, post })
    })
  }
  return {
    commit: async () => {
      await saveAll(store, drafts)
      for (const { thread, post } of drafts) await inLine(thread.number, () => finishThread(run, thread, post, users))
    },
  }
}

async function saveAll(store: Store, drafts: readonly { readonly thread: Thread; readonly post: PostRow }[]): Promise<void> {
  for (const { thread, post } of drafts) await inLine(isDatabaseError(post) ? 0 : thread.number, () => checkPost(store, post))
  insertPosts(
    store,
    drafts.filter(({ post }) => post.id === '').map(({ post }) => post),
  )
  for (const { post } of drafts) overwrite(store, post)
}
/** The database refuses the whole insert, and then no line is to blame. */
const isDatabaseError = (post: PostRow): boolean => post.message.includes('\u0000')

function overwrite(store: Store, post: PostRow): void {
  const row = store.posts.get(post.id)
  if (row === undefined || row === post) return
  Object.assign(row, post, { update_at: store.now() })
}

function applyNewerFields(store: Store, post: PostRow, line: ReplyLine): void {
  if (store.can.postTypeAndEditAt) {
    post.type = line.type ?? post.type
    post.edit_at = line.edit_at ?? post.edit_at
  }
  if (store.can.pinned) post.is_pinned = line.is_pinned ?? post.is_pinned
}

async function finishThread(run: Run, { line, channel }: Thread, post: PostRow, users: ReadonlyMap<string, UserRow>): Promise<void> {
  const { store } = run
  for (const name of line.flagged_by ?? []) store.setPreference(users.get(name)?.id ?? '', 'flagged_post', post.id, 'true')
  for (const reaction of line.reactions ?? []) importReaction(store, reaction, post)
  if (store.can.threadFollowers) for (const follower of line.thread_followers ?? []) follow(store, follower, post, users)
  const replies = line.replies ?? []
  if (replies.length > 0) await importReplies(run, replies, post, channel, unresolvedFrom(run, line))
  attachFiles(store, post)
}

function follow(store: Store, line: FollowerLine, post: PostRow, users: ReadonlyMap<string, UserRow>): void {
  const user_id = users.get(line.user ?? '')?.id ?? ''
  store.setThreadMember({
    post_id: post.id,
    user_id,
    following: true,
    last_viewed: line.last_viewed ?? 0,
    unread_mentions: line.unread_mentions ?? 0,
  })
}

/** People who react are looked up one by one; an unknown one stops the run with everything before it in place. */
function importReaction(store: Store, line: ReactionLine, post: PostRow): void {
  validateReaction(line, post.create_at)
  const user = store.userNamed(line.user ?? '')
  if (user === undefined) return abort('app.import.import_post.user_not_found.error')
  const emoji_name = line.emoji_name ?? ''
  if (!/^[a-zA-Z0-9_+-]{1,64}$/.test(emoji_name)) abort('model.reaction.is_valid.emoji_name.app_error')
  store.saveReaction({
    user_id: user.id,
    post_id: post.id,
    emoji_name,
    create_at: line.create_at ?? 0,
    update_at: store.now(),
    delete_at: 0,
  })
}

/**
 * New servers resolve the attachments of a line before importing it and give up at the first post that misses one:
 * the attachments of every reply after it are then missing too. Returns the index of the first reply that still has its files.
 */
function unresolvedFrom(run: Run, line: Omit<PostLine, 'team' | 'channel'>): number {
  if (run.store.can.missingAttachmentAborts) return Number.POSITIVE_INFINITY
  const misses = (list: readonly AttachmentLine[] | undefined): boolean =>
    (list ?? []).some(({ path = '' }) => !run.zip.has(entryName(path) ?? ''))
  if (misses(line.attachments)) return 0
  const at = (line.replies ?? []).findIndex((reply) => misses(reply.attachments))
  return at < 0 ? Number.POSITIVE_INFINITY : at + 1
}

async function importReplies(run: Run, lines: readonly ReplyLine[], root: PostRow, channel: ChannelRow, unresolved: number): Promise<void> {
  const { store } = run
  for (const line of lines) validateReply(line, root.create_at, store.can)
  const flaggers = store.can.replyReactions ? lines.flatMap((line) => line.flagged_by ?? []) : []
  const users = usersByName(store, [...lines.map((line) => line.user ?? ''), ...flaggers])
  const drafts: { readonly line: ReplyLine; readonly post: PostRow; readonly fresh: boolean }[] = []
  for (const [index, line] of lines.entries()) {
    const known = store
      .postsCreatedAt(channel.id, line.create_at ?? 0)
      .find((post) => post.message === line.message && post.root_id === root.id)
    const post =
      known === undefined
        ? draftPost(store, { channel_id: channel.id, user_id: '', message: line.message ?? '', root_id: root.id })
        : { ...known }
    post.user_id = users.get(line.user ?? '')?.id ?? ''
    post.hashtags = ''
    post.create_at = Math.max(line.create_at ?? 0, root.create_at)
    if (store.can.replyProps && line.props !== undefined) post.props = line.props
    applyNewerFields(store, post, line)
    const attachments = index >= unresolved ? [] : line.attachments
    if (index >= unresolved && (line.attachments ?? []).length > 0) run.warnings.push(`attachments of reply ${index + 1} not resolved`)
    replaceFiles(store, post, await storeAttachments(run, attachments, post))
    drafts.push({ line, post, fresh: post.id === '' })
  }
  for (const { post } of drafts) checkPost(store, post)
  insertPosts(
    store,
    drafts.filter(({ fresh }) => fresh).map(({ post }) => post),
  )
  for (const { post } of drafts) {
    overwrite(store, post)
    attachFiles(store, post)
  }
  if (store.can.replyReactions) finishReplies(store, drafts, users)
}

/** Reactions of new replies are kept by their time within the thread: of two replies in one millisecond only the last one's survive. */
function finishReplies(
  store: Store,
  drafts: readonly { readonly line: ReplyLine; readonly post: PostRow; readonly fresh: boolean }[],
  users: ReadonlyMap<string, UserRow>,
): void {
  const lastAt = new Map(drafts.filter(({ fresh }) => fresh).map(({ line, post }) => [post.create_at, line]))
  for (const { line, post, fresh } of drafts) {
    const source = fresh ? lastAt.get(post.create_at) : line
    for (const reaction of source === line ? (line.reactions ?? []) : []) importReaction(store, reaction, post)
    for (const name of line.flagged_by ?? []) store.setPreference(users.get(name)?.id ?? '', 'flagged_post', post.id, 'true')
  }
}
