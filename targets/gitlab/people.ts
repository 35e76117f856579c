import type { Directory } from '../../src/contract/target.ts'
import type { Actor } from '../../src/model/actor.ts'
import { freeName, isReservedTop, usernameOf } from './map/names.ts'
import type { Survey } from './map/survey.ts'
import type { Who } from './operations.ts'
import type { Settings } from './settings.ts'

/** How one account of the source is called in GitLab, and how that was found out. `stand-in`: the importing user takes its place. */
export interface PersonName {
  readonly login: string
  readonly username: string | null
  readonly from: 'map' | 'email' | 'shadow' | 'stand-in'
}
export interface People {
  /** Of an account of the directory. */
  of(account: string): PersonName | undefined
  /** Of anybody who did something; null is an account that was deleted at the source. */
  who(actor: Actor | null): PersonName
  /** The username that a mention of this login means, or null if it means nobody there. */
  mentioned(login: string): string | null
}

/** Stands for accounts that were deleted at the source. No login has a dot, so nobody is called that. */
export const GHOST = 'ghost.deleted'

/** The address that a shadow user has; it finds the same user again on the next run. */
export const shadowEmail = (login: string, { emailDomain, scratch }: Pick<Settings, 'emailDomain' | 'scratch'>): string =>
  `${login
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '.')
    .replace(/\.+$/, '')}@${scratch === undefined ? '' : `r${scratch}.`}${emailDomain}`

/**
 * All usernames, the same for the same input in any order: reviewed identities first, then people whose public address is that of somebody
 * in GitLab, then shadow users by their login. A name that is somebody else's there is never used: being called alike proves nothing.
 */
export function planPeople(directory: Directory, settings: Settings, survey: Survey): People {
  const onServer = new Map(survey.users.map((user) => [user.username.toLowerCase(), user]))
  const byEmail = new Map(survey.users.map((user) => [user.email.toLowerCase(), user.username]))
  const byPublicEmail = new Map(survey.users.map((user) => [user.publicEmail?.toLowerCase() ?? '', user.username]))
  byPublicEmail.delete('')
  const paths = new Set([...survey.paths, settings.group.split('/')[0] ?? ''].map((path) => path.toLowerCase()))
  const found = new Map<string, PersonName>()
  const byLogin = new Map<string, PersonName>()
  const used = new Set<string>()
  const settle = (account: string, name: PersonName) => {
    found.set(account, name)
    byLogin.set(name.login.toLowerCase(), name)
    if (name.username !== null) used.add(name.username.toLowerCase())
  }
  const accounts = [...directory.accounts].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const waiting: [string, string][] = []
  for (const [id, { body }] of accounts) {
    const person = directory.person(id)
    const wanted = person?.accounts[directory.target]
    const addresses = [...(person?.addresses ?? []), ...(body.email === null ? [] : [body.email])].map((address) => address.toLowerCase())
    const holder = addresses.map((address) => byEmail.get(address) ?? byPublicEmail.get(address)).find((name) => name !== undefined)
    if (wanted !== undefined && !used.has(wanted.toLowerCase())) settle(id, { login: body.handle, username: wanted, from: 'map' })
    else if (holder !== undefined && !used.has(holder.toLowerCase())) settle(id, { login: body.handle, username: holder, from: 'email' })
    else waiting.push([id, body.handle])
  }
  const shadow = (login: string): PersonName => {
    if (settings.users === 'map-only') return { login, username: null, from: 'stand-in' }
    const ours = byEmail.get(shadowEmail(login, settings))
    if (ours !== undefined) return { login, username: ours, from: 'shadow' }
    const plain = `${usernameOf(login)}${settings.scratch === undefined ? '' : `.r${settings.scratch}`}`
    const taken = (name: string): boolean => {
      const low = name.toLowerCase()
      return used.has(low) || onServer.has(low) || paths.has(low) || isReservedTop(low)
    }
    return { login, username: freeName(plain, taken), from: 'shadow' }
  }
  // Shadows do not take names from each other: logins are unique whatever their letter case. So those of people in no directory are found alike.
  const shadows = waiting.map(([id, login]) => [id, shadow(login)] as const)
  for (const [id, name] of shadows) {
    found.set(id, name)
    byLogin.set(name.login.toLowerCase(), name)
  }
  const strangers = new Map<string, PersonName>()
  const stranger = (login: string): PersonName => {
    const key = login.toLowerCase()
    const known = byLogin.get(key) ?? strangers.get(key)
    if (known !== undefined) return known
    const name = shadow(login)
    if (strangers.size < MOST_REMEMBERED) strangers.set(key, name)
    return name
  }
  return {
    of: (account) => found.get(account),
    who: (actor) => (actor === null ? stranger(GHOST) : (found.get(actor.account) ?? stranger(actor.login))),
    mentioned: (login) => byLogin.get(login.toLowerCase())?.username ?? null,
  }
}
/** Names of passers-by that are kept at hand; beyond them they are made anew each time. */
const MOST_REMEMBERED = 20_000

export const whoOf = ({ login, username }: PersonName): Who => ({ login, username })
