import { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import { deltaPages, isRemoved } from '../delta.ts'
import { text } from '../fields.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import type { Wire } from '../wire.ts'
import { jsonOf, type Known, markOf } from '../known.ts'
import { addressbook, addressbookId } from '../map/addressbook.ts'
import { WireContactFolder } from './wire.ts'

/** What is remembered of a folder: its name, its parent, and whether it is the one that every mailbox has. */
const Remembered = z.tuple([text, text, z.boolean()])
type Remembered = z.infer<typeof Remembered>
const recall = (object: string): Remembered => Remembered.safeParse(jsonOf(object)).data ?? [null, null, false]

/**
 * Brings the folders in `known` up to date. The default folder is in no list of folders; only a contact in it tells its id
 * (https://learn.microsoft.com/graph/known-issues, read 2026-11-25). @throws Expired
 */
export async function refreshFolders(graph: Graph, person: GraphPerson, known: Known, signal: AbortSignal): Promise<void> {
  const home = `/users/${seg(person.id)}`
  const listing = { key: 'folders', path: `${home}/contactFolders/delta`, query: {}, pageSize: 100, held: () => [] }
  // A delta query from its beginning names every folder but the default one.
  const unseen = new Set(known.links.has(listing.key) ? [] : known.places.keys())
  for await (const page of deltaPages(graph, known, listing, signal))
    for (const raw of page) {
      const id = take(known, raw)
      if (id !== undefined) unseen.delete(id)
    }
  if (known.links.has(listing.key)) for (const id of unseen) if (!isDefault(known, id)) forgetFolder(known, id)
  // In a full mailbox there was a plain listing instead, which leaves out folders in folders; none counts as gone by it.
  if (!known.links.has(listing.key)) await walk(graph, home, known, signal)
  if ([...known.places.values()].some(({ object }) => recall(object)[2])) return
  const [first] = (await firstPage(graph, `${home}/contacts`, { $top: 1, $select: 'parentFolderId' }, signal)) ?? []
  const id = z.object({ parentFolderId: z.string().min(1) }).safeParse(first).data?.parentFolderId
  if (id === undefined) return
  const folder = WireContactFolder.safeParse(await graph.get(`${home}/contactFolders/${seg(id)}`, {}, {}, signal)).data
  keep(known, id, [folder?.displayName ?? null, folder?.parentFolderId ?? null, true])
}

function take(known: Known, raw: Wire): string | undefined {
  const read = WireContactFolder.safeParse(raw)
  if (!read.success) return undefined
  const { id, displayName, parentFolderId } = read.data
  if (isRemoved(raw)) forgetFolder(known, id)
  else keep(known, id, [displayName, parentFolderId, isDefault(known, id)])
  return id
}
const isDefault = (known: Known, id: string): boolean => recall(known.places.get(id)?.object ?? '')[2]

/** The folders in every folder that is known, and in those. */
async function walk(graph: Graph, home: string, known: Known, signal: AbortSignal): Promise<void> {
  const walked = new Set<string>()
  // The map grows while it is walked, and the walk with it.
  for (const id of known.places.keys()) {
    if (walked.has(id) || isForgotten(known, id)) continue
    walked.add(id)
    for await (const { value } of graph.pages(`${home}/contactFolders/${seg(id)}/childFolders`, { $top: 100 }, {}, signal))
      for (const raw of value) take(known, raw)
  }
}

async function firstPage(
  graph: Graph,
  path: string,
  query: Parameters<Graph['get']>[1],
  signal: AbortSignal,
): Promise<readonly unknown[] | undefined> {
  for await (const page of graph.pages(path, query, {}, signal)) return page.value
  return undefined
}

const keep = (known: Known, id: string, remembered: Remembered): void =>
  void known.places.set(id, { object: JSON.stringify(remembered), item: known.places.get(id)?.item ?? '' })

/** What stood in a folder that is gone may stand in another one now: it is looked for. */
export function forgetFolder(known: Known, id: string): void {
  const place = known.places.get(id)
  if (place !== undefined) known.places.set(id, { ...place, object: gone })
  known.links.delete(`contacts/${id}`)
  for (const [contact, { place: at }] of known.things) if (at === id) known.removed.add(contact)
}
const gone = 'gone'
export const isForgotten = (known: Known, id: string): boolean => known.places.get(id)?.object === gone

/** Address books that are new, or called otherwise, or all of them; then those that are gone. */
export function* folderItems(graph: Graph, person: GraphPerson, known: Known, everything: boolean): Generator<Change> {
  for (const [id, { object, item: before }] of known.places) {
    if (object === gone) continue
    const [name, parent, primary] = recall(object)
    const raw = { id, displayName: name, parentFolderId: parent }
    const mapping = { source: graph.source, fetchedAt: graph.ports.clock.now().toISOString(), endpoint: 'users/contactFolders/delta' }
    const item = addressbook(person, { id, path: pathOf(known, id), primary }, raw, mapping)
    const mark = markOf(item.revision)
    if (mark !== before || everything) yield { type: 'upsert', item }
    known.places.set(id, { object, item: mark })
  }
}

export function* goneFolders(
  person: GraphPerson,
  known: Known,
): Generator<{ readonly type: 'delete'; readonly id: ItemId; readonly evidence: string }> {
  for (const [id, { object }] of known.places)
    if (object === gone) {
      known.places.delete(id)
      yield { type: 'delete', id: addressbookId(person.id, id), evidence: 'removed in contactFolders/delta' }
    }
}

/** Names from the topmost known folder to this one; a folder that is its own ancestor ends it. */
function pathOf(known: Known, id: string): readonly (string | null)[] {
  const names: (string | null)[] = []
  const seen = new Set<string>()
  for (let at: string | null = id; at !== null && !seen.has(at);) {
    seen.add(at)
    const object = known.places.get(at)?.object
    if (object === undefined || object === gone) break
    const [name, parent, primary]: Remembered = recall(object)
    // Folders below the default one stand beside it for people.
    if (primary && at !== id) break
    names.unshift(name)
    at = parent
  }
  return names
}
