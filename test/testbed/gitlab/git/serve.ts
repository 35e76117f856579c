import { existsSync, writeFileSync } from 'node:fs'
import { httpBackend } from '../../git/http-backend.ts'
import { canReadProject, projectAccess } from '../access.ts'
import type { Http } from '../ask.ts'
import { writeProtection } from '../protection.ts'
import type { ProjectRow, UserRow } from '../rows.ts'
import type { World } from '../world.ts'
import { readPush } from './commands.ts'
import { lfs } from './lfs.ts'
import { afterPush } from './push.ts'
import { HIDDEN, initRepository } from './repository.ts'

const PATH = /^\/(.+?)(\.wiki)?\.git\/(info\/refs|git-upload-pack|git-receive-pack|info\/lfs\/.+|gitlab-lfs\/.+)$/
export interface GitPath {
  readonly project: string
  readonly wiki: boolean
  readonly tail: string
}
export function gitPathOf(path: string): GitPath | undefined {
  const found = PATH.exec(decodeURIComponent(path))
  return found === null ? undefined : { project: found[1] ?? '', wiki: found[2] !== undefined, tail: found[3] ?? '' }
}
/** How faults and the call log name a request. */
export const gitRouteName = ({ tail }: GitPath, method: string): string =>
  tail.startsWith('gitlab-lfs/')
    ? `${method} lfs object`
    : tail.startsWith('info/lfs/')
      ? 'POST lfs batch'
      : `${method} git ${tail.replace('git-', '')}`

const plain = (status: number, text: string): Response => new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain' } })
const signIn = (): Response =>
  new Response('HTTP Basic: Access denied\n', { status: 401, headers: { 'www-authenticate': 'Basic realm="GitLab"' } })
const MISSING = "The project you were looking for could not be found or you don't have permission to view it."

/** Git over HTTP. Who may not even see a project is asked to sign in, or told that it is not there. */
export async function serveGit(world: World, http: Http, path: GitPath, me: UserRow | undefined): Promise<Response> {
  const project = world.projectAt(path.project)
  if (me === undefined && project?.visibility !== 'public') return signIn()
  if (project === undefined || (me !== undefined && !canReadProject(world, me, project))) return plain(404, MISSING)
  if (path.tail.includes('lfs')) return lfs(world, http, project, path.tail, me)
  const repository = path.wiki ? world.wiki(project) : world.repository(project)
  const pushing = path.tail === 'git-receive-pack' || http.req.query('service') === 'git-receive-pack'
  if (path.wiki && project.settings['wiki_access_level'] === 'disabled')
    return plain(403, 'You are not allowed to download code from this project.')
  if (!path.wiki && project.settings['repository_access_level'] === 'disabled')
    return plain(403, 'You are not allowed to download code from this project.')
  if (pushing) {
    if (me === undefined) return signIn()
    if (project.archived) return plain(403, "You can't push code to an archived project.")
    if (projectAccess(world, me, project) < 30) return plain(403, 'You are not allowed to push code to this project.')
  }
  // A wiki comes into being when it is first pushed to.
  if (path.wiki && !existsSync(repository)) {
    if (!pushing) return plain(404, 'A repository for this project does not exist yet.')
    initRepository(repository, String(world.settings['default_branch_name']))
  }
  const request = http.req.raw
  if (path.tail !== 'git-receive-pack' || me === undefined)
    return (await httpBackend(request, { root: repository, path: `/${path.tail}` })).response
  return receive(world, request, project, repository, path.wiki, me)
}
async function* empty(): AsyncGenerator<Uint8Array> {}

async function receive(
  world: World,
  request: Request,
  project: ProjectRow,
  repository: string,
  wiki: boolean,
  me: UserRow,
): Promise<Response> {
  const push = await readPush((request.body as AsyncIterable<Uint8Array> | null) ?? empty())
  if (!wiki) writeProtection(world, project)
  // One hidden ref spoils the push: git refuses that ref, and GitLab's hook the others.
  const hidden = push.commands.some(({ ref }) => HIDDEN.some((prefix) => ref.startsWith(prefix)))
  const environment = {
    FR_ACCESS: String(projectAccess(world, me, project)),
    ...(hidden ? { FR_REFUSE: 'deny updating a hidden ref' } : {}),
    ...(wiki || project.settings['lfs_enabled'] === false ? {} : { FR_LFS: lfsList(world, project) }),
  }
  const options = { root: repository, path: '/git-receive-pack', body: push.body, user: me.username, environment }
  const { response, done } = await httpBackend(request, options)
  // The answer waits for what follows a push, so that a test that saw it sees the rest too.
  const bytes = await response.arrayBuffer()
  await done
  if (!wiki) afterPush(world, project, me, push)
  return new Response(bytes, { status: response.status, headers: response.headers })
}
/** The objects of a project, where the hook finds them. */
function lfsList(world: World, project: ProjectRow): string {
  const path = `${world.repository(project)}/fr-lfs`
  writeFileSync(path, [...(world.lfs.get(project.id) ?? [])].map((oid) => `${oid}\n`).join(''))
  return path
}
