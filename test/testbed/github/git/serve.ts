import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { httpBackend } from '../../git/http-backend.ts'
import { sees, type Grant } from '../auth.ts'
import type { Parts } from '../parts.ts'
import type { Repository } from '../repository.ts'
import type { GitRepository } from './repository.ts'

const GIT_PATH = /^\/([^/]+)\/([^/]+?)\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/

export const isGit = (path: string): boolean => GIT_PATH.test(path)
export const routeOfGit = (path: string): string => {
  const [, , name = '', service = ''] = GIT_PATH.exec(path) ?? []
  return `${name.endsWith('.wiki') ? 'wiki' : 'git'}.${service === 'info/refs' ? 'refs' : 'fetch'}`
}

/** Finds what a git address means and checks who asks. */
export function gitRepositoryOf(
  parts: Parts,
  grant: Grant | undefined,
  owner: string,
  name: string,
): { repository: Repository; git: GitRepository } | Response {
  const isWiki = name.endsWith('.wiki')
  const fullName = `${owner}/${isWiki ? name.slice(0, -'.wiki'.length) : name}`
  const found = parts.world.find(fullName) ?? parts.world.repositories.get(parts.world.renamed.get(fullName.toLowerCase()) ?? -1)
  const missing = new Response('Repository not found.', { status: 404 })
  if (found === undefined || (grant !== undefined && !sees(grant, found))) return missing
  if (grant === undefined && found.visibility !== 'public')
    return new Response('No anonymous access.', { status: 401, headers: { 'www-authenticate': 'Basic realm="GitHub"' } })
  if (found.block === 'dmca') return new Response('Repository unavailable due to DMCA takedown.', { status: 451 })
  if (found.block === 'tos') return new Response('Access to this repository has been disabled by GitHub staff.', { status: 403 })
  const git = isWiki ? found.wiki : found.git
  // A wiki nobody wrote into is not there, whatever the setting says.
  if (git === undefined || (isWiki && git.isEmpty)) return missing
  return { repository: found, git }
}

const places = new WeakMap<GitRepository, string>()
let serial = 0
/** The bare repository on disk, brought up to date. */
export function onDisk(parts: Pick<Parts, 'dir'>, git: GitRepository): string {
  if (git.place !== undefined) return git.place
  let dir = places.get(git)
  if (dir === undefined || !dir.startsWith(parts.dir)) {
    dir = join(parts.dir, `${(serial += 1)}.git`)
    mkdirSync(dir, { recursive: true })
    git.forgetDisk()
    places.set(git, dir)
  }
  git.write(dir)
  return dir
}

/** Smart HTTP by git's own server, read only. */
export async function serveGit(parts: Parts, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const [, owner = '', name = '', rest = ''] = GIT_PATH.exec(url.pathname) ?? []
  const authorization = request.headers.get('authorization')
  const grant = parts.tokens.check(authorization)
  const fullName = `${owner}/${name.replace(/\.wiki$/, '')}`
  const moved = parts.world.find(fullName) === undefined ? parts.world.renamed.get(fullName.toLowerCase()) : undefined
  const now = moved === undefined ? undefined : parts.world.repositories.get(moved)
  if (now !== undefined && sees(grant, now)) {
    const to = `${now.fullName}${name.endsWith('.wiki') ? '.wiki' : ''}.git/${rest}${url.search}`
    return new Response(null, { status: 301, headers: { location: `${parts.url()}/${to}` } })
  }
  if (grant === undefined && authorization !== null)
    return new Response('Invalid username or token.', { status: 401, headers: { 'www-authenticate': 'Basic realm="GitHub"' } })
  const found = gitRepositoryOf(parts, grant, owner, name)
  if (found instanceof Response) return found
  if (rest === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack')
    return new Response('This emulator is only read.', { status: 403 })
  const root = onDisk(parts, found.git)
  return (await httpBackend(request, { root, path: `/${rest}`, settings: AS_GITHUB })).response
}
const AS_GITHUB = { 'uploadpack.allowAnySHA1InWant': 'true', 'uploadpack.allowFilter': 'true' }
