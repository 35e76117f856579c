import type { Change } from '../../../src/contract/connector.ts'
import type { Cursor } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import { deltaPages, isRemoved } from '../delta.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { hasNoMailbox } from '../graph-fault.ts'
import { type Known, markOf } from '../known.ts'
import { contact as mapContact, contactId } from '../map/contact.ts'
import { degraded, dropped } from '../map/mapped.ts'
import { deltaRounds } from '../rounds.ts'
import type { Wire } from '../wire.ts'
import { folderItems, forgetFolder, goneFolders, isForgotten, refreshFolders } from './folders.ts'
import { fetchPhoto, knownPhoto, remembered } from './photo.ts'
import { WireContact } from './wire.ts'

/** One run. `everything`: a reset was said, so all that is there has to be named, and nothing may be checkpointed before the end. */
interface Round {
  readonly graph: Graph
  readonly person: GraphPerson
  readonly known: Known
  readonly everything: boolean
}
const contactsAPage = 100

/** The changes of somebody's contacts since a cursor: one request for the folders and one for each folder when nothing changed. */
export const contactChanges = (graph: Graph, person: GraphPerson, since: Cursor | undefined, signal: AbortSignal): AsyncGenerator<Change> =>
  deltaRounds(since, {
    person: person.id,
    lacks: 'addressbook',
    refresh: (known) => refreshFolders(graph, person, known, signal),
    round: (known, everything) => round({ graph, person, known, everything }, signal),
  })

async function* round(current: Round, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, known, everything } = current
  yield* folderItems(graph, person, known, everything)
  // After a reset, what no page names is gone.
  const unseen = everything ? new Set(known.things.keys()) : undefined
  for (const id of known.places.keys()) if (!isForgotten(known, id)) yield* folder(current, id, unseen, signal)
  for (const id of unseen ?? []) known.removed.add(id)
  yield* removals(current, signal)
  yield* goneFolders(person, known)
  known.losses = ''
  yield { type: 'checkpoint', cursor: known.encode() }
}

async function* folder(current: Round, id: string, unseen: Set<string> | undefined, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, known, everything } = current
  const path = `/users/${seg(person.id)}/contactFolders/${seg(id)}/contacts/delta`
  let pages = 0
  try {
    for await (const page of deltaPages(
      graph,
      known,
      { key: `contacts/${id}`, path, query: {}, pageSize: contactsAPage, held: () => known.idsIn(id) },
      signal,
    )) {
      // What was worked on of the page before counts now.
      if (pages > Math.floor(known.things.size / 10_000) && !everything) {
        pages = 0
        yield { type: 'checkpoint', cursor: known.encode() }
      }
      pages += 1
      for (const raw of page) {
        const native = raw['id']
        if (typeof native === 'string') unseen?.delete(native)
        if (isRemoved(raw)) remove(known, id, native)
        else yield* one(current, id, raw, signal)
      }
    }
  } catch (error) {
    // The folder went away after it was listed.
    if (!(error instanceof Fault) || error.code !== 'gone' || hasNoMailbox(error)) throw error
    forgetFolder(known, id)
  }
}

/** A removal counts only for the folder that a contact was last seen in: who was moved is removed here and new there, in either order. */
function remove({ things, removed }: Known, folder: string, native: unknown): void {
  if (typeof native === 'string' && things.get(native)?.place === folder) removed.add(native)
}

async function* one({ graph, person, known, everything }: Round, folder: string, raw: Wire, signal: AbortSignal): AsyncGenerator<Change> {
  const read = WireContact.safeParse(raw)
  if (!read.success) {
    yield { type: 'loss', loss: dropped(contactId(person.id, 'unnamed'), 'invalid-at-source', 'a contact without an id') }
    return
  }
  const { id, changeKey } = read.data
  known.removed.delete(id)
  const mark = markOf(changeKey ?? raw)
  const before = known.things.get(id)
  const same = before?.mark === mark
  if (same && before.place === folder && !everything) return
  const mapping = {
    source: graph.source,
    fetchedAt: graph.ports.clock.now().toISOString(),
    endpoint: 'users/contactFolders/contacts/delta',
  }
  if (same) {
    yield { type: 'upsert', item: mapContact(person, folder, read.data, knownPhoto(person.id, folder, id, before.more), raw, mapping) }
    known.things.set(id, { ...before, place: folder })
    return
  }
  const photo = await fetchPhoto(graph, person, folder, id, signal)
  yield { type: 'upsert', item: mapContact(person, folder, read.data, photo.type === 'blob' ? photo.blob : undefined, raw, mapping) }
  if (photo.type === 'withheld')
    yield {
      type: 'loss',
      loss: degraded(contactId(person.id, id), 'photo', 'withheld-by-source', 'the picture of this contact was not given'),
    }
  known.things.set(id, { place: folder, mark, more: remembered(photo) })
}

/**
 * Whoever was removed somewhere and is new nowhere is asked for by himself. A contact that was moved away and back between two runs is
 * removed in the one listing and never appears in another (microsoftgraph/microsoft-graph-docs#21752).
 */
async function* removals(current: Round, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, known } = current
  for (const id of known.removed) {
    const raw = await stillThere(graph, person, known, id, signal)
    const folder = raw?.['parentFolderId']
    if (raw === undefined) {
      known.things.delete(id)
      yield { type: 'delete', id: contactId(person.id, id), evidence: 'removed in contacts/delta, then not found' }
    } else yield* one(current, typeof folder === 'string' ? folder : (known.things.get(id)?.place ?? ''), raw, signal)
    known.removed.delete(id)
  }
}

async function stillThere(graph: Graph, person: GraphPerson, known: Known, id: string, signal: AbortSignal): Promise<Wire | undefined> {
  const place = known.things.get(id)?.place
  const folder = place === undefined || isForgotten(known, place) ? '' : `/contactFolders/${seg(place)}`
  try {
    return (await graph.get(`/users/${seg(person.id)}${folder}/contacts/${seg(id)}`, {}, {}, signal)) as Wire
  } catch (error) {
    if (error instanceof Fault && error.code === 'gone' && !hasNoMailbox(error)) return undefined
    throw error
  }
}
