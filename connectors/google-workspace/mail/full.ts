import type { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import { Fault } from '../../../src/fault.ts'
import { GoogleFault } from '../google-fault.ts'
import { type Errand, mails, type Mark, newTally } from './mails.ts'
import { ask, type Asking, type Reading } from './reading.ts'
import { encode } from './state.ts'
import { ListPage, Profile } from './wire.ts'

/** A cursor names every mail, so above this number checkpoints become rarer than pages. */
const everyPageBelow = 20_000

export const profileOf = (reading: Asking): Promise<z.infer<typeof Profile>> =>
  ask(reading, 'getProfile', Profile, (options) => reading.gmail.users.getProfile({ userId: reading.person.address }, options))

/** Pages of ids, newest first, spam and trash included. @throws GoogleFault `rejected` for a page token that ended */
export async function* idPages(
  reading: Reading,
  from: string | null,
  label?: string,
): AsyncGenerator<{ readonly ids: readonly string[]; readonly next: string | null }> {
  const { gmail, person } = reading
  let pageToken = from
  do {
    const query = {
      userId: person.address,
      includeSpamTrash: true,
      maxResults: 500,
      fields: 'nextPageToken,messages/id',
      ...(label === undefined ? {} : { labelIds: [label] }),
      ...(pageToken === null ? {} : { pageToken }),
    }
    const page = await ask(reading, 'messages.list', ListPage, (options) => gmail.users.messages.list(query, options))
    pageToken = page.nextPageToken ?? null
    yield { ids: page.messages.map(({ id }) => id), next: pageToken }
  } while (pageToken !== null)
}

/**
 * Everything there is, page by page; what arrives meanwhile is in the history since it began. A page's mails are said before the
 * checkpoint that names the next page. `how`: bytes come along, or are asked for only if they are not stored.
 * @throws Fault when not every mail that was listed has become something
 */
export async function* fullListing(reading: Reading, how: 'whole' | 'marks'): AsyncGenerator<Change> {
  const { state, person } = reading
  const { listing } = state
  if (listing === null) return
  const tally = newTally()
  let again = 0
  let listed = 0
  let since = 0
  async function* errands(): AsyncGenerator<Errand | Mark> {
    for await (const { ids, next } of pagesOrAnew(reading, listing?.token ?? null)) {
      for (const id of ids) {
        listed++
        if (state.known.has(id) || state.owed.has(id)) again++
        else yield { id, type: how, why: 'listed a moment ago' }
      }
      yield {
        type: 'mark',
        act() {
          since++
          state.listing = { token: next, listed: state.known.size, total: listing?.total ?? 0 }
          if (next === null || since * everyPageBelow < state.known.size) return undefined
          since = 0
          return { type: 'checkpoint', cursor: encode(state) }
        },
      }
    }
  }
  yield* mails(reading, errands(), tally)
  const { stored, absent, chats, owed } = tally
  if (listed !== stored + absent + chats + owed + again)
    throw new Fault({
      code: 'unavailable',
      what: `${listed} mails of ${person.id} were listed and ${stored} read`,
      why: `${absent} were deleted meanwhile, ${chats} are of Chat, ${again} were known, ${owed} are owed; some are neither`,
      remedy: 'Run again: what is missing is read; if it stays, report it as a defect',
      retry: { type: 'backoff' },
    })
  state.listing = null
}

/** A page token of an earlier run may have ended: the list then begins anew, and what is known is passed over. */
async function* pagesOrAnew(reading: Reading, from: string | null): ReturnType<typeof idPages> {
  let begun = false
  try {
    for await (const page of idPages(reading, from)) {
      begun = true
      yield page
    }
  } catch (error) {
    if (from === null || begun || !(error instanceof GoogleFault) || error.code !== 'rejected') throw error
    yield* idPages(reading, null)
  }
}
