import { itemId } from '../../../src/contract/ids.ts'
import type { Provenance, SourceItem } from '../../../src/contract/item.ts'
import type { Account } from '../../../src/model/account.ts'
import type { Profile } from '../wire/people.ts'
import type { User } from '../wire/rest.ts'
import { directory, itemOf } from './item.ts'

export type Role = Extract<Account['role'], 'owner' | 'member' | 'external'>

/** A member, or an outside collaborator. `profile`: what they say about themselves; GitHub shows addresses that people made public. */
export function account(user: User, role: Role, profile: Profile | undefined, raw: unknown, provenance: Provenance): SourceItem<'account'> {
  const addresses = [profile?.email, ...(profile?.organizationVerifiedDomainEmails ?? [])].flatMap((address) => address ?? [])
  const verified = profile?.organizationVerifiedDomainEmails.toSorted()[0]
  const email = verified ?? profile?.email ?? null
  const aliases = [...new Set(addresses)].filter((address) => address !== email).toSorted()
  const fields: readonly (readonly [string, string | null | undefined])[] = [
    ['Company', profile?.company],
    ['Location', profile?.location],
    ['Bio', profile?.bio],
    ['Website', profile?.websiteUrl],
  ]
  const body: Account = {
    handle: user.login,
    displayName: profile?.name ?? user.login,
    realName: profile?.name ?? null,
    firstName: null,
    lastName: null,
    email,
    ...(aliases.length === 0 ? {} : { aliases }),
    role: user.type === 'Bot' ? 'bot' : role,
    active: true,
    jobTitle: null,
    phone: null,
    timezone: null,
    locale: null,
    status: null,
    pronouns: profile?.pronouns ?? null,
    profile: fields.flatMap(([label, value]) => (value === null || value === undefined ? [] : [{ label, value }])),
    avatar: null,
  }
  return itemOf({ kind: 'account', id: itemId('account', String(user.id)), collection: directory, body, raw, provenance })
}
