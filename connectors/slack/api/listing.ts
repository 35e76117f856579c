import type { Collection } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { Fault } from '../../../src/fault.ts'
import type { Selection } from '../config.ts'
import { selects } from '../config.ts'
import { channelCollection, channelId, directory, dropped } from '../map/item.ts'
import { filled, flag, text, texts, type Wire, wire, wires } from '../wire.ts'
import type { Reader } from './reader.ts'

export interface Identity {
  readonly bot: boolean
  readonly user: string
  readonly team: string
  readonly teamName: string
  /** Undefined: Slack did not say. */
  readonly scopes: readonly string[] | undefined
}

/** Every scope this connector makes use of, and what is missed without it. */
export const scopeUse: Readonly<Record<string, string>> = {
  'channels:history': 'messages of public channels',
  'channels:read': 'public channels',
  'groups:history': 'messages of private channels',
  'groups:read': 'private channels',
  'im:history': 'direct messages',
  'im:read': 'direct messages',
  'mpim:history': 'group direct messages',
  'mpim:read': 'group direct messages',
  'users:read': 'people',
  'users:read.email': 'e-mail addresses, by which people are recognised elsewhere',
  'users.profile:read': 'the names of custom profile fields',
  'usergroups:read': 'user groups',
  'emoji:read': 'custom emoji',
  'pins:read': 'pins',
  'bookmarks:read': 'bookmarks',
  'files:read': 'files and canvases',
  'team:read': 'the name of the workspace',
  'lists:read': 'lists',
}
export const missingScopes = ({ scopes }: Identity): readonly string[] =>
  scopes === undefined ? [] : Object.keys(scopeUse).filter((scope) => !scopes.includes(scope))

export async function identify(reader: Reader, signal: AbortSignal): Promise<Identity> {
  const answer = await reader.call('auth.test', {}, signal)
  const scopes = wire(answer['response_metadata'])?.['scopes']
  return {
    bot: filled(answer['bot_id']) !== null,
    user: text(answer['user_id']) ?? '',
    team: text(answer['team_id']) ?? '',
    teamName: text(answer['team']) ?? '',
    scopes: Array.isArray(scopes) ? texts(scopes) : undefined,
  }
}

/** The channels as this token sees them, and what it does not see. */
export interface Listed {
  readonly identity: Identity
  readonly channels: ReadonlyMap<string, Wire>
  readonly seen: number
  readonly notMember: number
  readonly losses: readonly Loss[]
  /** Types of channels that could not be listed, with the scope that is missing. */
  readonly blind: readonly { readonly type: string; readonly scope: string }[]
}

const types = { public_channel: 'channels', private_channel: 'groups', mpim: 'mpim', im: 'im' } as const

/** @throws Fault `auth`, `permission`, `throttled`, `unavailable` */
export async function listChannels(reader: Reader, selection: Selection, signal: AbortSignal): Promise<Listed> {
  const identity = await identify(reader, signal)
  const blind = blindness(identity)
  const wanted = Object.keys(types).filter((type) => !blind.some((entry) => entry.type === type))
  const channels = new Map<string, Wire>()
  const losses: Loss[] = blind.map(({ type, scope }) =>
    dropped(channelId(`all-${type}`), 'withheld-by-source', `channels of type ${type} are not visible: the scope ${scope} is missing`),
  )
  if (identity.bot)
    losses.push(
      dropped(
        channelId('others'),
        'withheld-by-source',
        'a bot token sees no private channel, direct message or group it is not a member of',
      ),
    )
  else
    losses.push(
      dropped(channelId('others'), 'withheld-by-source', 'a user token sees the private channels and direct messages of its user only'),
    )
  let notMember = 0
  const all = new Map<string, Wire>()
  if (wanted.length > 0)
    for await (const page of listPages(reader, wanted, signal))
      for (const channel of page) if (filled(channel['id']) !== null) all.set(text(channel['id']) ?? '', channel)
  for (const [id, channel] of all) {
    const name = text(channel['name']) ?? ''
    if (!selects(selection, id, name)) losses.push(dropped(channelId(id), 'excluded-by-policy', 'left out by the configuration'))
    else if (unreadable(identity, channel)) {
      notMember += 1
      losses.push(dropped(channelId(id), 'withheld-by-source', 'the bot is not a member of this channel'))
    } else channels.set(id, channel)
  }
  return { identity, channels, seen: all.size, notMember, losses, blind }
}

async function* listPages(reader: Reader, wanted: readonly string[], signal: AbortSignal): AsyncGenerator<readonly Wire[]> {
  for await (const page of reader.list(
    'conversations.list',
    'channels',
    { types: wanted.join(','), limit: 999, exclude_archived: false },
    signal,
  ))
    yield wires(page)
}

function blindness({ scopes }: Identity): Listed['blind'] {
  return Object.entries(types).flatMap(([type, family]) => {
    const scope = [`${family}:read`, `${family}:history`].find((name) => scopes !== undefined && !scopes.includes(name))
    return scope === undefined ? [] : [{ type, scope }]
  })
}

const unreadable = (identity: Identity, channel: Wire): boolean =>
  identity.bot && !flag(channel['is_im']) && !flag(channel['is_mpim']) && channel['is_member'] === false

/** The collections of a workspace: the directory, then each channel. */
export function collectionsOf(listed: Pick<Listed, 'channels'>): readonly Collection[] {
  const all = [...listed.channels].map(([id, channel]) => ({
    id: channelCollection(id),
    title: titleOf(channel, id),
    kinds: ['channel', 'message'] as const,
  }))
  return [{ id: directory, title: 'People, groups and emoji', kinds: ['account', 'group', 'emoji'] }, ...all]
}
const titleOf = (channel: Wire, id: string): string => {
  const name = filled(channel['name'])
  return name === null ? `direct message ${id}` : `#${name}`
}

/** A channel object that no listing gave. @throws Fault `gone` */
export async function channelObject(reader: Reader, id: string, signal: AbortSignal): Promise<Wire> {
  const channel = wire((await reader.call('conversations.info', { channel: id, include_num_members: true }, signal))['channel'])
  if (channel === undefined)
    throw new Fault({
      code: 'unavailable',
      what: `Slack's answer about channel ${id} is empty`,
      remedy: 'Run again',
      retry: { type: 'backoff' },
    })
  return channel
}
