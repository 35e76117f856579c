import { z } from 'zod'
import { Fault } from '../../src/fault.ts'
import type { Adjustment, Adjustments } from './adjust.ts'
import type { Work } from './apply.ts'
import type { DirectoryOperations } from './bulk/compose-options.ts'
import type { ServerPlaces } from './places.ts'
import type { Settings } from './settings.ts'
import { Member, ServerConfig } from './wire.ts'

/**
 * Compares what is to be imported with the limits that would end an import half-way, before the first byte.
 * With `adjustLimits` they are raised until the adjustments are restored.
 * @throws Fault `config` naming every setting and the value it needs
 */
export async function checkLimits(
  { client, settings }: Work,
  world: ServerPlaces,
  directory: DirectoryOperations,
  adjustments: Adjustments,
  signal: AbortSignal,
): Promise<void> {
  const config = await client.get(ServerConfig, '/config', {}, signal)
  const team = await world.team(signal)
  const members = new Set<string>()
  if (team !== undefined)
    for await (const { user_id } of client.pages(z.array(Member), `/teams/${team.id}/members`, {}, signal)) members.add(user_id)
  const users = await world.users(signal)
  const active = [...users.values()].filter(({ id, delete_at }) => members.has(id) && delete_at === 0).length
  const inChannels = new Set<string>()
  for (const { op } of directory.channels) if (op.place.type === 'channel') for (const name of op.members) inChannels.add(name)
  const joining = directory.users.filter(
    ({ op }) => (op.inTeam || inChannels.has(op.username)) && !members.has(users.get(op.username)?.id ?? ''),
  )
  const joiningActive = joining.filter(({ op }) => {
    const there = users.get(op.username)
    return there === undefined ? op.active : there.delete_at === 0
  }).length
  let channels = 0
  for await (const { delete_at } of world.channels(signal)) if (delete_at === 0) channels++
  const opening = directory.channels.filter(({ op, state }) => op.place.type === 'channel' && state === 'new').length
  const needs = [
    {
      name: 'MaxUsersPerTeam' as const,
      has: config.TeamSettings.MaxUsersPerTeam,
      // Deactivated people do not count, but the server wants room for one more when it lets one of them in (5.36.1 `team_store.go`).
      needs: active + joiningActive + (joining.length > joiningActive ? 1 : 0),
    },
    // A new team brings two channels of its own.
    { name: 'MaxChannelsPerTeam' as const, has: config.TeamSettings.MaxChannelsPerTeam, needs: Math.max(channels, 2) + opening },
  ].filter((limit) => limit.needs > limit.has)
  await adjusted(
    settings,
    adjustments,
    needs.map(({ name, has, needs }) => ({ section: 'TeamSettings', name, has, needs })),
    signal,
  )
}

/** The server refuses an upload above the greatest file it takes, and an import zip is a file to it. @throws Fault `config` */
export async function checkZipSize(
  { client, settings }: Work,
  bytes: number,
  adjustments: Adjustments,
  signal: AbortSignal,
): Promise<void> {
  const { MaxFileSize } = (await client.get(ServerConfig, '/config', {}, signal)).FileSettings
  await adjusted(
    settings,
    adjustments,
    bytes > MaxFileSize ? [{ section: 'FileSettings', name: 'MaxFileSize', has: MaxFileSize, needs: bytes }] : [],
    signal,
  )
}

type Need = Pick<Adjustment, 'section' | 'name'> & { readonly has: number; readonly needs: number }

async function adjusted(settings: Settings, adjustments: Adjustments, needs: readonly Need[], signal: AbortSignal): Promise<void> {
  if (needs.length === 0) return
  if (!settings.adjustLimits)
    throw new Fault({
      code: 'config',
      what: 'Limits of the Mattermost server would end the import half-way',
      why: needs.map(({ section, name, has, needs }) => `${section}.${name} is ${has}, ${needs} are needed`).join('; '),
      remedy: 'Raise them in the System Console, or set `adjustLimits: true` to have them raised for the import and put back',
    })
  await adjustments.change(
    needs.map(({ section, name, has, needs }) => ({ section, name, was: has, wanted: needs })),
    signal,
  )
}
