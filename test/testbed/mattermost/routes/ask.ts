import type { HttpBindings } from '@hono/node-server'
import type { StatusOK } from '@mattermost/types/client4'
import type { Context } from 'hono'
import { isAdmin } from '../people.ts'
import { badBody, badUrl, notAllowed, Refusal } from '../refusal.ts'
import type { ChannelRow, PostRow, TeamRow, UserRow } from '../rows.ts'
import type { Store } from '../store.ts'

export type Outgoing = Context<{ Bindings: HttpBindings }>

/** One request being answered: who asks, and what for. */
export interface Ask {
  readonly store: Store
  readonly http: Outgoing
  /** The person asking. Reading it without a valid token is a 401. */
  readonly me: UserRow
  readonly token: string | undefined
}

/** Bytes or JSON with a status; 200 unless said. */
export type Answer =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status?: number; readonly bytes: Uint8Array; readonly type: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: 204 }

/** One entry of the API. `route` is how faults and the call log name it: method and path below `/api/v4`, parameters in braces. */
export interface Route {
  readonly route: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`
  /** Absent where the version of the server does not have it: then 404, as for any unknown path. */
  readonly exists?: (store: Store) => boolean
  readonly open?: true
  readonly answer: (ask: Ask) => Answer | Promise<Answer>
}

/** A JSON answer. Its value is typed where it is made: by `answers.ts`, in the vendor's words. */
export const json = (value: unknown, status = 200): Answer => ({ status, json: value })
export const ok = (): Answer => json({ status: 'OK' } satisfies StatusOK)

export function requireAdmin({ me }: Ask): void {
  if (!isAdmin(me)) throw notAllowed()
}

export const param = ({ http }: Ask, name: string): string => decodeURIComponent(http.req.param(name) ?? '')
export const query = ({ http }: Ask, name: string): string => http.req.query(name) ?? ''
export const flag = (ask: Ask, name: string): boolean => query(ask, name) === 'true'
const numeric = (text: string, fallback: number): number => (/^\d+$/.test(text) ? Number(text) : fallback)

/** `page` and `per_page` as the server reads them: 60 by default, never more than 200. */
export function pageOf<T>(ask: Ask, all: readonly T[]): T[] {
  const size = Math.min(numeric(query(ask, 'per_page'), 60), 200)
  const from = numeric(query(ask, 'page'), 0) * size
  return all.slice(from, from + size)
}

export async function body(ask: Ask, what: string): Promise<Readonly<Record<string, unknown>>> {
  const value: unknown = await ask.http.req.json().catch(() => undefined)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badBody(what)
  return value as Readonly<Record<string, unknown>>
}
export async function listBody(ask: Ask, what: string): Promise<readonly string[]> {
  const value: unknown = await ask.http.req.json().catch(() => undefined)
  if (!Array.isArray(value) || value.length === 0 || value.some((each) => typeof each !== 'string')) throw badBody(what)
  return value as string[]
}
export const textOf = (fields: Readonly<Record<string, unknown>>, key: string): string | undefined => {
  const value = fields[key]
  return typeof value === 'string' ? value : undefined
}
export const boolOf = (fields: Readonly<Record<string, unknown>>, key: string): boolean | undefined => {
  const value = fields[key]
  return typeof value === 'boolean' ? value : undefined
}

const noSuch = (id: string, what: string): Refusal => new Refusal(id, 404, `Unable to find the ${what}.`)

/** The account in the path; `me` stands for the one asking. */
export function userIn(ask: Ask, id = param(ask, 'user_id')): UserRow {
  const user = id === 'me' ? ask.me : ask.store.users.get(id)
  if (user === undefined) throw id.length === 26 ? noSuch('app.user.missing_account.const', 'user') : badUrl('user_id')
  return user
}
export function teamIn(ask: Ask, id = param(ask, 'team_id')): TeamRow {
  const team = ask.store.teams.get(id)
  if (team === undefined) throw id.length === 26 ? noSuch('app.team.get.find.app_error', 'existing team') : badUrl('team_id')
  return team
}
export function channelIn(ask: Ask, id = param(ask, 'channel_id')): ChannelRow {
  const channel = ask.store.channels.get(id)
  if (channel === undefined)
    throw id.length === 26 ? noSuch('app.channel.get.existing.app_error', 'existing channel') : badUrl('channel_id')
  return channel
}
/** A channel whose contents are asked for. */
export function contentsOf(ask: Ask): ChannelRow {
  if (ask.store.can.hidesUnknownChannels && !ask.store.channels.has(param(ask, 'channel_id'))) throw notAllowed()
  return readable(ask, channelIn(ask))
}
export function postIn(ask: Ask, id = param(ask, 'post_id'), deletedToo = false): PostRow {
  const post = ask.store.posts.get(id)
  if (post === undefined || (post.delete_at !== 0 && !deletedToo)) throw noSuch('app.post.get.app_error', 'post')
  readable(ask, channelIn(ask, post.channel_id))
  return post
}

/** Members read a channel; everybody in the team reads an open one; administrators read all. */
export function readable(ask: Ask, channel: ChannelRow): ChannelRow {
  const { store, me } = ask
  const open = channel.type === 'O' && store.teamMembers.get(`${channel.team_id}/${me.id}`)?.delete_at === 0
  if (!isAdmin(me) && !open && store.channelMember(channel.id, me.id) === undefined) throw notAllowed()
  return channel
}
/** Oneself, or an administrator. */
export function selfOrAdmin({ me }: Ask, user: UserRow): UserRow {
  if (me.id !== user.id && !isAdmin(me)) throw notAllowed()
  return user
}
