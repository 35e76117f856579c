import { z } from 'zod'
import { Fault } from '../../src/fault.ts'
import type { Work } from './apply.ts'
import type { DirectoryOperations } from './bulk/compose.ts'
import type { ServerPlaces } from './places.ts'
import { ServerConfig } from './wire.ts'

/**
 * Compares what is to be imported with the limits that would end an import half-way, before the first byte.
 * With `adjustLimits` they are raised; the answer puts them back.
 * @throws Fault `config` naming every setting and the value it needs
 */
export async function checkLimits({ client, settings, ports }: Work, world: ServerPlaces, directory: DirectoryOperations, signal: AbortSignal): Promise<() => Promise<void>> {
  const config = await client.get(ServerConfig, '/config', {}, signal)
  const team = await world.team(signal)
  const members = team === undefined ? { active_member_count: 0 } : await client.get(z.object({ active_member_count: z.number() }), `/teams/${team.id}/stats`, {}, signal)
  let channels = 0
  for await (const _ of world.channels(signal)) channels++
  const users = await world.users(signal)
  const joining = directory.users.filter(({ op }) => op.inTeam && !users.has(op.username)).length + directory.users.filter(({ op }) => op.inTeam && users.has(op.username)).length
  const opening = directory.channels.filter(({ op, state }) => op.place.type === 'channel' && state === 'new').length
  const needs = [
    { name: 'MaxUsersPerTeam' as const, has: config.TeamSettings.MaxUsersPerTeam, needs: Math.max(members.active_member_count, 0) + joining },
    // A new team brings two channels of its own.
    { name: 'MaxChannelsPerTeam' as const, has: config.TeamSettings.MaxChannelsPerTeam, needs: Math.max(channels, 2) + opening },
  ].filter((limit) => limit.needs > limit.has)
  if (needs.length === 0) return () => Promise.resolve()
  if (!settings.adjustLimits)
    throw new Fault({
      code: 'config',
      what: 'Limits of the Mattermost server would end the import half-way',
      why: needs.map(({ name, has, needs }) => `TeamSettings.${name} is ${has}, ${needs} are needed`).join('; '),
      remedy: 'Raise them in the System Console, or set `adjustLimits: true` to have them raised for the import and put back',
    })
  await client.put(z.unknown(), '/config/patch', { TeamSettings: Object.fromEntries(needs.map(({ name, needs }) => [name, needs])) }, signal)
  ports.log.info('raised limits of the server for the import', { settings: needs.map(({ name }) => name) })
  return async () => {
    // Put back even when the run was stopped: the signal of the run is no longer the one to ask.
    await client.put(z.unknown(), '/config/patch', { TeamSettings: Object.fromEntries(needs.map(({ name, has }) => [name, has])) }, AbortSignal.timeout(15_000))
  }
}
