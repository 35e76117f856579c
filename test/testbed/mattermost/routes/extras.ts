import { bookmarkAnswer, botAnswer, groupAnswer } from '../answers.ts'
import { saveUser } from '../people.ts'
import { badBody, Refusal } from '../refusal.ts'
import type { BookmarkRow, GroupRow, UserRow } from '../rows.ts'
import type { Store } from '../store.ts'
import {
  type Ask,
  body,
  boolOf,
  channelIn,
  flag,
  json,
  ok,
  pageOf,
  param,
  query,
  readable,
  requireAdmin,
  type Route,
  textOf,
  userIn,
} from './ask.ts'

const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [])

function bookmarksOf(store: Store, channelId: string): readonly BookmarkRow[] {
  return [...store.bookmarks.values()]
    .filter((row) => row.channel_id === channelId && row.delete_at === 0)
    .toSorted((a, b) => a.sort_order - b.sort_order)
}
function bookmarkIn(ask: Ask): BookmarkRow {
  const row = ask.store.bookmarks.get(param(ask, 'bookmark_id'))
  if (row === undefined || row.delete_at !== 0) throw new Refusal('app.channel.bookmark.get.app_error', 404, 'Could not get bookmark.')
  return row
}
/** Bookmarks need a paid licence, whatever the version. */
function licensedFor(what: string, { store }: Ask): void {
  if (store.licence === undefined) throw new Refusal(`api.${what}.license.error`, 501, 'Your license does not support this.')
}

const bookmarks = (store: Store): boolean => store.can.bookmarks
const bookmarkRoutes: readonly Route[] = [
  {
    route: 'GET /channels/{channel_id}/bookmarks',
    exists: bookmarks,
    answer: (ask) => {
      licensedFor('channel.bookmark', ask)
      return json(bookmarksOf(ask.store, readable(ask, channelIn(ask)).id).map(bookmarkAnswer))
    },
  },
  {
    route: 'POST /channels/{channel_id}/bookmarks',
    exists: bookmarks,
    answer: async (ask) => {
      licensedFor('channel.bookmark', ask)
      const channel = readable(ask, channelIn(ask))
      const fields = await body(ask, 'channelBookmark')
      const type = textOf(fields, 'type')
      const display_name = textOf(fields, 'display_name') ?? ''
      const link_url = textOf(fields, 'link_url') ?? ''
      const file_id = textOf(fields, 'file_id') ?? ''
      if ((type !== 'link' && type !== 'file') || display_name === '') throw badBody('channelBookmark')
      if (type === 'link' && !/^https?:\/\//.test(link_url))
        throw new Refusal('model.channel_bookmark.is_valid.link_url.missing_or_invalid.app_error', 400, 'Missing or invalid link url.')
      if (type === 'file' && !ask.store.files.has(file_id))
        throw new Refusal('model.channel_bookmark.is_valid.file_id.missing_or_invalid.app_error', 400, 'Missing or invalid file id.')
      if (bookmarksOf(ask.store, channel.id).length >= 50)
        throw new Refusal('app.channel.bookmark.save.app_error', 500, 'Could not save bookmark.')
      const now = ask.store.now()
      const row: BookmarkRow = {
        id: ask.store.id(),
        create_at: now,
        update_at: now,
        delete_at: 0,
        channel_id: channel.id,
        owner_id: ask.me.id,
        display_name,
        type,
        link_url,
        file_id,
        emoji: textOf(fields, 'emoji') ?? '',
        image_url: textOf(fields, 'image_url') ?? '',
        sort_order: bookmarksOf(ask.store, channel.id).length,
      }
      ask.store.bookmarks.set(row.id, row)
      return json(bookmarkAnswer(row), 201)
    },
  },
  {
    route: 'DELETE /channels/{channel_id}/bookmarks/{bookmark_id}',
    exists: bookmarks,
    answer: (ask) => {
      licensedFor('channel.bookmark', ask)
      const row = bookmarkIn(ask)
      row.delete_at = ask.store.now()
      return json(bookmarkAnswer(row))
    },
  },
]

function groupIn(ask: Ask): GroupRow {
  const row = ask.store.groups.get(param(ask, 'group_id'))
  if (row === undefined || row.delete_at !== 0) throw new Refusal('app.group.no_rows', 404, 'no matching group found')
  return row
}
/** Before custom groups there were only LDAP ones, and listing those needed a licence too: the answer without one is the same 501. */
function groupsAllowed({ store }: Ask): void {
  if (store.licence === undefined) throw new Refusal('api.ldap_groups.license_error', 501, 'your license does not support ldap groups')
  if (store.can.customGroups && !store.config.ServiceSettings.EnableCustomGroups)
    throw new Refusal('api.custom_groups.feature_disabled', 501, 'custom groups feature is disabled')
}
const customGroups = (store: Store): boolean => store.can.customGroups

const groupRoutes: readonly Route[] = [
  {
    route: 'GET /groups',
    answer: (ask) => {
      groupsAllowed(ask)
      const word = query(ask, 'q').toLowerCase()
      const all = [...ask.store.groups.values()].filter(
        (row) => (row.delete_at === 0 || flag(ask, 'include_archived')) && `${row.name} ${row.display_name}`.toLowerCase().includes(word),
      )
      return json(pageOf(ask, all).map(groupAnswer))
    },
  },
  {
    route: 'POST /groups',
    exists: customGroups,
    answer: async (ask) => {
      groupsAllowed(ask)
      const fields = await body(ask, 'group')
      const name = textOf(fields, 'name') ?? ''
      if (textOf(fields, 'source') !== 'custom')
        throw new Refusal('app.group.crud_permission', 400, 'unable to perform operation for that source type')
      if (!/^[a-z0-9._-]{1,64}$/.test(name))
        throw new Refusal('model.group.name.invalid_chars.app_error', 400, 'invalid characters in the name property for group.')
      if ([...ask.store.groups.values()].some((row) => row.name === name && row.delete_at === 0))
        throw new Refusal('app.custom_group.unique_name', 400, 'group name is not unique')
      if (ask.store.userNamed(name)) throw new Refusal('app.group.username_conflict', 400, 'a user has that name')
      const now = ask.store.now()
      const members = new Set(strings(fields.user_ids).map((id) => userIn(ask, id).id))
      const row: GroupRow = {
        id: ask.store.id(),
        create_at: now,
        update_at: now,
        delete_at: 0,
        name,
        display_name: textOf(fields, 'display_name') ?? '',
        description: textOf(fields, 'description') ?? '',
        allow_reference: boolOf(fields, 'allow_reference') ?? false,
        members,
      }
      ask.store.groups.set(row.id, row)
      return json(groupAnswer(row), 201)
    },
  },
  { route: 'GET /groups/{group_id}', answer: (ask) => (groupsAllowed(ask), json(groupAnswer(groupIn(ask)))) },
  {
    route: 'PUT /groups/{group_id}/patch',
    exists: customGroups,
    answer: async (ask) => {
      groupsAllowed(ask)
      const row = groupIn(ask)
      const fields = await body(ask, 'group')
      row.name = textOf(fields, 'name') ?? row.name
      row.display_name = textOf(fields, 'display_name') ?? row.display_name
      row.description = textOf(fields, 'description') ?? row.description
      row.allow_reference = boolOf(fields, 'allow_reference') ?? row.allow_reference
      row.update_at = ask.store.now()
      return json(groupAnswer(row))
    },
  },
  {
    route: 'DELETE /groups/{group_id}',
    exists: customGroups,
    answer: (ask) => {
      groupsAllowed(ask)
      groupIn(ask).delete_at = ask.store.now()
      return ok()
    },
  },
  {
    route: 'GET /groups/{group_id}/members',
    answer: (ask) => {
      groupsAllowed(ask)
      // Deactivated people stay in a group and are not shown.
      const ids = [...groupIn(ask).members].filter((id) => ask.store.users.get(id)?.delete_at === 0)
      const members = pageOf(ask, ids).flatMap((id) => ask.store.users.get(id) ?? [])
      return json({ members: members.map((user) => ({ id: user.id, username: user.username })), total_member_count: ids.length })
    },
  },
  {
    route: 'POST /groups/{group_id}/members',
    exists: customGroups,
    answer: async (ask) => {
      groupsAllowed(ask)
      const row = groupIn(ask)
      for (const id of strings((await body(ask, 'addGroupMembers')).user_ids)) row.members.add(userIn(ask, id).id)
      return json([...row.members].map((user_id) => ({ group_id: row.id, user_id, create_at: row.update_at, delete_at: 0 })))
    },
  },
  {
    route: 'DELETE /groups/{group_id}/members',
    exists: customGroups,
    answer: async (ask) => {
      groupsAllowed(ask)
      const row = groupIn(ask)
      for (const id of strings((await body(ask, 'deleteGroupMembers')).user_ids)) row.members.delete(id)
      return json([])
    },
  },
]

function botIn(ask: Ask): UserRow {
  const user = ask.store.users.get(param(ask, 'bot_user_id'))
  if (user?.bot === undefined) throw new Refusal('store.sql_bot.get.missing.app_error', 404, 'Bot does not exist.')
  return user
}

const botRoutes: readonly Route[] = [
  {
    route: 'GET /bots',
    answer: (ask) => {
      const all = [...ask.store.users.values()].filter(
        (user) => user.bot !== undefined && (user.delete_at === 0 || flag(ask, 'include_deleted')),
      )
      return json(pageOf(ask, all).map(botAnswer))
    },
  },
  {
    route: 'POST /bots',
    answer: async (ask) => {
      if (!ask.store.config.ServiceSettings.EnableBotAccountCreation)
        throw new Refusal('api.bot.create_disabled', 403, 'Bot creation has been disabled.')
      requireAdmin(ask)
      const fields = await body(ask, 'bot')
      const username = textOf(fields, 'username') ?? ''
      const bot = {
        owner_id: ask.me.id,
        display_name: textOf(fields, 'display_name') ?? '',
        description: textOf(fields, 'description') ?? '',
      }
      return json(botAnswer(saveUser(ask.store, { username, email: `${username}@localhost`, first_name: bot.display_name, bot })), 201)
    },
  },
  { route: 'GET /bots/{bot_user_id}', answer: (ask) => json(botAnswer(botIn(ask))) },
  {
    route: 'POST /bots/{bot_user_id}/disable',
    answer: (ask) => {
      requireAdmin(ask)
      const user = botIn(ask)
      user.delete_at = user.update_at = ask.store.now()
      return json(botAnswer(user))
    },
  },
  {
    route: 'POST /bots/{bot_user_id}/enable',
    answer: (ask) => {
      requireAdmin(ask)
      const user = botIn(ask)
      user.delete_at = 0
      user.update_at = ask.store.now()
      return json(botAnswer(user))
    },
  },
]

export const extraRoutes: readonly Route[] = [...bookmarkRoutes, ...groupRoutes, ...botRoutes]
