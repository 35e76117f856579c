import type { WorldChannel } from '../../world/model.ts'
import type { Message } from '../../world/wire.ts'
import { renderFile, renderUser, type RenderOptions } from '../render.ts'
import { messagesByDay, withLinkToken } from './messages.ts'

export type Layout = 'public' | 'all' | 'grid'

export interface Entry {
  readonly name: string
  readonly text: string
}

export interface ExportParts extends RenderOptions {
  readonly layout: Layout
  readonly linkToken: string
}

const json = (value: unknown): string => JSON.stringify(value, null, 4)

/** Every entry of an export of this layout, in the order Slack has them: lists first, then a folder for each conversation. */
export function* exportEntries(parts: ExportParts): Generator<Entry> {
  const { world, layout } = parts
  const of = (...kinds: readonly WorldChannel['kind'][]) => [...world.channels.values()].filter(({ kind }) => kinds.includes(kind))
  const team = layout === 'grid' ? `teams/${world.team.name}/` : ''
  // On Grid, what several workspaces share lies at the root, what belongs to one lies under its name.
  const shared = (channel: WorldChannel) => layout === 'grid' && channel.sharedWith.length > 0
  const local = (channel: WorldChannel) => !shared(channel)
  const own = [...world.users.values()].filter(({ wire }) => wire.team_id === world.team.id)

  yield { name: layout === 'grid' ? 'org_users.json' : 'users.json', text: json(own.map((user) => renderUser(parts, user, true))) }
  yield {
    name: `${team}channels.json`,
    text: json(
      of('public')
        .filter(local)
        .map((channel) => room(parts, channel)),
    ),
  }
  yield { name: `${team}integration_logs.json`, text: json(integrationLogs(parts)) }
  if (layout === 'grid') {
    yield {
      name: 'channels.json',
      text: json(
        of('public')
          .filter(shared)
          .map((channel) => room(parts, channel)),
      ),
    }
    yield { name: 'content_flags.json', text: json([]) }
  }
  yield { name: `${team}canvases.json`, text: json(canvases(parts)) }
  yield { name: `${team}lists.json`, text: json(lists(parts)) }
  if (layout !== 'public') {
    yield { name: `${team}groups.json`, text: json(of('private').map((channel) => room(parts, channel))) }
    yield { name: 'mpims.json', text: json(of('mpim').map((channel) => room(parts, channel))) }
    yield {
      name: 'dms.json',
      text: json(
        of('im').map(({ id, created, members }) => ({ id, created, members: members.length === 1 ? [...members, ...members] : members })),
      ),
    }
    yield {
      name: 'file_conversations.json',
      text: json(
        of('im')
          .slice(0, 1)
          .map(({ created, creator }) => ({ id: 'FC0CANVAS', name: 'Onboarding', created, creator, members: [creator] })),
      ),
    }
    yield {
      name: 'FC:F0CANVAS:Onboarding/2026-03-02.json',
      text: json([{ type: 'message', user: own[0]?.wire.id, text: 'a comment on a canvas', ts: '1772442000.000100' }]),
    }
  }
  const kinds = layout === 'public' ? (['public'] as const) : (['public', 'private', 'mpim', 'im'] as const)
  for (const channel of of(...kinds)) {
    const inTeam = channel.kind === 'public' || channel.kind === 'private'
    const folder = `${inTeam && local(channel) ? team : ''}${channel.kind === 'im' ? channel.id : channel.name}`
    if (channel.canvas !== undefined)
      yield { name: `${folder}/canvases_in_conversation.json`, text: json(canvases(parts).filter(({ id }) => id === channel.canvas)) }
    for (const [day, messages] of messagesByDay(parts, channel))
      yield { name: `${folder}/${day}`, text: json(messages.map((message) => linked(parts, message))) }
  }
}

const linked = ({ linkToken }: ExportParts, message: Message): Message =>
  message.files === undefined ? message : { ...message, files: message.files.map((file) => withLinkToken(file, linkToken)) }

const heading = ({ value, creator, lastSet }: WorldChannel['topic']) => ({ value, creator, last_set: lastSet })

/** What channels.json, groups.json and mpims.json say: members whole, pins in full, and nothing about sharing or bookmarks. */
function room({ world }: ExportParts, channel: WorldChannel) {
  const { id, name, created, creator, archived, general, members } = channel
  const pins = channel.pins.map((pin) => ({
    id: pin.ts ?? pin.file,
    type: pin.ts === undefined ? 'F' : 'C',
    created: pin.created,
    user: pin.by,
    owner: channel.messages.find(({ ts }) => ts === pin.ts)?.user ?? world.files.get(pin.file ?? '')?.wire.user ?? '',
  }))
  return {
    id,
    name,
    created,
    creator,
    is_archived: archived,
    ...(channel.kind === 'public' ? { is_general: general } : {}),
    members,
    ...(pins.length === 0 ? {} : { pins }),
    topic: heading(channel.topic),
    purpose: heading(channel.purpose),
  }
}

function integrationLogs({ world }: ExportParts) {
  const [owner] = world.users.values()
  return [...world.users.values()]
    .filter(({ wire }) => wire.is_bot)
    .map(({ wire }) => ({
      user_id: owner?.wire.id,
      user_name: owner?.wire.name,
      date: String(world.nowSeconds),
      change_type: 'added',
      app_type: wire.real_name,
      app_id: wire.profile?.api_app_id,
      scope: 'chat:write',
    }))
}

const filesOf = (parts: ExportParts, mode: string) => [...parts.world.files.values()].filter(({ wire }) => wire.mode === mode)
const canvases = (parts: ExportParts) => filesOf(parts, 'quip').map((file) => withLinkToken(renderFile(parts, file), parts.linkToken))
const lists = (parts: ExportParts) => filesOf(parts, 'list').map((file) => withLinkToken(renderFile(parts, file), parts.linkToken))
