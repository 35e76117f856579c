import { createHash } from 'node:crypto'
import { type Answer, type Call, Refusal, type Route, selected } from './call.ts'
import { listing } from './pages.ts'

const people = ['User.Read.All', 'Directory.Read.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All']
const groups = ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All']

/** People and groups inside a group, and inside the groups in it; each once, circles and all. */
function within({ tenant }: Call, id: string, seen = new Set<string>()): ReadonlySet<string> {
  for (const member of tenant.groups.get(id)?.members ?? []) {
    if (seen.has(member)) continue
    seen.add(member)
    within({ tenant } as Call, member, seen)
  }
  return seen
}

function members(call: Call, ids: Iterable<string>, word: string): Answer {
  const { tenant, params, query } = call
  const group = tenant.groups.get(params['group'] ?? '')
  if (group === undefined) throw new Refusal(404, 'Request_ResourceNotFound', `Resource '${params['group']}' does not exist.`)
  const all = [...ids].map((id) => ({
    '@odata.type': tenant.groups.has(id) ? '#microsoft.graph.group' : '#microsoft.graph.user',
    ...selected({ id, displayName: tenant.users.get(id)?.wire.displayName ?? id }, query),
  }))
  return listing(call, `/groups/${group.id}/${word}`, all, { most: 999, usual: 100, type: 'directoryObjects' })
}

/** @throws Refusal 404 `ImageNotFound` */
function photoOf({ tenant, params }: Call): Uint8Array {
  const { photo } = tenant.user(params['user'] ?? '')
  if (photo === undefined) throw new Refusal(404, 'ImageNotFound', "The photo wasn't found.")
  return photo
}

export const directoryRoutes: readonly Route[] = [
  {
    name: 'users.list',
    method: 'GET',
    path: '/users',
    roles: people,
    answer: (call) => {
      const all = [...call.tenant.users.values()].map(({ id, wire }) => selected({ ...wire, id }, call.query))
      return listing(call, '/users', all, { most: 999, usual: 100, type: 'users' })
    },
  },
  {
    name: 'users.get',
    method: 'GET',
    path: '/users/:user',
    roles: people,
    answer: ({ tenant, params, query }) => {
      const { id, wire } = tenant.user(params['user'] ?? '')
      return { json: selected({ ...wire, id }, query) }
    },
  },
  {
    name: 'photo.get',
    method: 'GET',
    path: '/users/:user/photo',
    roles: people,
    answer: (call) => {
      const etag = `W/"${createHash('sha256').update(photoOf(call)).digest('hex').slice(0, 32)}"`
      return { json: { id: '48x48', height: 48, width: 48, '@odata.mediaContentType': 'image/png', '@odata.mediaEtag': etag } }
    },
  },
  {
    name: 'photo.value',
    method: 'GET',
    path: '/users/:user/photo/$value',
    roles: people,
    answer: (call) => ({ bytes: [photoOf(call)], mediaType: 'image/png' }),
  },
  {
    name: 'groups.list',
    method: 'GET',
    path: '/groups',
    roles: groups,
    answer: (call) => {
      const all = [...call.tenant.groups.values()].map(({ id, wire }) => selected({ ...wire, id }, call.query))
      return listing(call, '/groups', all, { most: 999, usual: 100, type: 'groups' })
    },
  },
  {
    name: 'groups.members',
    method: 'GET',
    path: '/groups/:group/members',
    roles: groups,
    answer: (call) => members(call, call.tenant.groups.get(call.params['group'] ?? '')?.members ?? [], 'members'),
  },
  {
    name: 'groups.transitiveMembers',
    method: 'GET',
    path: '/groups/:group/transitiveMembers',
    roles: groups,
    answer: (call) => members(call, within(call, call.params['group'] ?? ''), 'transitiveMembers'),
  },
]
