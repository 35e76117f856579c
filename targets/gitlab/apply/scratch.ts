import type { Ports } from '../../../src/contract/ports.ts'
import type { Leftover } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import { orGone, type GitlabClient } from '../api/client.ts'
import { projectsIn } from '../api/read-survey.ts'
import { Group, User } from '../api/wire.ts'
import type { Settings } from '../settings.ts'
import { findGroup, rehearsalMark } from './groups.ts'
import { shadowDomain } from './people.ts'

const PAUSE_MS = 1_000
const MOST_PAUSES = 120

/**
 * Removes the group of a rehearsal with everything in it, and the users that were made for it; nothing that does not carry the rehearsal's names.
 * Servers that delay deletion are asked twice. https://docs.gitlab.com/api/groups/#delete-a-group (read 2026-11-25)
 */
export async function* destroyScratch(
  client: GitlabClient,
  settings: Settings,
  run: string,
  ports: Ports,
  signal: AbortSignal,
): AsyncGenerator<Leftover> {
  const why = await attempt(() => removeGroup(client, settings.group, ports, signal))
  if (why !== undefined)
    yield { what: `group ${settings.group}`, why, remedy: 'Remove it: Group > Settings > General > Advanced > Delete group' }
  if (why === undefined) await removeAbove(client, settings.group, run, ports, signal)
  const ours: User[] = []
  for await (const user of client.byKey(User, 'users', {}, signal))
    if (user.email?.toLowerCase().endsWith(`@${shadowDomain({ scratch: run, emailDomain: settings.emailDomain })}`) === true)
      ours.push(user)
  let kept = 0
  let last = ''
  for (const user of ours) {
    const refused = await attempt(() => client.remove(`users/${user.id}`, { hard_delete: true }, signal))
    if (refused === undefined) continue
    kept++
    last = refused
  }
  if (kept > 0)
    yield {
      what: `${kept} blocked users with addresses @${shadowDomain({ scratch: run, emailDomain: settings.emailDomain })}`,
      why: last,
      remedy: 'Remove them: Admin > Users > Blocked',
    }
}

/** Groups above it that the rehearsal had to make, as long as nothing else has come into them. */
async function removeAbove(client: GitlabClient, path: string, run: string, ports: Ports, signal: AbortSignal): Promise<void> {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  if (parent === '') return
  const group = await findGroup(client, parent, signal)
  if (group === undefined || group.description !== rehearsalMark(run)) return
  for await (const _ of client.list(Group, `groups/${group.id}/subgroups`, { all_available: true }, signal)) return
  for await (const _ of projectsIn(client, group.id, signal)) return
  await removeGroup(client, parent, ports, signal)
  await removeAbove(client, parent, run, ports, signal)
}

async function removeGroup(client: GitlabClient, path: string, ports: Ports, signal: AbortSignal): Promise<void> {
  const group = await findGroup(client, path, signal)
  if (group === undefined) return
  await client.remove(`groups/${group.id}`, {}, signal)
  for (let tries = 0; tries < MOST_PAUSES; tries++) {
    const left = await findGroup(client, String(group.id), signal)
    if (left === undefined) return
    if (tries === 0 || left.full_path !== group.full_path)
      await orGone(() =>
        client.json(
          { method: 'DELETE', path: `groups/${group.id}`, query: { permanently_remove: true, full_path: left.full_path } },
          signal,
        ),
      ).catch((error: unknown) => {
        // It is being removed already.
        if (!(error instanceof Fault) || error.code === 'unavailable') throw error
      })
    await ports.clock.sleep(PAUSE_MS, signal)
  }
  throw new Fault({ code: 'unavailable', what: `GitLab has not removed the group ${path}` })
}

async function attempt(remove: () => Promise<void>): Promise<string | undefined> {
  try {
    await remove()
    return undefined
  } catch (error) {
    if (error instanceof Fault && error.code !== 'auth') return error.message
    throw error
  }
}
