import type { ItemId } from '../contract/ids.ts'
import type { Item } from '../contract/item.ts'
import type { Directory, Entry, Person } from '../contract/target.ts'
import type { SnapshotReader } from '../contract/vault.ts'

/** Reads accounts, groups, emoji and channels of a snapshot, without their raw JSON, and joins the accounts to the reviewed people. */
export async function readDirectory(
  reader: SnapshotReader,
  target: string,
  people: readonly Person[],
  signal: AbortSignal,
): Promise<Directory> {
  const { source } = reader.manifest
  const accounts = new Map<ItemId, Entry<'account'>>()
  const groups = new Map<ItemId, Entry<'group'>>()
  const emoji = new Map<ItemId, Entry<'emoji'>>()
  const channels = new Map<ItemId, Entry<'channel'>>()
  for await (const item of reader.items({ kinds: ['account', 'group', 'emoji', 'channel'] }, signal)) {
    if (item.kind === 'account') accounts.set(item.id, entryOf(item))
    if (item.kind === 'group') groups.set(item.id, entryOf(item))
    if (item.kind === 'emoji') emoji.set(item.id, entryOf(item))
    if (item.kind === 'channel') channels.set(item.id, entryOf(item))
  }
  const find = personFinder(people, source)
  return {
    source,
    target,
    accounts,
    groups,
    emoji,
    channels,
    person: (id) => {
      const account = accounts.get(id)
      return account === undefined ? undefined : find(id, account)
    },
  }
}

const entryOf = <K extends 'account' | 'group' | 'emoji' | 'channel'>(item: {
  readonly id: ItemId
  readonly collection: Entry<K>['collection']
  readonly body: Entry<K>['body']
  readonly blobs: Item['blobs']
}): Entry<K> => ({ id: item.id, collection: item.collection, body: item.body, blobs: item.blobs })

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
