import { hash } from 'node:crypto'
import type { Change } from '../../../src/contract/connector.ts'
import { type CollectionId, collectionId } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { mail, mailExpand, mailFields } from '../map/mail.ts'
import { text, type Wire } from '../wire.ts'
import type { Folder } from './folders.ts'
import type { MailState } from './state.ts'

/** One pass over one mailbox. */
export interface Run {
  readonly graph: Graph
  readonly person: GraphPerson
  readonly collection: CollectionId
  readonly state: MailState
  folders: ReadonlyMap<string, Folder>
  /** Everything is listed: nothing was ever read, or what was read is not to be trusted. */
  full: boolean
  /** Until its end nothing may be called complete. */
  quiet: boolean
  /** No delta queries: this mailbox is too full to write down their state. */
  listOnly: boolean
  /** In a full pass, for each folder: mails named by earlier runs, and hashes of those named by this one. */
  readonly present: Map<string, { readonly before: number; readonly mails: Set<number> }>
  /** Mails named in this pass and where, in a pass that is not a full one. */
  readonly seen: Map<string, string>
  /** How many mails were named in each folder in this pass, and how many were said to have left it. */
  readonly touched: Map<string, { named: number; left: number }>
}

export function newRun(graph: Graph, person: GraphPerson, state: MailState, folders: ReadonlyMap<string, Folder>): Run {
  const collection = collectionId(`mail/${person.id}`)
  const full = state.phase !== 'steady'
  return {
    graph,
    person,
    collection,
    state,
    folders,
    full,
    quiet: false,
    listOnly: false,
    present: new Map(),
    seen: new Map(),
    touched: new Map(),
  }
}

/** 48 bits of a name: two mails of one folder of a million share them once in 500 mailboxes, and then one of them is counted twice. */
export const brief = (id: string): number => Number.parseInt(hash('sha256', id).slice(0, 12), 16)

/** What is said of one mail, and the note that it was. */
export function* named(run: Run, raw: Wire, native: string, folder: string, endpoint: string): Generator<Change> {
  const { graph, person, collection, state } = run
  const place = { person: person.id, folder, collection, built: state.built.has(native) }
  const mapped = mail(raw, native, place, graph.provenance(native, endpoint))
  state.removed.delete(native)
  touchedIn(run, folder).named += 1
  if (run.full) presentIn(run, folder).add(brief(native))
  else run.seen.set(native, folder)
  if (mapped.item !== undefined) yield { type: 'upsert', item: mapped.item }
  for (const loss of mapped.losses) yield { type: 'loss', loss }
}

export function touchedIn({ touched }: Run, folder: string): { named: number; left: number } {
  const known = touched.get(folder) ?? { named: 0, left: 0 }
  touched.set(folder, known)
  return known
}
export function presentIn({ present, state }: Run, folder: string): Set<number> {
  const known = present.get(folder) ?? { before: state.folder(folder).named, mails: new Set<number>() }
  present.set(folder, known)
  return known.mails
}
/** Notes how many mails were named in each folder. */
export function countNamed({ present, state }: Run): void {
  for (const [folder, { before, mails }] of present) state.folder(folder).named = before + mails.size
}

/** One mail as it is now, wherever it is; undefined when it is nowhere. */
export async function lookUp({ graph, person, state }: Run, native: string, signal: AbortSignal): Promise<Wire | undefined> {
  const query = { $select: mailFields, ...(state.plain ? {} : { $expand: mailExpand }) }
  try {
    const found = (await graph.get(`/users/${seg(person.id)}/messages/${seg(native)}`, query, {}, signal)) as Wire
    return text(found['id']) === undefined ? undefined : found
  } catch (error) {
    if (error instanceof Fault && error.code === 'gone') return undefined
    throw error
  }
}
