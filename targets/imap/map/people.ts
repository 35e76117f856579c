import type { ItemId } from '../../../src/contract/ids.ts'
import type { LossCode } from '../../../src/contract/fidelity.ts'
import type { Directory } from '../../../src/contract/target.ts'
import { credentialsOf } from '../client/login.ts'
import type { Settings } from '../settings.ts'

/** Somebody's way in, or why there is none. */
export type Way = { readonly login: string } | { readonly code: LossCode; readonly why: string }

/** The login name of an account here: as the people map says, else its address. */
export function wayOf(directory: Directory, settings: Settings, account: ItemId): Way {
  const named = directory.person(account)?.accounts[directory.target] ?? directory.accounts.get(account)?.body.email?.toLowerCase()
  if (named === undefined)
    return {
      code: 'excluded-by-policy',
      why: 'nobody said which mailbox is theirs here, and they have no address; name it in the people map',
    }
  const login = named.trim()
  if (credentialsOf(settings.access, login) === undefined)
    return { code: 'excluded-by-policy', why: 'the configuration has no way into this mailbox' }
  return { login }
}

/** Everybody with mail, by login name. Two accounts of the source may share a mailbox here. */
export function ownersByLogin(directory: Directory, settings: Settings): ReadonlyMap<string, readonly ItemId[]> {
  const owners = new Map<string, ItemId[]>()
  const seen = new Set<string>()
  for (const { body } of directory.mailboxes.values()) {
    if (seen.has(body.owner)) continue
    seen.add(body.owner)
    const owner = body.owner as ItemId
    const way = wayOf(directory, settings, owner)
    if ('login' in way) owners.set(way.login, [...(owners.get(way.login) ?? []), owner])
  }
  return owners
}
