import { Fault } from '../../../src/fault.ts'
import type { Google } from '../google.ts'
import { group, type Membership } from '../map/group.ts'
import type { Mapped } from '../map/item.ts'
import { Group, Member, User } from './wire.ts'

/** How many groups are asked for their members at once. */
const atOnce = 4

/** Members of one group as `members.list` gives them; undefined: Google would not say. */
type Members = readonly object[] | undefined

/** All groups with everybody in them. Groups inside of groups are resolved here, and rings among them end. */
export async function* groups(google: Google, users: readonly object[], signal: AbortSignal): AsyncGenerator<Mapped<'group'>> {
  const found: object[] = []
  for await (const page of groupPages(google, signal)) found.push(...page)
  const ids = found.map((raw) => Group.safeParse(raw).data?.id)
  const members = new Map<string, Members>()
  for (let at = 0; at < ids.length; at += atOnce) {
    const some = ids.slice(at, at + atOnce).filter((id) => id !== undefined)
    const given = await Promise.all(some.map((id) => membersOf(google, id, signal)))
    for (const [index, id] of some.entries()) members.set(id, given[index])
  }
  const everybody = users.flatMap((raw) => User.safeParse(raw).data?.id ?? [])
  for (const [at, raw] of found.entries()) {
    const id = ids[at] ?? ''
    yield group(raw, members.get(id) ?? [], membershipOf(id, members, everybody), google.provenance(id, 'groups.list'))
  }
}

/** Everybody in a group and in the groups inside of it. */
function membershipOf(root: string, all: ReadonlyMap<string, Members>, everybody: readonly string[]): Membership {
  if (all.get(root) === undefined) return { ids: null, strangers: 0, opaque: 0 }
  const here = new Set(everybody)
  const ids = new Set<string>()
  const strangers = new Set<string>()
  const looked = new Set<string>()
  const opaque = new Set<string>()
  const ahead = [root]
  for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
    if (looked.has(id)) continue
    looked.add(id)
    const members = all.get(id)
    if (members === undefined) opaque.add(id)
    for (const raw of members ?? []) {
      const member = Member.safeParse(raw).data
      if (member === undefined) continue
      if (member.type === 'GROUP') ahead.push(member.id ?? '')
      else if (member.type === 'CUSTOMER') for (const person of everybody) ids.add(person)
      else if (member.id !== undefined && here.has(member.id)) ids.add(member.id)
      else strangers.add(member.email ?? member.id ?? '')
    }
  }
  return { ids: [...ids], strangers: strangers.size, opaque: opaque.size }
}

/** Read 2026-11-25: https://developers.google.com/workspace/admin/directory/reference/rest/v1/groups/list */
async function* groupPages(google: Google, signal: AbortSignal): AsyncGenerator<readonly object[]> {
  const { groups } = await google.directory()
  let pageToken: string | undefined
  do {
    const query = { customer: 'my_customer', maxResults: 200, ...(pageToken === undefined ? {} : { pageToken }) }
    const page = await google.call('Google refused the list of groups', (options) => groups.list(query, options), signal, 'source')
    yield page.groups ?? []
    pageToken = page.nextPageToken ?? undefined
  } while (pageToken !== undefined)
}

async function membersOf(google: Google, groupKey: string, signal: AbortSignal): Promise<Members> {
  const { members } = await google.directory()
  const found: object[] = []
  let pageToken: string | undefined
  try {
    do {
      const query = { groupKey, maxResults: 200, ...(pageToken === undefined ? {} : { pageToken }) }
      const page = await google.call('Google refused the members of a group', (options) => members.list(query, options), signal, 'source')
      found.push(...(page.members ?? []))
      pageToken = page.nextPageToken ?? undefined
    } while (pageToken !== undefined)
  } catch (error) {
    if (error instanceof Fault && (error.code === 'permission' || error.code === 'gone')) return undefined
    throw error
  }
  return found
}
