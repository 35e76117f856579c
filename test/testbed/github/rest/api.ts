import { createHash } from 'node:crypto'
import { sees, type Grant } from '../auth.ts'
import type { Parts } from '../parts.ts'
import type { Repository } from '../repository.ts'
import { rendered } from '../markdown.ts'
import { site, type Site } from '../site.ts'
import { notFound, Refusal, type Answer, type Call } from './call.ts'
import { page } from './pages.ts'
import { match, pathById, plainPath, type Match } from './routes.ts'

export const routeOfApi = (parts: Pick<Parts, 'world'>, method: string, path: string): string =>
  match(method, plainPath(parts.world, path) ?? '')?.route.name ?? 'unknown'

/** One REST request below `base` (`` or `/api/v3`). */
export async function rest(parts: Parts, request: Request, base: string): Promise<Response> {
  const url = new URL(request.url)
  const wantsHtml = /\.(full|html)\+json/.test(request.headers.get('accept') ?? '')
  const html = (body: string): string => rendered(parts, body)
  const where = site(
    { host: parts.url(), api: `${parts.url()}${base}`, store: parts.storeUrl() },
    parts.ownLinks,
    wantsHtml ? html : undefined,
  )
  const authorization = request.headers.get('authorization')
  let grant: Grant | undefined
  try {
    const path = plainPath(parts.world, url.pathname.slice(base.length))
    const found = path === undefined ? undefined : match(request.method, path)
    if (found?.route.by === 'app') {
      const complaint = parts.tokens.complaint(authorization)
      if (complaint !== undefined) throw new Refusal(401, complaint)
    } else {
      grant = parts.tokens.check(authorization)
      if (grant === undefined) throw new Refusal(401, authorization === null ? 'Requires authentication' : 'Bad credentials')
    }
    if (grant !== undefined && found?.route.name !== 'rate-limit/get') {
      const refused = parts.limits.take(grant, 'core', 1, 1)
      if (refused !== undefined) throw new Refusal(refused.status, refused.message, refused.headers)
    }
    if (found === undefined || path === undefined) throw notFound()
    if (grant?.denied.has(found.route.name) === true)
      throw new Refusal(
        403,
        grant.kind === 'app' ? 'Resource not accessible by integration' : 'Resource not accessible by personal access token',
      )
    if (found.route.by === 'installation' && grant?.kind !== 'app')
      throw new Refusal(403, 'You must authenticate with an installation access token in order to list repositories for an installation.')
    const repository = found.params['repo'] === undefined ? undefined : repositoryOf(parts, grant, found, where, path)
    parts.before(found.route.name, path)
    const body: unknown = request.method === 'POST' ? await request.json().catch(() => undefined) : undefined
    const call: Call = {
      world: parts.world,
      tokens: parts.tokens,
      // Routes of the app itself never look at it.
      grant: grant ?? parts.nobody,
      params: found.params,
      query: url.searchParams,
      headers: request.headers,
      body,
      site: where,
      caps: parts.caps,
      markdown: html,
      budgets: () => budgets(parts, grant ?? parts.nobody),
    }
    // Routes without a repository never look at theirs.
    const answer = found.route.answer(call, repository as Repository)
    return finished(parts, request, answer, grant, found, `${where.api}${pathById(parts.world, path)}`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return Response.json(
      error.status === 301
        ? { message: 'Moved Permanently', url: error.headers['location'], documentation_url: 'https://docs.github.com/rest' }
        : error.answer,
      { status: error.status, headers: { ...(grant === undefined ? {} : parts.limits.headers(grant, 'core')), ...error.headers } },
    )
  }
}

/** The repository of the path: there, visible, not blocked, under its present name. */
function repositoryOf(parts: Parts, grant: Grant | undefined, { params }: Match, where: Site, path: string): Repository {
  const fullName = `${params['owner']}/${params['repo']}`
  const found = parts.world.find(fullName)
  if (found === undefined) {
    const now = parts.world.repositories.get(parts.world.renamed.get(fullName.toLowerCase()) ?? -1)
    if (now === undefined || !sees(grant, now)) throw notFound()
    throw new Refusal(301, 'Moved Permanently', {
      location: `${where.api}/repositories/${now.id}${path.slice(`/repos/${fullName}`.length)}`,
    })
  }
  if (!sees(grant, found)) throw notFound()
  if (found.block === 'dmca')
    throw new Refusal(
      451,
      'Repository access blocked',
      {},
      { block: { reason: 'dmca', created_at: found.createdAt, html_url: 'https://github.com/github/dmca' } },
    )
  if (found.block === 'tos')
    throw new Refusal(
      403,
      'Repository access blocked',
      {},
      { block: { reason: 'tos', created_at: found.createdAt, html_url: 'https://docs.github.com/articles/github-terms-of-service' } },
    )
  return found
}

function budgets({ limits }: Parts, grant: Grant): object {
  const core = limits.state(grant, 'core')
  const search = { limit: 30, used: 0, remaining: 30, reset: core.reset }
  return { resources: { core, search, graphql: limits.state(grant, 'graphql') }, rate: core }
}

function finished(parts: Parts, request: Request, answer: Answer, grant: Grant | undefined, found: Match, self: string): Response {
  const headers = new Headers(grant === undefined ? {} : parts.limits.headers(grant, 'core'))
  if (grant?.kind === 'classic' || grant?.kind === 'oauth') headers.set('x-oauth-scopes', grant.scopes.join(', '))
  headers.set('x-github-media-type', 'github.v3; format=json')
  headers.set('x-github-request-id', `CA:${parts.calls.calls.length}`)
  if ('redirect' in answer) {
    headers.set('location', answer.redirect)
    return new Response(null, { status: answer.status, headers })
  }
  if ('bytes' in answer) {
    headers.set('content-type', answer.contentType)
    return new Response(Uint8Array.from(answer.bytes), { headers })
  }
  let json: unknown
  if ('list' in answer) {
    const { rows, link } = page(answer.list, new URL(request.url).searchParams, self, answer.paging ?? { type: 'numbers' })
    if (link !== undefined) headers.set('link', link)
    json = answer.wrap === undefined ? rows : answer.wrap(rows, answer.list.length)
  } else json = answer.json
  const text = JSON.stringify(parts.after(found.route.name, json))
  const status = 'list' in answer ? 200 : (answer.status ?? 200)
  if (status === 200 && grant !== undefined) {
    // The same content has another tag for another token.
    const etag = `W/"${createHash('sha256')
      .update(`${grant.token}\n${headers.get('link')}\n${text}`)
      .digest('hex')}"`
    headers.set('etag', etag)
    headers.set('cache-control', 'private, max-age=60, s-maxage=60')
    if (request.headers.get('if-none-match') === etag) {
      parts.limits.refund(grant, 'core')
      for (const [name, value] of Object.entries(parts.limits.headers(grant, 'core'))) headers.set(name, value)
      return new Response(null, { status: 304, headers })
    }
  }
  headers.set('content-type', 'application/json; charset=utf-8')
  return new Response(text, { status, headers })
}
