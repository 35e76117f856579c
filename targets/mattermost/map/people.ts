import type { ItemId } from '../../../src/contract/ids.ts'
import type { Directory, Entry } from '../../../src/contract/target.ts'
import type { Settings } from '../settings.ts'
import type { Survey } from '../survey.ts'
import { free, tail, username } from './names.ts'

/** How one account of the source is called on the server. */
export interface PersonName {
  readonly username: string
  readonly email: string
  /** Why the handle could not stay as it was; null if it did. */
  readonly changed: string | null
  /** The address is made up. */
  readonly noAddress: boolean
}
export interface People {
  of(account: string): PersonName | undefined
  /** The name that stands in for an account nobody described. */
  placeholder(account: string | null): PersonName
  /** True if this text after an @ would address somebody. */
  addresses(name: string): boolean
}

/**
 * All usernames at once, the same for the same input in any order: reviewed identities first, then people the server knows by their address,
 * then handles; on a collision the smallest item id keeps the plain name and the others carry their own id.
 */
export function planPeople(directory: Directory, settings: Settings, survey: Survey): People {
  const scratch = settings.scratch
  const byEmail = new Map(survey.users.map((user) => [user.email, user.username]))
  const onServer = new Set(survey.users.map((user) => user.username))
  const known = new Set([...directory.accounts.keys()])
  const names = new Map<string, PersonName>()
  const taken = new Set<string>()
  const emails = new Set<string>()
  const settle = (account: string, name: string, email: string | undefined, changed: string | null) => {
    taken.add(name)
    const holder = email === undefined ? undefined : byEmail.get(email)
    const address =
      email === undefined || emails.has(email) || (holder !== undefined && holder !== name) ? madeUp(directory, account, settings) : email
    emails.add(address)
    names.set(account, { username: name, email: address, changed, noAddress: email === undefined })
  }
  const waiting: { readonly id: ItemId; readonly entry: Entry<'account'>; readonly email: string | undefined }[] = []
  for (const [id, entry] of [...directory.accounts].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const person = directory.person(id)
    const email = addressOf(entry, person?.addresses, scratch)
    const wanted = person?.accounts[directory.target]
    const existing = byEmail.get(email ?? madeUp(directory, id, settings))
    if (scratch === undefined && wanted !== undefined && username(wanted) === wanted && !taken.has(wanted))
      settle(id, wanted, email, handleChange(entry, wanted))
    else if (existing !== undefined && !taken.has(existing)) settle(id, existing, email, handleChange(entry, existing))
    else waiting.push({ id, entry, email })
  }
  const prefix = scratch === undefined ? '' : `r${scratch}-`
  for (const { id, entry, email } of waiting) {
    const base = username(entry.body.handle) ?? username(entry.body.displayName)
    const name = free(
      base === undefined ? undefined : `${prefix}${base}`.slice(0, 64),
      `${prefix}u`,
      tail(id),
      (name) => taken.has(name) || onServer.has(name),
    )
    settle(id, name, email, name === `${prefix}${entry.body.handle}` ? null : `"${entry.body.handle}" became "${name}"`)
  }
  const broadcasts = new Set(['all', 'channel', 'here'])
  return {
    of: (account) => names.get(account),
    addresses: (name) => broadcasts.has(name) || taken.has(name) || onServer.has(name),
    placeholder: (account) => {
      if (account !== null && known.has(account as ItemId)) throw new Error(`${account} is described`)
      const name = `${prefix}unknown${account === null ? '' : `-${tail(account)}`}`.slice(0, 64)
      return {
        username: name,
        email: `${name}@${scratch === undefined ? settings.emailDomain : 'rehearsal.invalid'}`,
        changed: null,
        noAddress: true,
      }
    },
  }
}

function addressOf(entry: Entry<'account'>, reviewed: readonly string[] | undefined, scratch: string | undefined): string | undefined {
  if (scratch !== undefined) return undefined
  const address = reviewed?.[0] ?? entry.body.email
  if (address === null || address === undefined) return undefined
  const plain = address.trim().toLowerCase()
  return plain.length <= 128 && /^[^\s@<>]+@[^\s@<>]+$/.test(plain) ? plain : undefined
}

/** Made from the account's id and not from its name: the address is what finds the same account again on the next run. */
const madeUp = (directory: Directory, account: string, settings: Settings): string =>
  settings.scratch === undefined
    ? `${tail(account)}@${tail(`/${directory.source}`) || 'source'}.${settings.emailDomain}`
    : `r${settings.scratch}-${tail(account)}@rehearsal.invalid`

const handleChange = (entry: Entry<'account'>, name: string): string | null =>
  entry.body.handle === name ? null : `"${entry.body.handle}" is "${name}" on the server`
