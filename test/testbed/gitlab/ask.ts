import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { requireGroup, requireProject } from './access.ts'
import { fieldsOf, isFields } from './fields.ts'
import { receiveForm, type ReceivedFile } from './form.ts'
import type { ItemKind, ItemRow } from './item-rows.ts'
import type { Limits } from './limits.ts'
import { badRequest, forbidden, notFound } from './refusal.ts'
import type { Fields, GroupRow, ProjectRow, TokenRow, UserRow } from './rows.ts'
import type { World } from './world.ts'

export type Http = Context<{ Bindings: HttpBindings }>
/** One request being answered: who asks, and what for. */
export interface Ask {
  readonly world: World
  readonly limits: Limits
  readonly http: Http
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Who acts: with `Sudo` that is the person named there. */
  readonly me: UserRow
  readonly token: TokenRow | undefined
}
/** JSON with a status, or bytes. */
export type Answer =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status?: number; readonly file: string; readonly type: string; readonly name?: string }
  | { readonly status?: number; readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }
  | { readonly status: 204 }
/** One entry of the API: method and path below `/api/v4`, parameters in braces. Faults and the call log name it so. */
export interface Route {
  readonly route: `${'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'} /${string}`
  /** Also for those who have no token. */
  readonly open?: true
  readonly exists?: (world: World) => boolean
  readonly answer: (ask: Ask) => Answer | Promise<Answer>
}
export const json = (value: unknown, status = 200): Answer => ({ status, json: value })
export const created = (value: unknown): Answer => ({ status: 201, json: value })
export const noContent: Answer = { status: 204 }

export const param = (ask: Ask, name: string): string => ask.params[name] ?? ''
export const word = (ask: Ask, name: string): string | undefined => ask.query.get(name) ?? undefined
export const flag = (ask: Ask, name: string): boolean | undefined => {
  const value = ask.query.get(name)
  return value === null ? undefined : value === 'true' || value === '1'
}
export function requireAdmin(ask: Ask): void {
  if (!ask.me.admin) throw forbidden()
}

export interface Received {
  readonly fields: Fields
  readonly files: ReadonlyMap<string, ReceivedFile>
}
/** The body of a request, whatever its form. Files lie on disk until they are moved. */
export async function received(ask: Ask): Promise<Received> {
  const { req } = ask.http
  const type = req.header('content-type') ?? ''
  const asked = nested([...ask.query])
  if (type.startsWith('multipart/form-data')) {
    const form = await receiveForm(req.raw, type, `${ask.world.directory}/incoming`)
    return { fields: { ...asked, ...nested(form.fields) }, files: form.files }
  }
  const text = await req.text()
  if (text === '') return { fields: asked, files: new Map() }
  if (type.startsWith('application/x-www-form-urlencoded')) return { fields: nested([...new URLSearchParams(text)]), files: new Map() }
  const value = parseJson(text)
  if (!isFields(value)) throw badRequest('body is not a JSON object')
  return { fields: { ...asked, ...value }, files: new Map() }
}
export const body = async (ask: Ask): Promise<Fields> => (await received(ask)).fields
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('Problems parsing JSON')
  }
}
/** `a[b]=1` is `{a: {b: 1}}` and `a[]=1` a list, as Rack reads forms. */
export function nested(pairs: Iterable<readonly [string, string]>): Fields {
  const result: Record<string, unknown> = {}
  for (const [key, value] of pairs) {
    const list = /^(.+)\[\]$/.exec(key)
    const inner = /^(.+?)\[(.+)\]$/.exec(key)
    if (list?.[1] !== undefined) result[list[1]] = [...((result[list[1]] as unknown[] | undefined) ?? []), value]
    else if (inner?.[1] !== undefined && inner[2] !== undefined) result[inner[1]] = { ...fieldsOf(result[inner[1]]), [inner[2]]: value }
    else result[key] = value
  }
  return result
}

const byIdOrPath = <T>(text: string, byId: ReadonlyMap<number, T>, byPath: (path: string) => T | undefined): T | undefined =>
  /^\d+$/.test(text) ? byId.get(Number(text)) : byPath(text)
/** The project in the path, if the one asking has at least `level` there; 0 is reading. */
export function projectIn(ask: Ask, level = 0, name = 'id'): ProjectRow {
  const project = byIdOrPath(param(ask, name), ask.world.projects, (path) => ask.world.projectAt(path))
  if (project === undefined) throw notFound('Project')
  requireProject(ask.world, ask.me, project, level)
  return project
}
/** The same for changes of what an archived project keeps as it is: labels, milestones, releases, branches, notes. */
export function changeableIn(ask: Ask, level: number): ProjectRow {
  const project = projectIn(ask, level)
  if (project.archived) throw forbidden()
  return project
}
export function groupIn(ask: Ask, level = 0): GroupRow {
  const group = byIdOrPath(param(ask, 'id'), ask.world.groups, (path) => ask.world.groupAt(path))
  if (group === undefined) throw notFound('Group')
  requireGroup(ask.world, ask.me, group, level)
  return group
}
export function userIn(ask: Ask, name = 'user_id'): UserRow {
  const user = ask.world.users.get(Number(param(ask, name)))
  if (user === undefined) throw notFound('User')
  return user
}
export function itemIn(ask: Ask, project: ProjectRow, kind: ItemKind): ItemRow {
  const item = ask.world.items.find(project.id, kind, Number(param(ask, 'iid')))
  if (item === undefined) throw kind === 'issue' ? notFound('Issue') : notFound('Merge Request')
  return item
}
