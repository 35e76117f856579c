import type { Collection } from '../../../src/contract/connector.ts'
import { collectionId, itemId } from '../../../src/contract/ids.ts'
import type { Kind } from '../../../src/contract/item.ts'
import { selects } from '../config.ts'
import type { Graph, GraphPerson } from '../graph.ts'
import { filled, text, type Wire } from '../wire.ts'

/** Somebody in the directory, as Graph gives him, and whether anything of his is read. */
export interface ListedUser {
  readonly id: string
  readonly raw: Wire
  /** Undefined: nothing of his is read; `why` says so. */
  readonly person: GraphPerson | undefined
  readonly why: 'guest' | 'no-mailbox' | 'excluded' | undefined
}
export interface ListedGroup {
  readonly id: string
  readonly raw: Wire
}
/** A tenant as it was listed. Grows with people and groups. */
export interface Listed {
  readonly users: readonly ListedUser[]
  readonly groups: readonly ListedGroup[]
  /** Entries without an id. */
  readonly unnamed: number
  readonly people: ReadonlyMap<string, GraphPerson>
}

const userFields =
  'id,userPrincipalName,displayName,givenName,surname,mail,mailNickname,proxyAddresses,otherMails,userType,accountEnabled,jobTitle,department,companyName,officeLocation,employeeId,mobilePhone,businessPhones,preferredLanguage,assignedLicenses,onPremisesSyncEnabled'
const groupFields =
  'id,displayName,description,mail,mailNickname,mailEnabled,securityEnabled,groupTypes,visibility,resourceProvisioningOptions,membershipRule'

/** Lists people and groups: one request for each thousand of them. */
export async function listTenant(graph: Graph, signal: AbortSignal): Promise<Listed> {
  const users = new Map<string, ListedUser>()
  const groups = new Map<string, ListedGroup>()
  let unnamed = 0
  for await (const { value } of graph.pages('/users', { $select: userFields, $top: 999 }, {}, signal))
    for (const raw of value) {
      const id = text(raw['id'])
      if (id === undefined || id === '') unnamed += 1
      else users.set(id, userOf(graph, id, raw))
    }
  for await (const { value } of graph.pages('/groups', { $select: groupFields, $top: 999 }, {}, signal))
    for (const raw of value) {
      const id = text(raw['id'])
      if (id === undefined || id === '') unnamed += 1
      else groups.set(id, { id, raw })
    }
  const people = new Map([...users.values()].flatMap(({ id, person }) => (person === undefined ? [] : [[id, person] as const])))
  return { users: [...users.values()], groups: [...groups.values()], unnamed, people }
}

/** A guest's mailbox is somewhere else. Who has no address in Exchange has no mailbox; shared mailboxes and rooms are users with one. */
function userOf({ config }: Graph, id: string, raw: Wire): ListedUser {
  const address = filled(raw['mail'])
  const signIn = filled(raw['userPrincipalName'])
  const why =
    text(raw['userType']) === 'Guest'
      ? 'guest'
      : address === null
        ? 'no-mailbox'
        : selects(config.people, id, [address, signIn])
          ? undefined
          : 'excluded'
  const person =
    why === undefined ? { id, address: address ?? '', name: filled(raw['displayName']), account: itemId('account', id) } : undefined
  return { id, raw, person, why }
}

/** One collection for each person whose things are read. */
export const collectionsOf = (listed: Listed, prefix: string, title: string, kinds: readonly Kind[]): readonly Collection[] =>
  [...listed.people.values()].map(({ id, address, account }) => ({
    id: collectionId(`${prefix}/${id}`),
    title: `${title} of ${address}`,
    kinds,
    owner: account,
  }))
