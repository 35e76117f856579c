import { fileAnswer, postAnswer, reactionAnswer } from '../answers.ts'
import { listChannel, listPinned, listThread } from '../listing.ts'
import { createPost, deletePost, editPost } from '../messages.ts'
import { isAdmin } from '../people.ts'
import { isId } from '../ids.ts'
import { badBody, notAllowed, Refusal } from '../refusal.ts'
import type { PostRow } from '../rows.ts'
import {
  type Ask,
  body,
  boolOf,
  channelIn,
  contentsOf,
  flag,
  json,
  listBody,
  ok,
  param,
  postIn,
  query,
  readable,
  requireAdmin,
  type Route,
  selfOrAdmin,
  textOf,
  userIn,
} from './ask.ts'

const deletedToo = (ask: Ask): boolean => {
  if (!ask.store.can.includeDeletedPosts || !flag(ask, 'include_deleted')) return false
  requireAdmin(ask)
  return true
}

async function create(ask: Ask): Promise<PostRow> {
  const fields = await body(ask, 'post')
  const channel = ask.store.channels.get(textOf(fields, 'channel_id') ?? '')
  if (channel === undefined) throw notAllowed()
  if (!isAdmin(ask.me) && ask.store.channelMember(channel.id, ask.me.id) === undefined) throw notAllowed()
  const create_at = typeof fields.create_at === 'number' && isAdmin(ask.me) ? fields.create_at : 0
  const props = fields.props
  return createPost(ask.store, ask.me, {
    channel_id: channel.id,
    user_id: ask.me.id,
    message: textOf(fields, 'message') ?? '',
    root_id: textOf(fields, 'root_id') ?? '',
    is_pinned: boolOf(fields, 'is_pinned') ?? false,
    file_ids: Array.isArray(fields.file_ids) ? fields.file_ids.filter((id) => typeof id === 'string') : [],
    ...(typeof props === 'object' && props !== null ? { props: props as Record<string, unknown> } : {}),
    ...(create_at === 0 ? {} : { create_at }),
  })
}

function ownOrAdmin(ask: Ask, post: PostRow): PostRow {
  if (post.user_id !== ask.me.id && !isAdmin(ask.me)) throw notAllowed()
  return post
}

/** One that is gone may not be changed, rather than is not found. */
function changeable(ask: Ask): PostRow {
  const post = ask.store.posts.get(param(ask, 'post_id'))
  if (post === undefined || post.delete_at !== 0) throw notAllowed()
  return post
}

function patch(ask: Ask, post: PostRow, fields: Readonly<Record<string, unknown>>): PostRow {
  const limit = ask.store.config.ServiceSettings.PostEditTimeLimit
  const message = textOf(fields, 'message')
  if (message !== undefined && message !== post.message) {
    if (post.type.startsWith('system_'))
      throw new Refusal('api.post.update_post.system_message.app_error', 400, 'Unable to update system message.')
    if (limit >= 0 && ask.store.now() > post.create_at + limit * 1000)
      throw new Refusal('api.post.update_post.permissions_time_limit.app_error', 400, 'Post edit is only allowed for some seconds.')
  }
  const props = fields.props
  return editPost(ask.store, post, {
    ...(message === undefined ? {} : { message }),
    ...(typeof fields.is_pinned === 'boolean' ? { is_pinned: fields.is_pinned } : {}),
    ...(typeof props === 'object' && props !== null ? { props: props as Record<string, unknown> } : {}),
  })
}

function pin(ask: Ask, is_pinned: boolean): ReturnType<typeof ok> {
  const post = postIn(ask)
  editPost(ask.store, post, { is_pinned })
  return ok()
}

export const postRoutes: readonly Route[] = [
  { route: 'POST /posts', answer: async (ask) => json(postAnswer(ask.store, await create(ask)), 201) },
  {
    route: 'POST /posts/ids',
    exists: (store) => store.can.includeDeletedPosts,
    answer: async (ask) => {
      const ids = await listBody(ask, 'post_ids')
      const found = ids.flatMap((id) => ask.store.posts.get(id) ?? []).filter((post) => post.delete_at === 0)
      return json(found.map((post) => postAnswer(ask.store, post)))
    },
  },
  { route: 'GET /posts/{post_id}', answer: (ask) => json(postAnswer(ask.store, postIn(ask, undefined, deletedToo(ask)))) },
  {
    route: 'PUT /posts/{post_id}',
    answer: async (ask) => {
      const fields = await body(ask, 'post')
      if (textOf(fields, 'id') !== param(ask, 'post_id')) throw badBody('id')
      return json(postAnswer(ask.store, patch(ask, ownOrAdmin(ask, changeable(ask)), fields)))
    },
  },
  {
    route: 'PUT /posts/{post_id}/patch',
    answer: async (ask) => json(postAnswer(ask.store, patch(ask, ownOrAdmin(ask, changeable(ask)), await body(ask, 'post')))),
  },
  {
    route: 'DELETE /posts/{post_id}',
    answer: (ask) => {
      const post = ask.store.posts.get(param(ask, 'post_id'))
      if (post === undefined || post.delete_at !== 0) throw notAllowed()
      if (flag(ask, 'permanent') && ask.store.version.startsWith('1')) {
        requireAdmin(ask)
        for (const each of [...ask.store.repliesOf(post.id), post]) ask.store.dropPost(each)
        return ok()
      }
      deletePost(ask.store, ownOrAdmin(ask, post), ask.me.id)
      return ok()
    },
  },
  { route: 'GET /posts/{post_id}/thread', answer: (ask) => json(listThread(ask.store, postIn(ask), deletedToo(ask))) },
  { route: 'POST /posts/{post_id}/pin', answer: (ask) => pin(ask, true) },
  { route: 'POST /posts/{post_id}/unpin', answer: (ask) => pin(ask, false) },
  {
    route: 'GET /posts/{post_id}/files/info',
    answer: (ask) => json(ask.store.knownFiles(postIn(ask).id).map(fileAnswer)),
  },
  { route: 'GET /posts/{post_id}/reactions', answer: (ask) => json(ask.store.reactionsOf(postIn(ask).id).map(reactionAnswer)) },
  {
    route: 'POST /posts/ids/reactions',
    answer: async (ask) =>
      json(Object.fromEntries((await listBody(ask, 'post_ids')).map((id) => [id, ask.store.reactionsOf(id).map(reactionAnswer)]))),
  },
  {
    route: 'POST /reactions',
    answer: async (ask) => {
      const fields = await body(ask, 'reaction')
      const emoji_name = textOf(fields, 'emoji_name') ?? ''
      const user_id = textOf(fields, 'user_id') ?? ''
      if (!isId(user_id)) throw new Refusal('api.reaction.save_reaction.invalid.app_error', 400, 'Reaction is not valid.')
      if (user_id !== ask.me.id)
        throw new Refusal('api.reaction.save_reaction.user_id.app_error', 403, 'You cannot save reaction for the other user.')
      if (!/^[a-zA-Z0-9_+-]{1,64}$/.test(emoji_name))
        throw new Refusal('model.reaction.is_valid.emoji_name.app_error', 400, 'Invalid emoji name.')
      const post = postIn(ask, textOf(fields, 'post_id'))
      const now = ask.store.now()
      const row = ask.store.saveReaction({ user_id, post_id: post.id, emoji_name, create_at: now, update_at: now, delete_at: 0 })
      return json(reactionAnswer(row))
    },
  },
  {
    route: 'DELETE /users/{user_id}/posts/{post_id}/reactions/{emoji_name}',
    answer: (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      const row = ask.store.reactions.get(`${param(ask, 'post_id')}/${user.id}/${param(ask, 'emoji_name')}`)
      if (row !== undefined) row.delete_at = row.update_at = ask.store.now()
      return ok()
    },
  },
  {
    route: 'GET /channels/{channel_id}/posts',
    answer: (ask) => {
      const numberIn = (name: string, fallback: number): number => {
        const text = query(ask, name)
        if (text === '') return fallback
        if (!/^\d+$/.test(text)) throw badBody(name)
        return Number(text)
      }
      for (const name of ['before', 'after']) if (query(ask, name) !== '' && !isId(query(ask, name))) throw badBody(name)
      const channel = contentsOf(ask)
      return json(
        listChannel(ask.store, channel.id, {
          page: numberIn('page', 0),
          perPage: Math.min(numberIn('per_page', 60), 200),
          since: numberIn('since', 0),
          before: query(ask, 'before'),
          after: query(ask, 'after'),
          threads: !flag(ask, 'skipFetchThreads'),
          deletedToo: deletedToo(ask),
        }),
      )
    },
  },
  { route: 'GET /channels/{channel_id}/pinned', answer: (ask) => json(listPinned(ask.store, readable(ask, channelIn(ask)).id)) },
  {
    route: 'PUT /users/{user_id}/teams/{team_id}/threads/{thread_id}/following',
    answer: (ask) => follow(ask, true),
  },
  {
    route: 'DELETE /users/{user_id}/teams/{team_id}/threads/{thread_id}/following',
    answer: (ask) => follow(ask, false),
  },
]

function follow(ask: Ask, following: boolean): ReturnType<typeof ok> {
  const user = selfOrAdmin(ask, userIn(ask))
  const post = postIn(ask, param(ask, 'thread_id'))
  ask.store.setThreadMember({ post_id: post.id, user_id: user.id, following, last_viewed: ask.store.now(), unread_mentions: 0 })
  return ok()
}
