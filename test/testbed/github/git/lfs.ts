import { createHash } from 'node:crypto'
import type { Parts } from '../parts.ts'
import { gitRepositoryOf } from './serve.ts'

const LFS_PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/info\/lfs\/objects\/batch$/
const JSON_TYPE = 'application/vnd.git-lfs+json'

export const isLfs = (path: string): boolean => LFS_PATH.test(path)
export const pointerOf = (bytes: Uint8Array): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash('sha256').update(bytes).digest('hex')}\nsize ${bytes.byteLength}\n`

/** LFS's batch: downloads only, from the store, by addresses that die. */
export async function serveLfs(parts: Parts, request: Request): Promise<Response> {
  const [, owner = '', name = ''] = LFS_PATH.exec(new URL(request.url).pathname) ?? []
  const grant = parts.tokens.check(request.headers.get('authorization'))
  const say = (status: number, body: object): Response => Response.json(body, { status, headers: { 'content-type': JSON_TYPE } })
  if (grant === undefined) return say(401, { message: 'Credentials needed', documentation_url: 'https://docs.github.com' })
  const found = gitRepositoryOf(parts, grant, owner, name)
  if (found instanceof Response) return say(found.status, { message: 'Not found' })
  const { operation, objects } = (await request.json().catch(() => ({}))) as {
    operation?: string
    objects?: { oid: string; size: number }[]
  }
  if (operation !== 'download' || objects === undefined) return say(403, { message: 'This emulator is only read.' })
  if (objects.length > 100) return say(413, { message: 'At most 100 objects at a time.' })
  const until = parts.now() + 300_000
  return say(200, {
    transfer: 'basic',
    objects: objects.map(({ oid, size }) => {
      const bytes = found.repository.lfs.get(oid)
      if (!/^[0-9a-f]{64}$/.test(oid)) return { oid, size, error: { code: 422, message: 'Invalid object' } }
      if (bytes === undefined) return { oid, size, error: { code: 404, message: 'Object does not exist on the server' } }
      const place = `lfs:${found.repository.id}:${oid}`
      return {
        oid,
        size: bytes.byteLength,
        authenticated: true,
        actions: {
          download: {
            href: `${parts.storeUrl()}/lfs/${found.repository.id}/${oid}?sig=${parts.tokens.sign(place, until)}`,
            expires_at: new Date(until).toISOString(),
            expires_in: 300,
          },
        },
      }
    }),
  })
}
