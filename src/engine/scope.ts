import type { Capabilities, Loss } from '../contract/fidelity.ts'
import type { CollectionId, ItemId } from '../contract/ids.ts'
import type { Item, Kind } from '../contract/item.ts'
import type { Directory, Person } from '../contract/target.ts'
import type { Manifest, SnapshotReader } from '../contract/vault.ts'
import { Fault } from '../fault.ts'
import { bodySchemas } from '../model/bodies.ts'

/** Everything one person needs: the accounts with their address, and the collections that are theirs. */
export interface Scope {
  readonly accounts: ReadonlySet<ItemId>
  readonly collections: ReadonlySet<CollectionId>
}

const kinds = Object.keys(bodySchemas) as readonly Kind[]

/** The kinds a target takes part in; what it refuses whole is left to other targets. */
export const carriedKinds = (capabilities: Capabilities): ReadonlySet<Kind> =>
  new Set(kinds.filter((kind) => capabilities[kind].level !== 'none'))

/** The kind an id begins with; undefined for things that are no items of the model (a scope, a plan limit). */
export function kindOfId(id: ItemId): Kind | undefined {
  const kind = id.slice(0, id.indexOf('/'))
  return kinds.find((one) => one === kind)
}

/**
 * Who `address` is in a snapshot: an account with it as address or alias, or one of a reviewed person who has it. Letter case never matters.
 * @throws Fault `usage` when nobody has it
 */
export async function scopeOf(address: string, directory: Directory, reader: SnapshotReader): Promise<Scope> {
  const wanted = address.toLowerCase()
  const has = (addresses: readonly (string | null)[]): boolean => addresses.some((one) => one?.toLowerCase() === wanted)
  const of = (person: Person | undefined): readonly string[] => person?.addresses ?? []
  const accounts = new Set<ItemId>()
  for (const [id, { body }] of directory.accounts)
    if (has([body.email, ...(body.aliases ?? []), ...of(directory.person(id))])) accounts.add(id)
  if (accounts.size === 0)
    throw new Fault({
      code: 'usage',
      what: `Nobody in the snapshot of ${directory.source} has the address ${address}`,
      remedy: 'Look at the addresses with: fallreep show SNAPSHOT, or add the address to the person in identities.yaml',
    })
  const collections = new Set<CollectionId>()
  for await (const { id, owner } of reader.collections()) if (owner !== undefined && accounts.has(owner)) collections.add(id)
  return { accounts, collections }
}

/** The directory of one person: everybody stays known, so that mapping finds them, but only the person's own places are there. */
export function narrowed(directory: Directory, { collections }: Scope): Directory {
  const own = <E extends { readonly collection: CollectionId }>(entries: ReadonlyMap<ItemId, E>): ReadonlyMap<ItemId, E> =>
    new Map([...entries].filter(([, { collection }]) => collections.has(collection)))
  return {
    ...directory,
    mailboxes: own(directory.mailboxes),
    calendars: own(directory.calendars),
    addressbooks: own(directory.addressbooks),
    tasklists: own(directory.tasklists),
  }
}

/** The items of one kind that a run is about, mails newest first. */
export async function* itemsInScope(
  reader: SnapshotReader,
  kind: Kind,
  scope: Scope | undefined,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const asked = { kinds: [kind], newestFirst: kind === 'mail' }
  if (scope === undefined) yield* reader.items(asked, signal)
  else if (kind === 'account') {
    for await (const item of reader.items(asked, signal)) if (scope.accounts.has(item.id)) yield item
  } else for (const collection of scope.collections) yield* reader.items({ ...asked, collection }, signal)
}

/**
 * What the source withheld, as far as it belongs in a run: of kinds the target carries, and of one person's things when it is about one person.
 * What is no item of the model (a scope, a plan limit) concerns every run about everybody.
 */
export async function* lossesInScope(
  reader: SnapshotReader,
  carried: ReadonlySet<Kind>,
  scope: Scope | undefined,
  signal: AbortSignal,
): AsyncGenerator<Loss> {
  for await (const loss of reader.losses(undefined, signal)) {
    const kind = kindOfId(loss.item)
    if (scope === undefined ? kind === undefined || carried.has(kind) : scope.accounts.has(loss.item) && carried.has('account')) yield loss
  }
  for (const collection of scope?.collections ?? [])
    for await (const loss of reader.losses(collection, signal)) {
      const kind = kindOfId(loss.item)
      if (kind !== undefined && carried.has(kind)) yield loss
    }
}

export const carriedCount = (counts: Manifest['counts'], kinds: ReadonlySet<Kind>): number =>
  [...kinds].reduce((all, kind) => all + (counts[kind] ?? 0), 0)

/** How many items of which kinds a target leaves to others. */
export const uncarried = (counts: Manifest['counts'], carried: ReadonlySet<Kind>): Partial<Record<Kind, number>> =>
  Object.fromEntries(kinds.flatMap((kind) => (carried.has(kind) || (counts[kind] ?? 0) === 0 ? [] : [[kind, counts[kind] ?? 0]])))
