import type { IdentityLine } from './identities.ts'

/** An account as a service shows it. `account`: its handle there. */
export interface FoundAccount {
  readonly service: string
  readonly account: string
  readonly name: string
  readonly email: string | null
}
/** Something a person has to decide: what the file says and what was found do not fit. */
export interface Conflict {
  readonly person: string
  readonly detail: string
}
export interface Proposal {
  /** What the file held, in its order, then the new people. */
  readonly people: readonly IdentityLine[]
  readonly added: number
  /** Proposed people that gained an account. */
  readonly extended: number
  readonly conflicts: readonly Conflict[]
}

/**
 * Joins accounts to people by e-mail, and adds who is missing. Reviewed people are never changed: what would change them is a conflict
 * for somebody to decide. Of a proposed person nothing is taken away. `there`: accounts on targets, which are joined to people and make none. The same accounts give the same answer in any order.
 */
export function proposeIdentities(
  existing: readonly IdentityLine[],
  found: readonly FoundAccount[],
  there: readonly FoundAccount[] = [],
): Proposal {
  const people: IdentityLine[] = [...existing]
  const byAddress = new Map<string, number>()
  const byAccount = new Map<string, number>()
  const index = (at: number): void => {
    const person = people[at]
    for (const address of person?.addresses ?? []) byAddress.set(address.toLowerCase(), at)
    for (const [service, account] of Object.entries(person?.accounts ?? {})) byAccount.set(keyOf(service, account), at)
  }
  for (const at of people.keys()) index(at)
  const extended = new Set<number>()
  const conflicts: Conflict[] = []
  const ordered = (accounts: readonly FoundAccount[]): readonly FoundAccount[] =>
    accounts.toSorted((a, b) => compare(a.service, b.service) || compare(a.account, b.account))
  const join = ({ service, account, name, email }: FoundAccount, makes: boolean): void => {
    if (byAccount.has(keyOf(service, account))) return
    const at = email === null ? undefined : byAddress.get(email.toLowerCase())
    const person = at === undefined ? undefined : people[at]
    if (at === undefined || person === undefined) {
      if (!makes) return
      people.push({
        name: name === '' ? account : name,
        addresses: email === null ? [] : [email],
        accounts: { [service]: account },
        proposed: true,
      })
      index(people.length - 1)
      return
    }
    const claimed = person.accounts[service]
    if (claimed !== undefined)
      conflicts.push({ person: person.name, detail: `has the address of ${service} account ${account}, but the file says ${claimed}` })
    else if (!person.proposed)
      conflicts.push({ person: person.name, detail: `also seems to be ${service} account ${account}; add it by hand if that is right` })
    else {
      people[at] = { ...person, accounts: { ...person.accounts, [service]: account } }
      if (at < existing.length) extended.add(at)
      index(at)
    }
  }
  for (const account of ordered(found)) join(account, true)
  for (const account of ordered(there)) join(account, false)
  return { people, added: people.length - existing.length, extended: extended.size, conflicts }
}

const keyOf = (service: string, account: string): string => `${service}\u0000${account.toLowerCase()}`
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
