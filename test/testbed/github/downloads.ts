import type { Hono } from 'hono'
import { Hono as App } from 'hono'
import { playing } from '../kit/faults.ts'
import { sees } from './auth.ts'
import type { Asset } from './model.ts'
import type { Attachment } from './settings.ts'
import type { Parts } from './parts.ts'
import type { Repository } from './repository.ts'

const notHere = (): Response => new Response('Not Found', { status: 404 })
const RELEASE = /^\/([^/]+)\/([^/]+)\/releases\/download\/([^/]+)\/([^/]+)$/

export const isDownload = (parts: Pick<Parts, 'world'>, path: string): boolean =>
  parts.world.attachments.has(decodeURIComponent(path)) || path.startsWith('/user-attachments/') || RELEASE.test(path)
export const routeOfDownload = (path: string): string => (RELEASE.test(path) ? 'release-download' : 'attachments')

/** Files below the host's own name: what texts link to. They lead to the store, by an address that dies. */
export function serveDownload(parts: Parts, request: Request): Response {
  const path = decodeURIComponent(new URL(request.url).pathname)
  const grant = parts.tokens.check(request.headers.get('authorization'))
  const to = (place: string): Response =>
    new Response(null, { status: 302, headers: { location: `${parts.storeUrl()}${place}?sig=${parts.tokens.sign(place)}` } })
  const [, owner, name, tag, file] = RELEASE.exec(path) ?? []
  if (owner !== undefined) {
    const repository = parts.world.find(`${owner}/${name}`)
    if (repository === undefined || !sees(grant, repository) || repository.block !== undefined) return notHere()
    const release = [...releases(repository)].find((one) => one.tag === tag)
    const asset = release?.assets.find((one) => one.name === file)
    return asset === undefined ? notHere() : to(`/release-assets/${asset.id}`)
  }
  const found = parts.world.attachments.get(path)
  if (found === undefined) return notHere()
  // Fine-grained tokens and apps get nothing that is private, whatever they may read; nobody says so.
  const isPrivate = found.repository !== null && found.repository.visibility !== 'public'
  if (isPrivate && (grant?.kind === 'fine-grained' || grant?.kind === 'app')) return notHere()
  if (found.repository !== null && !sees(grant, found.repository)) return notHere()
  return to(`/attachments${found.path}`)
}
function* releases(repository: Repository) {
  const all = repository.releases.by('created')
  for (let at = 0; at < all.length; at += 1) yield all.at(at)
}

/** Where files lie. It knows signed addresses and nothing else; a token that comes here is reported. */
export function storeServer(parts: Parts, leaked: (path: string) => void): Hono {
  const app = new App()
  app.use('*', async (c, next) => {
    parts.calls.add({ route: routeOfStore(c.req.path), method: c.req.method, path: c.req.path, atMs: parts.now() })
    if (c.req.header('authorization') !== undefined) leaked(c.req.path)
    await next()
  })
  app.use('*', playing(parts.faults, routeOfStore))
  app.get('/user-images/*', (c) => sent(parts.world.attachments.get(decodeURIComponent(c.req.path))))
  app.get('/avatars/*', () => new Response(Uint8Array.from([0x89, 0x50, 0x4e, 0x47]), { headers: { 'content-type': 'image/png' } }))
  app.get('/release-assets/:id', (c) => {
    const id = Number(c.req.param('id'))
    const sig = c.req.query('sig') ?? ''
    if (!parts.tokens.opens(`asset:${id}`, sig) && !parts.tokens.opens(c.req.path, sig)) return expired()
    return sent(assetOf(parts, id))
  })
  app.get('/private-user-images/*', (c) => {
    const path = decodeURIComponent(c.req.path)
    const open = parts.tokens.opens(path, c.req.query('jwt') ?? '')
    return open ? sent(parts.world.attachments.get(path.slice('/private-user-images'.length))) : notHere()
  })
  app.get('/attachments/*', (c) => {
    const path = decodeURIComponent(c.req.path)
    return parts.tokens.opens(path, c.req.query('sig') ?? '')
      ? sent(parts.world.attachments.get(path.slice('/attachments'.length)))
      : expired()
  })
  app.get('/lfs/:repository/:oid', (c) => {
    const { repository, oid } = c.req.param()
    if (!parts.tokens.opens(`lfs:${repository}:${oid}`, c.req.query('sig') ?? '')) return expired()
    const bytes = parts.world.repositories.get(Number(repository))?.lfs.get(oid)
    return bytes === undefined ? notHere() : sent({ contentType: 'application/octet-stream', bytes })
  })
  return app
}
export const STORE_ROUTES = [
  'store.user-images',
  'store.avatars',
  'store.private-user-images',
  'store.release-assets',
  'store.attachments',
  'store.lfs',
] as const
const routeOfStore = (path: string): string => `store.${path.split('/')[1]}`
const expired = (): Response =>
  new Response('<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>', {
    status: 403,
    headers: { 'content-type': 'application/xml' },
  })
const sent = (found: Pick<Attachment, 'bytes' | 'contentType'> | undefined): Response =>
  found === undefined ? notHere() : new Response(Uint8Array.from(found.bytes), { headers: { 'content-type': found.contentType } })
function assetOf({ world }: Parts, id: number): Asset | undefined {
  for (const repository of world.repositories.values())
    for (const { assets } of releases(repository)) {
      const found = assets.find((one) => one.id === id)
      if (found !== undefined) return found
    }
  return undefined
}
