import type { Ports } from '../../src/contract/ports.ts'
import type { Leftover } from '../../src/contract/target.ts'
import { Fault } from '../../src/fault.ts'
import { Adjustments } from './adjust.ts'
import type { MattermostClient } from './client.ts'
import { customGroups } from './delta/groups.ts'
import { ServerPlaces } from './places.ts'
import type { Settings } from './settings.ts'
import { ClientConfig, ServerConfig } from './wire.ts'

/** Removes the team, the people and the emoji of a rehearsal, and says what had to stay. Touches nothing that does not carry the rehearsal's names. */
export async function* destroyScratch(
  client: MattermostClient,
  settings: Settings,
  run: string,
  ports: Ports,
  signal: AbortSignal,
): AsyncGenerator<Leftover> {
  // A rehearsal that was killed may have left settings changed.
  await new Adjustments(client, ports).recover(signal)
  const world = new ServerPlaces(client, settings.team)
  const { ServiceSettings } = await client.get(ServerConfig, '/config', {}, signal)
  for await (const emoji of world.emoji(signal))
    if (emoji.name.startsWith(`r${run}-`)) {
      const kept = await attempt(() => client.delete(`/emoji/${emoji.id}`, {}, signal))
      if (kept !== undefined) yield { what: `emoji ${emoji.name}`, why: kept, remedy: 'Delete it under Custom Emoji' }
    }
  const config = await client.get(ClientConfig, '/config/client', { format: 'old' }, signal)
  const groups: string[] = []
  if (config.EnableCustomGroups === 'true')
    for await (const group of customGroups(client, signal)) if (group.name?.startsWith(`r${run}-`) === true) groups.push(group.id)
  for (const id of groups) await client.delete(`/groups/${id}`, {}, signal)
  if (groups.length > 0)
    yield {
      what: `${groups.length} archived groups named r${run}-…`,
      why: 'the server archives groups and never deletes them',
      remedy: 'Nothing: nobody can mention or see them',
    }
  const team = await world.team(signal)
  if (team !== undefined) {
    const permanent = ServiceSettings.EnableAPITeamDeletion
    const kept = await attempt(() => client.delete(`/teams/${team.id}`, { permanent }, signal))
    if (kept !== undefined) yield { what: `team ${team.name}`, why: kept, remedy: `mmctl team delete ${team.name}` }
    else if (!permanent)
      yield {
        what: `team ${team.name} (archived)`,
        why: 'ServiceSettings.EnableAPITeamDeletion is off',
        remedy: `mmctl team delete ${team.name}, or switch the setting on before rehearsing`,
      }
  }
  let people = 0
  for (const user of (await world.users(signal)).values()) {
    if (!user.username.startsWith(`r${run}-`) || !user.email.endsWith('@rehearsal.invalid')) continue
    const permanent = ServiceSettings.EnableAPIUserDeletion
    if (permanent && (await attempt(() => client.delete(`/users/${user.id}`, { permanent }, signal))) === undefined) continue
    if (user.delete_at === 0) await client.delete(`/users/${user.id}`, {}, signal)
    people++
  }
  if (people > 0)
    yield {
      what: `${people} deactivated users named r${run}-… and the conversations among them`,
      why: 'ServiceSettings.EnableAPIUserDeletion is off',
      remedy: `mmctl user delete, or switch the setting on before rehearsing; nobody can log in as them`,
    }
}

async function attempt(remove: () => Promise<void>): Promise<string | undefined> {
  try {
    await remove()
    return undefined
  } catch (error) {
    if (error instanceof Fault && error.code === 'gone') return undefined
    if (error instanceof Fault && error.code !== 'auth') return error.message
    throw error
  }
}
