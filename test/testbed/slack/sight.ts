import type { WorldChannel } from '../world/model.ts'
import type { Call } from './call.ts'
import { Refusal } from './errors.ts'
import { needScopes } from './tokens.ts'

const FAMILY = { public: 'channels', private: 'groups', mpim: 'mpim', im: 'im' } as const
export const family = (channel: WorldChannel): string => FAMILY[channel.kind]

/** Public channels are there for everybody but guests; the others only for those inside. */
export function sees({ world, grant }: Pick<Call, 'world' | 'grant'>, channel: WorldChannel): boolean {
  if (channel.members.includes(grant.user)) return true
  return channel.kind === 'public' && !world.user(grant.user).wire.is_restricted
}

/** The conversation a call names. @throws Refusal `channel_not_found` for those the token does not see, so that ids tell nothing. */
export function channelOf(call: Call): WorldChannel {
  const channel = call.world.channels.get(call.args.required('channel'))
  if (channel === undefined || !sees(call, channel)) throw new Refusal('channel_not_found')
  return channel
}

/** The same, for reading messages: a bot must be inside, a user token reads public channels from outside. */
export function readableChannel(call: Call): WorldChannel {
  const channel = channelOf(call)
  needScopes(call.grant, [`${family(channel)}:history`])
  if (call.grant.type === 'bot' && !channel.members.includes(call.grant.user)) throw new Refusal('not_in_channel')
  return channel
}
