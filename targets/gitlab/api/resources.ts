import { createRequesterFn, type RequesterType, type ResourceOptions } from '@gitbeaker/requester-utils'
import {
  GroupMembers,
  Groups,
  ProjectHooks,
  ProjectMembers,
  Projects,
  ProjectVariables,
  ProtectedBranches,
  ProtectedTags,
  ReleaseLinks,
  Users,
} from '@gitbeaker/rest'
import { z } from 'zod'
import { type Call, type GitlabClient, parsed } from './client.ts'

const Method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
const Options = z.object({
  method: Method,
  prefixUrl: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  searchParams: z.string().optional(),
  body: z.union([z.string(), z.instanceof(FormData)]).optional(),
})

/**
 * GitLab's own words for its API, from @gitbeaker/rest, over our one client: its request handler repeats POST after 502 and knows no Retry-After,
 * so it is not used. Made once for each signal, which it cannot pass on.
 */
export function resourcesOf(client: GitlabClient, signal: AbortSignal) {
  const base = `${client.url}/api/v4`
  const requesterFn = (options: ResourceOptions): RequesterType =>
    createRequesterFn(
      (_, request) => Promise.resolve(request),
      async (endpoint, given) => {
        const { method, prefixUrl, headers, searchParams, body } = Options.parse(given)
        const call: Call = {
          method,
          // Some of its classes put the beginning of the path into the address.
          path: `${prefixUrl.slice(base.length)}/${endpoint}`.replace(/^\/+/, ''),
          headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'private-token')),
          query: Object.fromEntries(new URLSearchParams(searchParams ?? '')),
          body,
        }
        const answer = await client.json(call, signal)
        const value =
          answer.body === undefined
            ? {}
            : parsed(
                z.union([z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown())), z.boolean()]),
                call,
                answer.body,
              )
        return { body: typeof value === 'boolean' ? {} : value, headers: Object.fromEntries(answer.headers), status: answer.status }
      },
      // Rate limits are kept by the fetch below.
    )({ ...options, rateLimits: {} })
  const options = { host: client.url, token: () => Promise.resolve(''), requesterFn, rateLimits: {} }
  return {
    users: new Users(options),
    groups: new Groups(options),
    groupMembers: new GroupMembers(options),
    projects: new Projects(options),
    members: new ProjectMembers(options),
    protectedBranches: new ProtectedBranches(options),
    protectedTags: new ProtectedTags(options),
    hooks: new ProjectHooks(options),
    variables: new ProjectVariables(options),
    releaseLinks: new ReleaseLinks(options),
  }
}
