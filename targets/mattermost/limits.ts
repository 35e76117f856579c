import { z } from 'zod'
import { Fault } from '../../src/fault.ts'
import type { Work } from './apply.ts'
import type { DirectoryOperations } from './bulk/compose.ts'
import type { ServerPlaces } from './places.ts'
import { Member, ServerConfig } from './wire.ts'

/** Puts a setting back as it was. */
export type Restore = () => Promise<void>

/**
 * Compares what is to be imported with the limits that would end an import half-way, before the first byte.
 * With `adjustLimits` they are raised; the answer puts them back.
 * @throws Fault `config` naming every setting and the value it needs
 */
export async function checkLimits(
  { client, settings, ports }: Work,
  world: ServerPlaces,
  directory: DirectoryOperations,
  signal: AbortSignal,
): Promise<Restore> {
  const config = await client.get(ServerConfig, '/config', {}, signal)
  const team = await world.team(signal)
  const members = new Set<string>()
  if (team !== undefined)
    for await (const { user_id } of client.pages(z.array(Member), `/teams/${team.id}/members`, {}, signal)) members.add(user_id)
  const users = await world.users(signal)
  const active = [...users.values()].filter(({ id, delete_at }) => members.has(id) && delete_at === 0).length
  const joining = directory.users.filter(({ op }) => op.inTeam && !members.has(users.get(op.username)?.id ?? '')).length
  let channels = 0
  for await (const { delete_at } of world.channels(signal)) if (delete_at === 0) channels++
  const opening = directory.channels.filter(({ op, state }) => op.place.type === 'channel' && state === 'new').length
  const needs = [
    {
      name: 'MaxUsersPerTeam' as const,
      has: config.TeamSettings.MaxUsersPerTeam,
      needs: active + joining,
    },
    // A new team brings two channels of its own.
    { name: 'MaxChannelsPerTeam' as const, has: config.TeamSettings.MaxChannelsPerTeam, needs: Math.max(channels, 2) + opening },
  ].filter((limit) => limit.needs > limit.has)
  return adjusted(
    { client, settings, ports },
    needs.map(({ name, has, needs }) => ({ section: 'TeamSettings', name, has, needs })),
    signal,
  )
}

/** The server refuses an upload above the greatest file it takes, and an import zip is a file to it. @throws Fault `config` */
export async function checkZipSize(
  work: Pick<Work, 'client' | 'settings' | 'ports'>,
  bytes: number,
  signal: AbortSignal,
): Promise<Restore> {
  const { FileSettings } = await work.client.get(ServerConfig, '/config', {}, signal)
  const { MaxFileSize } = FileSettings
  return adjusted(
    work,
    bytes > MaxFileSize ? [{ section: 'FileSettings', name: 'MaxFileSize', has: MaxFileSize, needs: bytes }] : [],
    signal,
  )
}

interface Need {
  readonly section: 'TeamSettings' | 'FileSettings'
  readonly name: string
  readonly has: number
  readonly needs: number
}
async function adjusted(
  { client, settings, ports }: Pick<Work, 'client' | 'settings' | 'ports'>,
  needs: readonly Need[],
  signal: AbortSignal,
): Promise<Restore> {
  if (needs.length === 0) return () => Promise.resolve()
  if (!settings.adjustLimits)
    throw new Fault({
      code: 'config',
      what: 'Limits of the Mattermost server would end the import half-way',
      why: needs.map(({ section, name, has, needs }) => `${section}.${name} is ${has}, ${needs} are needed`).join('; '),
      remedy: 'Raise them in the System Console, or set `adjustLimits: true` to have them raised for the import and put back',
    })
  const patch = (value: 'has' | 'needs') => {
    const sections: Record<string, Record<string, number>> = {}
    for (const need of needs) sections[need.section] = { ...sections[need.section], [need.name]: need[value] }
    return sections
  }
  await client.put(z.unknown(), '/config/patch', patch('needs'), signal)
  ports.log.info('raised limits of the server for the import', { settings: needs.map(({ name }) => name) })
  // Put back even when the run was stopped: the signal of the run is no longer the one to ask.
  return async () => void (await client.put(z.unknown(), '/config/patch', patch('has'), AbortSignal.timeout(15_000)))
}
