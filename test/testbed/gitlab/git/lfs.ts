import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { projectAccess } from '../access.ts'
import type { Http } from '../ask.ts'
import { fieldsOf, numberIn, rowsOf, textIn } from '../fields.ts'
import type { ProjectRow, UserRow } from '../rows.ts'
import type { World } from '../world.ts'

const answer = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/vnd.git-lfs+json' } })
const refuse = (status: number, message: string): Response => answer({ message, documentation_url: '/help/topics/git/lfs' }, status)

/** The LFS batch API and the objects behind it (git-lfs docs/api/batch.md; GitLab serves objects below `gitlab-lfs/objects`). */
export async function lfs(world: World, http: Http, project: ProjectRow, tail: string, me: UserRow | undefined): Promise<Response> {
  if (project.settings['lfs_enabled'] === false) return refuse(404, 'Not found.')
  const known = world.lfs.get(project.id) ?? new Set<string>()
  world.lfs.set(project.id, known)
  const mayPush = me !== undefined && !project.archived && projectAccess(world, me, project) >= 30
  if (tail === 'info/lfs/objects/batch') return batch(world, http, project, known, mayPush)
  const [, oid = '', size] = /^gitlab-lfs\/objects\/([0-9a-f]{64})(?:\/(\d+))?$/.exec(tail) ?? []
  if (oid === '') return refuse(404, 'Not found.')
  if (http.req.method === 'PUT')
    return mayPush ? store(world, http, known, oid, Number(size)) : refuse(403, 'Access forbidden. Check your access level.')
  if (!known.has(oid)) return refuse(404, 'Not found.')
  return new Response(ReadableStream.from(createReadStream(world.lfsFile(oid))) as ReadableStream<Uint8Array>, {
    headers: { 'content-type': 'application/octet-stream', 'content-length': String((await stat(world.lfsFile(oid))).size) },
  })
}

async function batch(world: World, http: Http, project: ProjectRow, known: ReadonlySet<string>, mayPush: boolean): Promise<Response> {
  const fields = fieldsOf(await http.req.json())
  const operation = textIn(fields, 'operation')
  if (operation !== 'upload' && operation !== 'download') return refuse(400, 'Operation not supported')
  if (operation === 'upload' && !mayPush) return refuse(403, 'Access forbidden. Check your access level.')
  const given = rowsOf(fields['objects'])
  const header = { Authorization: http.req.header('authorization') ?? '' }
  const base = `${world.url}/${world.pathOf(project)}.git/gitlab-lfs/objects`
  const objects = given.map((object) => {
    const [oid, size] = [textIn(object, 'oid') ?? '', numberIn(object, 'size') ?? 0]
    if (!/^[0-9a-f]{64}$/.test(oid)) return { oid, size, error: { code: 422, message: 'Oid is invalid' } }
    if (operation === 'upload')
      return known.has(oid)
        ? { oid, size }
        : {
            oid,
            size,
            authenticated: true,
            actions: {
              upload: {
                href: `${base}/${oid}/${size}`,
                header: { ...header, 'Content-Type': 'application/octet-stream', 'Transfer-Encoding': 'chunked' },
              },
            },
          }
    return known.has(oid)
      ? { oid, size, authenticated: true, actions: { download: { href: `${base}/${oid}`, header } } }
      : { oid, size, error: { code: 404, message: "Object does not exist on the server or you don't have permissions to access it" } }
  })
  return answer({ transfer: 'basic', objects })
}

/** Takes an object in if its bytes are what its name and length say. */
async function store(world: World, http: Http, known: Set<string>, oid: string, size: number): Promise<Response> {
  const directory = join(world.directory, 'lfs')
  await mkdir(directory, { recursive: true })
  const path = join(directory, `incoming-${randomUUID()}`)
  const hash = createHash('sha256')
  let bytes = 0
  const { body } = http.req.raw
  const source = body === null ? Readable.from([]) : Readable.fromWeb(body as never)
  source.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    bytes += chunk.length
  })
  await pipeline(source, createWriteStream(path))
  if (hash.digest('hex') !== oid || bytes !== size) {
    await rm(path)
    return refuse(400, 'SHA256 or size mismatch')
  }
  if (existsSync(world.lfsFile(oid))) await rm(path)
  else await rename(path, world.lfsFile(oid))
  known.add(oid)
  return new Response(null, { status: 200 })
}
