import type { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import { GoogleFault } from '../google-fault.ts'
import { labelChanges } from './labels.ts'
import { type Errand, isStrange, mails, type Mark, newTally } from './mails.ts'
import { ask, type Reading } from './reading.ts'
import { encode } from './state.ts'
import { HistoryPage } from './wire.ts'

/** So many errands are done between checkpoints. */
const stride = 500
const fields =
  'historyId,nextPageToken,history(messagesAdded(message(id,labelIds)),messagesDeleted(message(id)),labelsAdded(message(id),labelIds),labelsRemoved(message(id),labelIds))'

/** What happened since a point of history. `undefined`: Gmail has forgotten that point. */
interface Happened {
  readonly historyId: string
  /** Mails in the order in which they were first touched, and whether the last word was that they are gone. */
  readonly touched: ReadonlyMap<string, 'here' | 'gone'>
  readonly labels: ReadonlySet<string>
}

/** How much came and went, for those who counted meanwhile. */
export interface Moved {
  readonly touched: number
}

/**
 * What changed since the state's point of history, and moves it on. One request if nothing did.
 * @returns undefined if Gmail has forgotten that point: everything has to be compared
 */
export async function* historyChanges(reading: Reading): AsyncGenerator<Change, Moved | undefined> {
  const { state } = reading
  const happened = await since(reading, state.history)
  if (happened === undefined) return undefined
  const { historyId, touched, labels } = happened
  if ([...labels].some((label) => isStrange(reading, label))) yield* labelChanges(reading)
  let done = 0
  async function* errands(): AsyncGenerator<Errand | Mark> {
    for (const [id, last] of touched) {
      const why = `messagesDeleted in the history since ${state.history}`
      if (state.known.has(id)) yield { id, type: last === 'gone' ? 'gone' : 'marks', why }
      else if (last === 'here') yield { id, type: 'whole', why }
      else continue
      // A cursor in the middle keeps its old point of history: what is known by then costs a look and not its bytes.
      if (++done % stride === 0) yield { type: 'mark', act: () => ({ type: 'checkpoint', cursor: encode(state) }) }
    }
  }
  yield* mails(reading, errands(), newTally())
  state.history = historyId
  return { touched: touched.size }
}

/** Reads all pages. Of several, the first one's id counts: what happens while they are read comes again with the next run. */
async function since(reading: Reading, startHistoryId: string): Promise<Happened | undefined> {
  const { gmail, person } = reading
  const touched = new Map<string, 'here' | 'gone'>()
  const labels = new Set<string>()
  let historyId: string | undefined
  let pageToken: string | undefined
  do {
    const query = { userId: person.address, startHistoryId, maxResults: 500, fields, ...(pageToken === undefined ? {} : { pageToken }) }
    let page: z.infer<typeof HistoryPage>
    try {
      page = await ask(reading, 'history.list', HistoryPage, (options) => gmail.users.history.list(query, options))
    } catch (error) {
      if (error instanceof GoogleFault && error.status === 404) return undefined
      throw error
    }
    historyId ??= page.historyId
    pageToken = page.nextPageToken
    for (const { messagesAdded, messagesDeleted, labelsAdded, labelsRemoved } of page.history) {
      for (const { message, labelIds } of [...messagesAdded, ...labelsAdded, ...labelsRemoved]) {
        touched.set(message.id, 'here')
        for (const label of [...message.labelIds, ...labelIds]) labels.add(label)
      }
      for (const { message } of messagesDeleted) touched.set(message.id, 'gone')
    }
  } while (pageToken !== undefined)
  return { historyId, touched, labels }
}
