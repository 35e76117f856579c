import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { GroupOperation, UserOperation } from '../operations.ts'
import { shadowEmail, whoOf } from '../people.ts'
import type { MapContext } from './context.ts'
import { sealed } from './sealed.ts'
import { Told, nothing } from './told.ts'

/** Longest name of a user (`User`). */
const MOST_NAME = 255

export function mapAccount(item: Item<'account'>, { people, settings }: MapContext): Mapped<UserOperation> {
  const { body } = item
  const name = people.of(item.id)
  if (name === undefined) return nothing(item.id, 'invalid-at-source', 'it is not in the directory')
  if (name.username === null || name.from === 'stand-in')
    return nothing(item.id, 'author-replaced', `${body.handle} is not in the people map: the importing user takes its place`)
  const told = new Told(item.id)
  if (name.username !== body.handle) told.degraded('name-changed', 'username', `"${body.handle}" is "${name.username}" there`)
  if (body.role === 'owner' || body.role === 'admin')
    told.degraded('excluded-by-policy', 'role', 'rights are given on the server, never imported')
  if (name.from === 'shadow') {
    const lost = [
      body.avatar !== null && 'picture',
      body.email !== null && 'address',
      (body.jobTitle ?? '') !== '' && 'job title',
      body.profile.length > 0 && 'profile fields',
      body.status !== null && 'status',
    ].filter((what) => typeof what === 'string')
    if (lost.length > 0) told.degraded('no-such-concept', 'profile', `a blocked user that stands for a person has no ${lost.join(', ')}`)
  }
  const shown = (body.displayName === '' ? body.handle : body.displayName).replaceAll(/[\0<>]/g, '').toWellFormed()
  const op = sealed<UserOperation>({
    item: item.id,
    collection: item.collection,
    summary: `user ${name.username}`,
    type: 'user',
    login: body.handle,
    username: name.username,
    email: shadowEmail(body.handle, settings),
    name: shown.slice(0, MOST_NAME).toWellFormed(),
    from: name.from,
  })
  return { ops: [op], losses: told.losses }
}

export function mapGroup(item: Item<'group'>, { people, places, settings }: MapContext): Mapped<GroupOperation> {
  const { body } = item
  const path = places.group(item.id)
  if (path === undefined)
    return settings.teams === 'leave-out'
      ? nothing(item.id, 'excluded-by-policy', 'teams are to be left out')
      : nothing(item.id, 'invalid-at-source', 'it is not in the directory')
  const told = new Told(item.id)
  const last = path.slice(path.lastIndexOf('/') + 1)
  const shown = groupName(body.name, last)
  if (shown !== body.name) told.degraded('name-changed', 'name', `"${body.name}" is "${shown}" there`)
  if (last !== body.handle) told.degraded('name-changed', 'path', `"${body.handle}" is "${last}" there`)
  if (body.members === null) told.degraded('withheld-by-source', 'members', 'the source did not say who is in it')
  const members = (body.members ?? []).map((account) => people.of(account))
  const found = members
    .filter((name) => name !== undefined && name.username !== null)
    .map((name) => whoOf(name as NonNullable<typeof name>))
  if (found.length < members.length)
    told.degraded('author-replaced', 'members', `${members.length - found.length} of its members have no user there`)
  const op = sealed<GroupOperation>({
    item: item.id,
    collection: item.collection,
    summary: `group ${path}`,
    type: 'group',
    path,
    name: shown,
    description: body.description.replaceAll('\0', '').toWellFormed().slice(0, 500),
    members: found.toSorted((a, b) => (a.login < b.login ? -1 : 1)),
  })
  return { ops: [op], losses: told.losses }
}

/** Letters, digits, emoji, `_`, `.`, dashes, spaces and parentheses (`Gitlab::Regex.group_name_regex`, read 2026-11-25). */
function groupName(name: string, otherwise: string): string {
  const plain = name
    .toWellFormed()
    .replaceAll(/[^\p{L}\p{N}\p{Extended_Pictographic}\p{Pd}_(). ]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}_]+/u, '')
    .trim()
  return plain === '' ? otherwise : Array.from(plain).slice(0, 255).join('')
}
