import type { Change } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { type CollectionId, collectionId, type Cursor, itemId } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import type { Google, GooglePerson } from '../google.ts'
import { hashOf } from '../hash.ts'
import { flag, type Json, object, text, texts } from '../json.ts'
import { contact, contactId, type GroupNames } from '../map/contact.ts'
import { degraded, dropped, itemOf } from '../map/item.ts'
import { paged } from '../paged.ts'
import { refused, tokenLost } from '../token-lost.ts'
import { addressbook, type Book } from './book.ts'
import { contactReading, type ContactReading, type ListQuery, type Which } from './reading.ts'
import { decode, encode, freshState, type State } from './state.ts'

interface Run {
  readonly reading: ContactReading
  readonly collection: CollectionId
  readonly state: State
  readonly groups: GroupNames
  /** Said once, for as long as they stand. */
  readonly losses: Loss[]
  /** Between a reset and the end of its listing nothing may be called complete. */
  readonly whole: boolean
}

/** The contacts of one person: three requests when nothing changed (contacts, other contacts, groups). */
export async function* contactChanges(
  google: Google,
  person: GooglePerson,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const reading = await contactReading(google, person)
  const read = since === undefined ? freshState() : decode(since)
  if (read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const losses: Loss[] = []
  const state = read ?? freshState()
  const groups = await groupsOf(reading, state, losses, signal)
  if (!state.own.listed) state.groups = Object.fromEntries(groups)
  const run: Run = { reading, collection: collectionId(`contacts/${person.id}`), state, groups, losses, whole: read === undefined }
  const standing = [...losses]
  yield* one(run, 'own', signal)
  const other = yield* one(run, 'other', signal)
  if (!state.owed || other === 'refused') {
    // What stood in the way is still there: the rest is brought up to date, and nothing called deleted.
    if (state.owed && state.own.token === null) yield* one(run, 'own', signal)
    yield* closing(run)
    return
  }
  yield { type: 'reset', why: 'Google forgot where the changes of contacts begin' }
  // What is not said again after a reset is gone, losses too.
  const again: Run = { ...run, state: { ...freshState(), groups: state.groups }, losses: standing, whole: true }
  yield* one(again, 'own', signal)
  if ((yield* one(again, 'other', signal)) !== 'read' && other === 'read') throw brokenOff()
  yield* closing(again)
}

function* closing({ state, losses, groups }: Run): Generator<Change> {
  const about = losses.length === 0 ? '' : hashOf(losses)
  if (about !== state.losses) for (const loss of losses) yield { type: 'loss', loss }
  state.losses = about
  state.groups = Object.fromEntries(groups)
  yield { type: 'checkpoint', cursor: encode(state) }
}

/** Where groups are refused, those of before count. */
async function groupsOf(reading: ContactReading, state: State, losses: Loss[], signal: AbortSignal): Promise<GroupNames> {
  try {
    return await reading.groups(signal)
  } catch (error) {
    if (!refused(error)) throw error
    losses.push(degraded(itemId('addressbook', reading.person.id, 'connections'), 'groups', 'withheld-by-source', error.message))
    return new Map(Object.entries(state.groups))
  }
}

/** One of the two lists. Other contacts that Google refuses stop nothing and delete nothing; without one's own there are none at all. */
async function* one(run: Run, which: Which, signal: AbortSignal): AsyncGenerator<Change, 'read' | 'refused' | 'never read'> {
  const { state, reading, collection } = run
  const known = state[which]
  const book = addressbook(which, reading, collection)
  try {
    if (known.token !== null) yield* listed(run, which, book, { syncToken: known.token }, signal)
    // A group that changed its name is not said by the contacts in it.
    const renamed = which === 'own' && known.page === null && known.token !== null && groupsChanged(state.groups, run.groups)
    if (known.token === null || renamed) yield* listed(run, which, book, {}, signal)
    if (!run.whole) yield { type: 'checkpoint', cursor: encode(state) }
    return 'read'
  } catch (error) {
    if ((known.token !== null || known.page !== null) && tokenLost(error)) {
      if (run.whole) throw brokenOff()
      known.token = null
      known.page = null
      state.owed = true
      return 'read'
    }
    if (which === 'own' || !refused(error)) throw error
    run.losses.push(degraded(book.item.id, 'contacts', 'withheld-by-source', error.message))
    return known.listed ? 'refused' : 'never read'
  }
}

/** Names that were written into cards and are no longer right; a group that is new is in no card yet. */
const groupsChanged = (before: State['groups'], now: GroupNames): boolean =>
  Object.entries(before).some(([resource, name]) => now.get(resource) !== name)

/** Every page of a list: all of it, or what changed. A full one can go on where it was broken off. */
async function* listed(run: Run, which: Which, book: Book, { syncToken }: ListQuery, signal: AbortSignal): AsyncGenerator<Change> {
  const { state, reading } = run
  const known = state[which]
  const full = syncToken === undefined
  let token: string | undefined
  const ask = async (pageToken: string | undefined) => {
    const page = await reading.list(which, { syncToken, pageToken }, signal)
    return { page, next: page.nextPageToken }
  }
  for await (const { page, next } of paged('contacts', ask, full ? (known.page ?? undefined) : undefined)) {
    if (known.book !== book.item.revision) yield { type: 'upsert', item: book.item }
    known.book = book.item.revision
    for (const person of page.people) yield* contactChange(run, person, book)
    token = page.nextSyncToken ?? token
    if (!full || next === undefined) continue
    known.page = next
    known.listed = true
    if (!run.whole && known.token === null) yield { type: 'checkpoint', cursor: encode(state) }
  }
  known.page = null
  known.listed = true
  known.token = token ?? null
}

function* contactChange({ reading, collection, groups }: Run, person: Json, book: Book): Generator<Change> {
  const { google, person: owner } = reading
  const resourceName = text(person['resourceName'])
  if (resourceName === '') {
    yield { type: 'loss', loss: dropped(contactId(owner.id, 'unnamed'), 'invalid-at-source', 'a contact without a name for it') }
    return
  }
  const metadata = object(person['metadata'])
  for (const former of texts(metadata?.['previousResourceNames']))
    if (former !== resourceName) yield { type: 'delete', id: contactId(owner.id, former), evidence: `${resourceName} was ${former} before` }
  if (flag(metadata?.['deleted'])) {
    yield { type: 'delete', id: contactId(owner.id, resourceName), evidence: `metadata.deleted in ${book.endpoint}` }
    return
  }
  const { id, body, blobs, losses } = contact(person, owner.id, book.item.id, groups)
  const provenance = google.provenance(resourceName, book.endpoint)
  yield { type: 'upsert', item: itemOf({ kind: 'contact', id, collection, body, raw: person, blobs, provenance }) }
  for (const loss of losses) yield { type: 'loss', loss }
}

const brokenOff = (): Fault =>
  new Fault({
    code: 'unavailable',
    what: 'Google broke off a full listing of contacts',
    remedy: 'Run again later; what was read before is kept',
    retry: { type: 'backoff' },
  })
