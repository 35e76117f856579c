import type { ItemId } from '../contract/ids.ts'
import type { Kind } from '../contract/item.ts'
import type { Directory, Entry, Person } from '../contract/target.ts'
import type { SnapshotReader } from '../contract/vault.ts'
import { readNumbers } from './numbers.ts'

/** Kinds that others refer to. */
const referred = [
  'account',
  'group',
  'emoji',
  'channel',
  'mailbox',
  'calendar',
  'addressbook',
  'tasklist',
  'repository',
] as const satisfies readonly Kind[]
type Referred = (typeof referred)[number]
type Entries = { readonly [K in Referred]: Map<ItemId, Entry<K>> }

/** Reads what others refer to out of a snapshot, without its raw JSON, and joins the accounts to the reviewed people. */
export async function readDirectory(
  reader: SnapshotReader,
  target: string,
  people: readonly Person[],
  signal: AbortSignal,
): Promise<Directory> {
  const { source } = reader.manifest
  const entries: Entries = {
    account: new Map(),
    group: new Map(),
    emoji: new Map(),
    channel: new Map(),
    mailbox: new Map(),
    calendar: new Map(),
    addressbook: new Map(),
    tasklist: new Map(),
    repository: new Map(),
  }
  for await (const item of reader.items({ kinds: referred }, signal)) {
    const { id, kind, collection, body, blobs } = item
    // Each item goes to the map of its own kind, which the compiler cannot follow through a union.
    const map = (entries as Record<string, Map<ItemId, unknown>>)[kind]
    map?.set(id, { id, collection, body, blobs })
  }
  const numbers = await readNumbers(reader, signal)
  const find = personFinder(people, source)
  return {
    source,
    target,
    accounts: entries.account,
    groups: entries.group,
    emoji: entries.emoji,
    channels: entries.channel,
    mailboxes: entries.mailbox,
    calendars: entries.calendar,
    addressbooks: entries.addressbook,
    tasklists: entries.tasklist,
    repositories: entries.repository,
    numbered: (repository, number) => numbers.get(repository, number),
    person: (id) => {
      const account = entries.account.get(id)
      return account === undefined ? undefined : find(id, account)
    },
  }
}

/** A person is found by the account named for this source (native id or handle), then by e-mail address; letter case never matters. */
function personFinder(people: readonly Person[], source: string): (id: ItemId, account: Entry<'account'>) => Person | undefined {
  const byAccount = new Map<string, Person>()
  const byAddress = new Map<string, Person>()
  for (const person of people) {
    const account = person.accounts[source]
    if (account !== undefined) byAccount.set(account.toLowerCase(), person)
    for (const address of person.addresses) byAddress.set(address.toLowerCase(), person)
  }
  return (id, { body }) =>
    byAccount.get(id.slice(id.indexOf('/') + 1).toLowerCase()) ??
    byAccount.get(body.handle.toLowerCase()) ??
    (body.email === null ? undefined : byAddress.get(body.email.toLowerCase()))
}
