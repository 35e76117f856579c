import type { admin_directory_v1 } from 'googleapis/build/src/apis/admin/index.js'
import type { oauth2_v2 } from 'googleapis/build/src/apis/oauth2/index.js'
import type { Parts, Route } from './parts.ts'
import { notFound, Refusal } from './refusal.ts'

const auth = 'https://www.googleapis.com/auth/'
const USER_SCOPES = [`${auth}admin.directory.user.readonly`, `${auth}admin.directory.user`]
const GROUP_SCOPES = [`${auth}admin.directory.group.readonly`, `${auth}admin.directory.group.member.readonly`]

/** People, groups and pictures, for administrators; and who one is, for everybody. */
export function directoryRoutes({ company, pager }: Parts): Route[] {
  const route = (name: string, path: string, scopes: readonly string[], answer: Route['answer']): Route => ({
    name,
    method: 'GET',
    path,
    api: 'directory',
    units: 1,
    scopes,
    answer(call, user) {
      if (user.isAdmin !== true) throw new Refusal(403, 'forbidden', 'Not Authorized to access this resource/api')
      return answer(call, user)
    },
  })
  return [
    route('directory.users.list', '/admin/directory/v1/users', USER_SCOPES, (call): admin_directory_v1.Schema$Users => {
      const people = [...company.users.values()].toSorted((a, b) => (a.primaryEmail < b.primaryEmail ? -1 : 1))
      const { items, next } = pager.page('users', people, call.req.query('pageToken'), Number(call.req.query('maxResults') ?? 100), 500)
      return { kind: 'admin#directory#users', users: [...items], ...(next === undefined ? {} : { nextPageToken: next }) }
    }),
    route(
      'directory.users.photos.get',
      '/admin/directory/v1/users/:userKey/photos/thumbnail',
      USER_SCOPES,
      (call): admin_directory_v1.Schema$UserPhoto => {
        const user = company.find(call.req.param('userKey') ?? '')
        const photo = user === undefined ? undefined : company.photos.get(user.id)
        if (user === undefined || photo === undefined) throw notFound('Resource Not Found: photo')
        const photoData = Buffer.from(photo).toString('base64').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '*')
        return { kind: 'admin#directory#user#photo', id: user.id, mimeType: 'image/png', height: 48, width: 48, photoData }
      },
    ),
    route('directory.groups.list', '/admin/directory/v1/groups', GROUP_SCOPES, (call): admin_directory_v1.Schema$Groups => {
      const groups = [...company.groups.values()].map(({ wire }) => wire)
      const { items, next } = pager.page('groups', groups, call.req.query('pageToken'), Number(call.req.query('maxResults') ?? 200), 200)
      // An empty list is no list at all.
      return {
        kind: 'admin#directory#groups',
        ...(items.length === 0 ? {} : { groups: [...items] }),
        ...(next === undefined ? {} : { nextPageToken: next }),
      }
    }),
    route(
      'directory.members.list',
      '/admin/directory/v1/groups/:groupKey/members',
      GROUP_SCOPES,
      (call): admin_directory_v1.Schema$Members => {
        const key = call.req.param('groupKey') ?? ''
        const group = [...company.groups.values()].find(({ wire }) => wire.id === key || wire.email === key)
        if (group === undefined) throw notFound('Resource Not Found: groupKey')
        const { items, next } = pager.page(
          `members ${key}`,
          group.members,
          call.req.query('pageToken'),
          Number(call.req.query('maxResults') ?? 200),
          200,
        )
        return {
          kind: 'admin#directory#members',
          ...(items.length === 0 ? {} : { members: [...items] }),
          ...(next === undefined ? {} : { nextPageToken: next }),
        }
      },
    ),
    {
      name: 'oauth2.userinfo.get',
      method: 'GET',
      path: '/oauth2/v2/userinfo',
      api: 'oauth2',
      units: 1,
      scopes: [`${auth}userinfo.email`, `${auth}userinfo.profile`],
      answer: (_, { id, primaryEmail, name }): oauth2_v2.Schema$Userinfo => ({
        id,
        email: primaryEmail,
        verified_email: true,
        name: name?.fullName ?? null,
        given_name: name?.givenName ?? null,
        family_name: name?.familyName ?? null,
        hd: 'example.org',
      }),
    },
  ]
}
