import type { Change } from '../../../src/contract/connector.ts'
import { Fault } from '../../../src/fault.ts'
import { seg, type Page } from '../graph.ts'
import { inTurns } from '../in-turns.ts'
import { GraphFault } from '../graph-fault.ts'
import { mailExpand, mailFields } from '../map/mail.ts'
import { text, type Wire } from '../wire.ts'
import { countNamed, lookUp, named, touchedIn, type Run } from './run.ts'

const pageSize = 500
const prefer = [`odata.maxpagesize=${pageSize}`]
const listPageSize = 500

/** Goes on with the listing of one folder. After each page its place is noted in the state, and `undefined` is yielded. */
export async function* readFolder(run: Run, folder: string, signal: AbortSignal): AsyncGenerator<Change | undefined> {
  const known = run.state.folder(folder)
  for await (const page of run.listOnly ? wholeListing(run, folder, signal) : deltaPages(run, folder, signal)) {
    const sparse: string[] = []
    for (const raw of page.value) {
      const native = text(raw['id'])
      if (native === undefined || native === '') continue
      if (raw['@removed'] !== undefined) {
        touchedIn(run, folder).left += 1
        // Named in another folder in this pass already: it moved there.
        if ((run.seen.get(native) ?? folder) === folder) run.state.removed.add(native)
      } else if (text(raw['parentFolderId']) === undefined) sparse.push(native)
      else yield* named(run, raw, native, whereIs(run, raw, folder), '/messages/delta')
    }
    // Where nothing but the flag of having been read changed, Graph says nothing but that.
    for await (const [native, raw] of inTurns(sparse, (id) => lookUp(run, id, signal))) {
      if (raw === undefined) {
        touchedIn(run, folder).left += 1
        run.state.removed.add(native)
      } else yield* named(run, raw, native, whereIs(run, raw, folder), '/messages')
    }
    if (run.full) countNamed(run)
    if (!run.listOnly) known.link = linkOf(page)
    known.done ||= page.deltaLink !== undefined
    yield undefined
  }
}

/** The folder a mail says it is in may be a newer truth than the listing it stands in. */
function whereIs(run: Run, raw: Wire, listed: string): string {
  const said = text(raw['parentFolderId'])
  return said !== undefined && run.folders.has(said) ? said : listed
}

function linkOf({ nextLink, deltaLink }: Page): string {
  const link = nextLink ?? deltaLink
  if (link !== undefined) return link
  throw new Fault({
    code: 'unavailable',
    what: 'A listing of mails ended without saying where it goes on',
    why: 'the answer has neither a next link nor a delta link',
    remedy: 'Run again',
    retry: { type: 'backoff' },
  })
}

async function* deltaPages(run: Run, folder: string, signal: AbortSignal): AsyncGenerator<Page> {
  const { graph, person, state } = run
  const { link } = state.folder(folder)
  if (link !== undefined) {
    yield* graph.pages(link, {}, { prefer }, signal)
    return
  }
  const path = `/users/${seg(person.id)}/mailFolders/${seg(folder)}/messages/delta`
  try {
    const query = { $select: mailFields, ...(state.plain ? {} : { $expand: mailExpand }) }
    yield* graph.pages(path, query, { prefer }, signal)
  } catch (error) {
    // Answered and forwarded are worth asking for, and not worth failing for.
    if (state.plain || state.folder(folder).link !== undefined || !(error instanceof GraphFault) || error.status !== 400) throw error
    state.plain = true
    yield* graph.pages(path, { $select: mailFields }, { prefer }, signal)
  }
}

const wholeListing = ({ graph, person }: Run, folder: string, signal: AbortSignal): AsyncGenerator<Page> =>
  graph.pages(
    `/users/${seg(person.id)}/mailFolders/${seg(folder)}/messages`,
    { $select: mailFields, $top: listPageSize, $orderby: 'receivedDateTime' },
    {},
    signal,
  )
