import type { Method } from './call.ts'
import * as conversations from './routes/conversations.ts'
import * as files from './routes/files.ts'
import * as messages from './routes/messages.ts'
import * as people from './routes/people.ts'

/** Every method the emulator knows, by Slack's name. */
export const METHODS: Readonly<Record<string, Method>> = {
  'auth.test': people.authTest,
  'bookmarks.list': conversations.bookmarks,
  'conversations.history': messages.history,
  'conversations.info': conversations.info,
  'conversations.join': conversations.join,
  'conversations.list': conversations.list,
  'conversations.members': conversations.members,
  'conversations.replies': messages.replies,
  'emoji.list': people.emoji,
  'files.info': files.info,
  'files.list': files.list,
  'pins.list': messages.pins,
  'slackLists.items.list': files.listItems,
  'team.info': people.teamInfo,
  'team.profile.get': people.teamProfile,
  'usergroups.list': people.groups,
  'usergroups.users.list': people.groupMembers,
  'users.conversations': conversations.ofUser,
  'users.info': people.userInfo,
  'users.list': people.users,
  'users.profile.get': people.userProfile,
}
