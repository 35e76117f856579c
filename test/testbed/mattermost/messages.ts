import { isId } from './ids.ts'
import { Refusal, refuseNulIn } from './refusal.ts'
import type { PostRow, UserRow } from './rows.ts'
import type { Store } from './store.ts'

export const MAX_MESSAGE_RUNES = 16_383
export const runes = (text: string): number => {
  let count = 0
  for (const _ of text) count++
  return count
}

export const hashtagsOf = (message: string): string => (message.match(/(?<=^|\s)#[\p{L}\p{N}_.-]{2,}/gu) ?? []).join(' ').slice(0, 1000)

/** What the server checks of every post it stores or overwrites, whoever brings it. */
export function checkPost(store: Store, post: PostRow): void {
  const refuse = (field: string, message: string): never => {
    throw new Refusal(`model.post.is_valid.${field}.app_error`, 400, message, `id=${post.id}`)
  }
  if (post.create_at === 0) refuse('create_at', 'Create at must be a valid time.')
  if (post.root_id !== '' && !isId(post.root_id)) refuse('root_id', 'Invalid root id.')
  if (runes(post.message) > MAX_MESSAGE_RUNES) refuse('msg', 'Invalid message.')
  if (JSON.stringify(post.file_ids).length > 300) refuse('file_ids', 'Invalid file ids.')
  if (runes(JSON.stringify(post.props)) > store.can.propsRunes) refuse('props', 'Invalid props.')
  if (
    post.type !== '' &&
    !post.type.startsWith('system_') &&
    !post.type.startsWith('custom_') &&
    post.type !== 'me' &&
    post.type !== 'slack_attachment'
  )
    refuse('type', 'Invalid type.')
  refuseNulIn('app.post.save.app_error', 'Post', post.message, post.hashtags, store.can.propsAreJsonb ? post.props : undefined)
}

export type NewPost = Pick<PostRow, 'channel_id' | 'user_id' | 'message'> & Partial<PostRow>

export function draftPost(store: Store, fields: NewPost): PostRow {
  return {
    root_id: '',
    create_at: store.now(),
    edit_at: 0,
    delete_at: 0,
    is_pinned: false,
    original_id: '',
    type: '',
    props: {},
    file_ids: [],
    update_at: store.now(),
    hashtags: hashtagsOf(fields.message),
    ...fields,
    id: '',
  }
}

/** Stores checked drafts at once and moves the counters of their channels, as a bulk insert does. */
export function insertPosts(store: Store, drafts: readonly PostRow[]): void {
  for (const post of drafts) {
    post.id = store.id()
    post.update_at = post.create_at
    store.addPost(post)
    const channel = store.channels.get(post.channel_id)
    if (channel !== undefined) {
      channel.last_post_at = Math.max(channel.last_post_at, post.create_at)
      channel.total_msg_count++
      if (post.root_id === '') channel.total_msg_count_root++
    }
    const root = store.posts.get(post.root_id)
    if (root !== undefined) root.update_at = Math.max(root.update_at, post.create_at)
  }
}

/** A person's post through the API: stored, files attached, and people told. */
export function createPost(store: Store, author: UserRow, fields: NewPost): PostRow {
  const channel = store.channels.get(fields.channel_id)
  if (channel === undefined || channel.delete_at !== 0)
    throw new Refusal('api.post.create_post.can_not_post_to_deleted.error', 400, 'Can not post to deleted channel.')
  const root = fields.root_id === undefined || fields.root_id === '' ? undefined : store.posts.get(fields.root_id)
  if ((fields.root_id ?? '') !== '' && (root === undefined || root.delete_at !== 0 || root.channel_id !== channel.id))
    throw new Refusal('api.post.create_post.root_id.app_error', 400, 'Invalid RootId parameter.')
  const draft = draftPost(store, { ...fields, user_id: author.id, root_id: root?.root_id || root?.id || '' })
  draft.file_ids = draft.file_ids.filter((id) => store.files.get(id)?.post_id === '')
  checkPost(store, draft)
  insertPosts(store, [draft])
  for (const id of draft.file_ids) store.attachFile(id, draft.id)
  store.forgetKnownFiles(draft.id)
  notify(store, draft)
  return draft
}

function notify(store: Store, post: PostRow): void {
  const direct = ['D', 'G'].includes(store.channels.get(post.channel_id)?.type ?? '')
  const toAll = /(^|\s)@(all|channel|here)\b/.test(post.message)
  const named = new Set((post.message.match(/@[a-z0-9._-]+/g) ?? []).map((name) => name.slice(1)))
  const root = store.posts.get(post.root_id)
  for (const { user_id } of store.membersOf(post.channel_id)) {
    if (user_id === post.user_id) continue
    const username = store.users.get(user_id)?.username ?? ''
    const inThread =
      root !== undefined && (root.user_id === user_id || store.threadMembers.get(`${root.id}/${user_id}`)?.following === true)
    const reason = direct ? 'direct' : named.has(username) ? 'mention' : toAll ? 'channel' : inThread ? 'thread' : undefined
    if (reason !== undefined) store.notifications.push({ user_id, post_id: post.id, reason })
  }
}

/** Changes a post and keeps its former self as a hidden row with the same `create_at`: what a later import may still match. */
export function editPost(
  store: Store,
  post: PostRow,
  change: Partial<Pick<PostRow, 'message' | 'props' | 'is_pinned' | 'file_ids'>>,
): PostRow {
  const now = store.now()
  const former: PostRow = { ...post, id: store.id(), original_id: post.id, delete_at: now, update_at: now }
  const edited = change.message !== undefined && change.message !== post.message
  const next: PostRow = { ...post, ...change, update_at: now, edit_at: edited ? now : post.edit_at }
  if (edited) next.hashtags = hashtagsOf(next.message)
  checkPost(store, next)
  Object.assign(post, next)
  store.addPost(former)
  return post
}

/** Marks a post and, if it is a root, its replies as deleted. The rows stay. */
export function deletePost(store: Store, post: PostRow, byUserId: string): void {
  const now = store.now()
  for (const each of [post, ...store.repliesOf(post.id)]) {
    each.delete_at = each.update_at = now
    each.props = { ...each.props, deleteBy: byUserId }
    for (const file of store.filesOf(each.id)) file.delete_at = now
    store.forgetKnownFiles(each.id)
  }
}
