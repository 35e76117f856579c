import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { CallLog } from '../kit/calls.ts'
import { FaultPlan, playing } from '../kit/faults.ts'
import { serve } from '../kit/serve.ts'
import { type SmtpSink, smtpSink } from '../smtp/sink.ts'
import { invite } from './invite.ts'
import { type Mode, modes } from './mode.ts'
import { askedIn, report, trashRows } from './reports.ts'
import { folderRow, objectRow, placeEtag, placePath, placeRow, principalRow } from './rows.ts'
import { DavState, type Person } from './state.ts'
import { type Where, where } from './where.ts'
import { type Limits, make, objection, putWhole, setProps } from './writes.ts'
import { type Row, errorBody, inside, multistatus, parse } from './xml.ts'

export interface DavTestbed extends AsyncDisposable {
  readonly url: string
  readonly state: DavState
  readonly faults: FaultPlan
  readonly calls: CallLog
  readonly smtp: SmtpSink
  readonly mode: Mode
}
export interface DavTestbedOptions {
  readonly mode?: Mode['name']
  readonly limits?: Partial<Limits>
  readonly now?: () => number
  /** One login that may do everything everywhere. */
  readonly privileged?: { readonly login: string; readonly password: string }
}

/**
 * A CalDAV and CardDAV server with the rules and traps of one of three kinds of server. Keeps state, checks what it is given, and sends the
 * invitations such a server sends, to a mail server that delivers nothing. Routes of the fault plan are methods with what they are sent to:
 * `PUT object`, `MKCALENDAR place`, `PROPFIND home`.
 */
export async function davTestbed(options: DavTestbedOptions = {}): Promise<DavTestbed> {
  const mode = modes[options.mode ?? 'generic']
  const state = new DavState()
  const limits: Limits = {
    maxBytes: 10_485_760,
    placesPerHour: 10,
    maxPlaces: mode.name === 'nextcloud' ? 30 : Number.POSITIVE_INFINITY,
    uidsInTrash: false,
    ...options.limits,
  }
  const now = options.now ?? Date.now
  const faults = new FaultPlan()
  const calls = new CallLog()
  const smtp = await smtpSink()
  const app = new Hono<{ Bindings: HttpBindings }>()
  const routeOf = (path: string, method: string): string => `${method} ${where(mode, state, path).type}`
  app.use(async (c, next) => {
    calls.add({ route: routeOf(c.req.path, c.req.method), method: c.req.method, path: c.req.path, atMs: now() })
    await next()
  })
  app.use(playing(faults, routeOf))
  const on = { mode, state, limits, now, smtp, privileged: options.privileged }
  app.all('*', (c) => answer(on, c))
  const served = await serve({ fetch: (request, env) => app.fetch(request, env as HttpBindings) })
  return {
    url: served.url,
    state,
    faults,
    calls,
    smtp,
    mode,
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]()
      await smtp[Symbol.asyncDispose]()
    },
  }
}

interface On {
  readonly mode: Mode
  readonly state: DavState
  readonly limits: Limits
  readonly now: () => number
  readonly smtp: SmtpSink
  readonly privileged: DavTestbedOptions['privileged']
}
type Ctx = Context<{ Bindings: HttpBindings }>

async function answer(on: On, c: Ctx): Promise<Response> {
  const { mode, state } = on
  // What has no name here is a redirect to the root, as RFC 6764 wants it.
  if (/^\/\.well-known\/(caldav|carddav)$/.test(c.req.path)) return new Response(null, { status: 301, headers: { location: mode.root } })
  const person = loggedIn(on, c)
  if (person === undefined) return new Response('', { status: 401, headers: { 'www-authenticate': 'Basic realm="dav"' } })
  const at = where(mode, state, pathOf(c))
  if ('login' in at && at.login !== person.login && person.login !== on.privileged?.login) return refuse(403, 'not yours')
  switch (c.req.method) {
    case 'OPTIONS':
      return new Response('', { status: 200, headers: { dav: mode.dav, allow: 'OPTIONS, PROPFIND, REPORT' } })
    case 'PROPFIND':
      return propfind(on, c, at, person)
    case 'REPORT':
      return reported(on, c, at)
    case 'MKCALENDAR':
    case 'MKCOL':
      return made(on, c, at)
    case 'PROPPATCH':
      return patched(on, c, at)
    case 'GET':
      if (at.type !== 'object' || at.object === undefined) return refuse(404, 'not found')
      return new Response(at.object.text, { status: 200, headers: { etag: at.object.etag, 'content-type': 'text/calendar' } })
    case 'PUT':
      return put(on, c, at)
    case 'DELETE':
      return removed(on, c, at)
    default:
      return refuse(501, c.req.method)
  }
}

/** As it was sent: hono decodes what a path needs to keep apart. */
const pathOf = (c: Ctx): string => new URL(c.req.url).pathname
const refuse = (status: number, message: string, condition = ''): Response =>
  new Response(errorBody(message, condition), { status, headers: { 'content-type': 'application/xml; charset=utf-8' } })
const xml = (text: string): Response => new Response(text, { status: 207, headers: { 'content-type': 'application/xml; charset=utf-8' } })

function loggedIn({ state, privileged }: On, c: Ctx): Person | undefined {
  const [, encoded = ''] = /^Basic (.+)$/.exec(c.req.header('authorization') ?? '') ?? []
  const [login = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  const password = rest.join(':')
  if (privileged?.login === login && privileged.password === password) return { login, password, email: '' }
  const person = state.people.get(login)
  return person?.password === password ? person : undefined
}

async function propfind({ mode, state, limits }: On, c: Ctx, at: Where, person: Person): Promise<Response> {
  const asked = askedIn(parse(await c.req.text()))
  const deep = c.req.header('depth') === '1'
  const rows: Row[] = []
  const path = pathOf(c)
  const big = mode.name === 'nextcloud' ? limits.maxBytes : undefined
  if (at.type === 'root') {
    rows.push(folderRow(mode, mode.root, person.login))
    if (deep && mode.name === 'radicale')
      rows.push(...[...state.people.keys()].map((login) => principalRow(mode, mode.principal(login), login)))
  } else if (at.type === 'principal') rows.push(principalRow(mode, path, at.login))
  else if (at.type === 'home') {
    rows.push(mode.name === 'radicale' ? principalRow(mode, path, at.login) : folderRow(mode, path, at.login))
    if (deep) rows.push(...state.placesOf(at.login, at.kind).map((place) => placeRow(mode, place, big)))
  } else if (at.type === 'place' && at.place !== undefined) {
    const { place } = at
    rows.push(placeRow(mode, place, big))
    if (deep && !place.trashed) rows.push(...[...place.objects.values()].map((object) => objectRow(mode, place, object)))
  } else if (at.type === 'object' && at.object !== undefined) rows.push(objectRow(mode, at.place, at.object))
  else return refuse(404, 'not found')
  return xml(multistatus(mode, rows, asked))
}

async function reported({ mode, state }: On, c: Ctx, at: Where): Promise<Response> {
  const tree = parse(await c.req.text())
  const asked = askedIn(tree)
  if (at.type === 'trash') return xml(multistatus(mode, trashRows(mode, state, at.login), asked))
  if (at.type !== 'place' || at.place === undefined) return refuse(404, 'not found')
  const { rows, syncToken, status } = report(mode, at.place, tree)
  return status === undefined ? xml(multistatus(mode, rows, asked, syncToken)) : refuse(status, 'no such report', 'valid-sync-token')
}

async function made(on: On, c: Ctx, at: Where): Promise<Response> {
  if (at.type !== 'place') return refuse(409, 'the parent does not exist')
  const place = make(on, at.login, at.kind, at.name, await c.req.text())
  return 'status' in place ? refuse(place.status, place.message) : new Response('', { status: 201 })
}

async function patched({ mode }: On, c: Ctx, at: Where): Promise<Response> {
  const tree = parse(await c.req.text())
  if (at.type !== 'place' || at.place === undefined || at.place.trashed) return refuse(404, 'not found')
  const set = inside(tree, 'propertyupdate', 'set', 'prop')
  setProps(at.place, set)
  const names = set !== null && typeof set === 'object' ? Object.keys(set) : []
  const props = Object.fromEntries(names.map((name) => [name, '']))
  return xml(multistatus(mode, [{ href: placePath(mode, at.place), props }], names))
}

async function put(on: On, c: Ctx, at: Where): Promise<Response> {
  const { mode, state } = on
  const text = await c.req.text()
  const [ifMatch, ifNone] = [c.req.header('if-match'), c.req.header('if-none-match')]
  if (at.type === 'place' && at.place !== undefined) {
    if (!mode.wholePuts) return refuse(409, 'PUT is not allowed on collections')
    if (ifMatch !== undefined && ifMatch !== placeEtag(at.place)) return refuse(412, 'another etag')
    const refused = putWhole(state, at.place, text)
    return refused === undefined
      ? new Response('', { status: 201, headers: { etag: placeEtag(at.place) } })
      : refuse(refused.status, refused.message)
  }
  if (at.type !== 'object') return refuse(409, 'the calendar does not exist')
  const { place, name, object } = at
  if (ifNone === '*' && object !== undefined) return refuse(412, 'An If-None-Match header was specified, but the ETag matched')
  if (ifMatch !== undefined && ifMatch !== object?.etag)
    return refuse(412, 'An If-Match header was specified, but none of the specified ETags matched')
  const refused = objection(on, place, name, text)
  if (refused !== undefined) return refuse(refused.status, refused.message, refused.condition)
  const stored = state.put(place, name, text)
  const person = state.people.get(place.login)
  if (person !== undefined && place.kind === 'calendar')
    await invite(mode, person, text, 'REQUEST', (header) => c.req.header(header), on.smtp.port)
  return new Response('', { status: object === undefined ? 201 : 204, headers: mode.putsEtag ? { etag: stored.etag } : {} })
}

async function removed(on: On, c: Ctx, at: Where): Promise<Response> {
  const { mode, state } = on
  if (at.type === 'trash') {
    const index = state.trash.findIndex(({ id }) => id === at.id)
    if (index === -1) return refuse(404, 'not found')
    state.trash.splice(index, 1)
    return new Response(null, { status: 204 })
  }
  const forGood = !mode.trash || c.req.header('x-nc-caldav-no-trashbin') === '1'
  if (at.type === 'place' && at.place !== undefined) {
    if (forGood || at.place.kind === 'addressbook') state.drop(at.place)
    else at.place.trashed = true
    return new Response(null, { status: 204 })
  }
  if (at.type !== 'object' || at.object === undefined) return refuse(404, 'not found')
  const ifMatch = c.req.header('if-match')
  if (ifMatch !== undefined && ifMatch !== at.object.etag) return refuse(412, 'another etag')
  const person = state.people.get(at.login)
  if (person !== undefined && at.place.kind === 'calendar')
    await invite(mode, person, at.object.text, 'CANCEL', (header) => c.req.header(header), on.smtp.port)
  state.remove(at.place, at.name, !forGood && at.place.kind === 'calendar')
  return new Response(null, { status: 204 })
}
