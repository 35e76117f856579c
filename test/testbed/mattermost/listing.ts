import type { PostList } from '@mattermost/types/posts'
import { type PostAnswer, postAnswer } from './answers.ts'
import type { PostRow } from './rows.ts'
import type { Store } from './store.ts'

export type PostListAnswer = Omit<PostList, 'posts' | 'first_inaccessible_post_time'> & { posts: Record<string, PostAnswer> }

/** The posts of a channel that people see, newest first. */
const visible = (store: Store, channelId: string, deletedToo: boolean): PostRow[] =>
  store.newestOf(channelId).filter((post) => post.original_id === '' && (deletedToo || post.delete_at === 0))

/** `order` names the page; `posts` holds, beside it, the whole threads its posts belong to. */
function listOf(
  store: Store,
  ordered: readonly PostRow[],
  threads: boolean,
  next = '',
  prev = '',
  counted = store.can.countsReplies,
): PostListAnswer {
  const posts: Record<string, PostAnswer> = {}
  for (const post of ordered) {
    posts[post.id] = postAnswer(store, post, counted)
    const root = store.posts.get(post.root_id === '' ? post.id : post.root_id)
    if (root === undefined || root.delete_at !== 0) continue
    for (const each of threads ? [root, ...store.repliesOf(root.id)] : [root])
      if (each.delete_at === 0) posts[each.id] ??= postAnswer(store, each, counted)
  }
  return { order: ordered.map((post) => post.id), posts, next_post_id: next, prev_post_id: prev }
}

export interface ListingQuery {
  readonly page: number
  readonly perPage: number
  readonly since: number
  readonly before: string
  readonly after: string
  readonly threads: boolean
  readonly deletedToo: boolean
}

/** The channel view of the API: by page, around a post, or everything touched since a time (then deleted posts and former texts too). */
export function listChannel(store: Store, channelId: string, query: ListingQuery): PostListAnswer {
  if (query.since > 0) {
    const touched = store.newestOf(channelId).filter((post) => post.update_at > query.since)
    return listOf(store, touched.slice(0, 1000), false)
  }
  const all = visible(store, channelId, query.deletedToo)
  const pivot = store.posts.get(query.before || query.after)
  const older = pivot === undefined ? [] : all.filter((post) => post.create_at < pivot.create_at)
  const newer = pivot === undefined ? [] : all.filter((post) => post.create_at > pivot.create_at)
  const from = query.page * query.perPage
  let part: PostRow[]
  if (query.after !== '')
    part = newer
      .toReversed()
      .slice(from, from + query.perPage)
      .toReversed()
  else part = (query.before === '' ? all : older).slice(from, from + query.perPage)
  const newest = part[0]
  const oldest = part.at(-1)
  const next = newest === undefined ? undefined : all.findLast((post) => post.create_at > newest.create_at)
  const prev = oldest === undefined ? undefined : all.find((post) => post.create_at < oldest.create_at)
  return listOf(store, part, query.threads, next?.id ?? '', prev?.id ?? '', store.can.countsReplies || !query.threads)
}

/** A post with its whole thread. */
export function listThread(store: Store, post: PostRow, deletedToo: boolean): PostListAnswer {
  const root = store.posts.get(post.root_id === '' ? post.id : post.root_id) ?? post
  const all = [root, ...store.repliesOf(root.id)].filter((each) => deletedToo || each.delete_at === 0)
  return listOf(store, [post, ...all.filter((each) => each !== post || store.can.parentId)], false, '', '', true)
}

export function listPinned(store: Store, channelId: string): PostListAnswer {
  return listOf(
    store,
    visible(store, channelId, false).filter((post) => post.is_pinned),
    false,
  )
}
