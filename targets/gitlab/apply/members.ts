import type { JsonObject } from '../../../src/contract/json.ts'
import { orGone } from '../api/client.ts'
import { resourcesOf } from '../api/resources.ts'
import type { MemberOperation, SettingsOperation } from '../setting-operations.ts'
import { directMembers } from './groups.ts'
import type { Work } from './work.ts'

/**
 * An import makes everybody who is named in its file a member, and the importing user too. Those who are to be members get their rights; the
 * others are taken out again. Nobody is added here: adding somebody tells them so.
 */
export async function reconcileMembers(work: Work, project: string, id: number, signal: AbortSignal): Promise<void> {
  const { client, spool } = work
  const { members } = resourcesOf(client, signal)
  const wanted = new Map<string, number>()
  for (const op of spool.part<SettingsOperation>(project, 'setting'))
    if (op.type === 'member' && op.who.username !== null) wanted.set(op.who.username.toLowerCase(), op.access)
  for (const member of await directMembers(client, `projects/${id}`, signal)) {
    const access = wanted.get(member.username.toLowerCase())
    if (access === undefined) await orGone(() => members.remove(id, member.id))
    else if (access !== member.access_level) await members.edit(id, member.id, access)
  }
}

/** One member gets the rights it is to have. */
export async function giveMembership(work: Work, id: number, op: MemberOperation, signal: AbortSignal): Promise<void> {
  const { client, people } = work
  const { members } = resourcesOf(client, signal)
  const user = people.of(op.who)
  const standing = (await directMembers(client, `projects/${id}`, signal)).find((member) => member.id === user.id)
  if (standing === undefined) await members.add(id, op.access, { userId: user.id })
  else if (standing.access_level !== op.access) await members.edit(id, user.id, op.access)
}
export async function takeMembership(work: Work, id: number, username: string, signal: AbortSignal): Promise<void> {
  const user = work.people.named(username)
  if (user !== undefined) await orGone(() => resourcesOf(work.client, signal).members.remove(id, user.id))
}

/** Levels of all direct members, by number. */
export async function baseline({ client }: Work, id: number, signal: AbortSignal): Promise<JsonObject> {
  return {
    members: Object.fromEntries(
      (await directMembers(client, `projects/${id}`, signal)).map((member) => [String(member.id), member.access_level]),
    ),
  }
}

/** Memberships that bringing things up to date has made are taken away again; what people have set up themselves stays. */
export async function putBack(work: Work, project: string, id: number, before: JsonObject, signal: AbortSignal): Promise<void> {
  const { client, spool } = work
  const { members } = resourcesOf(client, signal)
  const levels = before['members'] as JsonObject
  const wanted = new Set<string>()
  for (const op of spool.part<SettingsOperation>(project, 'setting'))
    if (op.type === 'member' && op.who.username !== null) wanted.add(op.who.username)
  for (const member of await directMembers(client, `projects/${id}`, signal)) {
    const level = levels[String(member.id)]
    if (typeof level === 'number' && level !== member.access_level) await members.edit(id, member.id, level)
    else if (level === undefined && !wanted.has(member.username)) await orGone(() => members.remove(id, member.id))
  }
}
