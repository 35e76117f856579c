import type { Change } from '../../../src/contract/connector.ts'
import type { Cursor } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import type { Google, GooglePerson } from '../google.ts'
import { dropped } from '../map/item.ts'
import { mailId } from '../map/mail.ts'
import { comparison } from './compare.ts'
import { fullListing, profileOf } from './full.ts'
import { historyChanges } from './history.ts'
import { labelChanges } from './labels.ts'
import { type Errand, mails, newTally } from './mails.ts'
import { type Asking, mailCollection, type Reading } from './reading.ts'
import { settingsChanges } from './settings.ts'
import { decode, encode, newState } from './state.ts'

const day = 86_400_000

/**
 * Mailboxes, settings and mails of one person. The first time everything is listed, later Gmail's history tells; if it has forgotten,
 * everything is compared by lists. Labels and settings have no history and are read again every `settingsDays`, or when a mail carries a
 * label nobody has told us of.
 */
export async function* mailChanges(
  google: Google,
  person: GooglePerson,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const gmail = await google.gmail(person)
  const stored = since === undefined ? undefined : decode(since)
  const broken = since !== undefined && stored === undefined
  if (broken) yield { type: 'reset', why: 'the cursor was written by another version' }
  const state = stored ?? (await begin({ google, person, gmail, signal }))
  const reading: Reading = { google, person, gmail, collection: mailCollection(person), state, strangers: new Set(), signal }
  const now = google.ports.clock.now().getTime()

  if (state.lookedAt === 0 || now - state.lookedAt >= google.config.settingsDays * day) {
    yield* labelChanges(reading)
    yield* settingsChanges(reading)
    state.lookedAt = now
  }
  if (state.owed.size > 0) yield* owed(reading)
  const first = state.listing
  if (first !== null) {
    yield { type: 'checkpoint', cursor: encode(state) }
    yield* fullListing(reading, broken ? 'marks' : 'whole')
  }
  let moved = yield* historyChanges(reading)
  if (moved === undefined) {
    google.ports.log.warn('Gmail has forgotten the point of history; everything is compared', { person: person.id })
    yield* comparison(reading)
    moved = yield* historyChanges(reading)
  }
  if (state.orphans.size > 0) yield* orphaned(reading)
  if (first !== null) yield* counted(reading, first.total, moved?.touched ?? 0)
  yield { type: 'checkpoint', cursor: encode(state) }
  if (state.owed.size > 0) throw owes(person, state.owed.size)
}

/** The point of history comes first: whatever happens during the listing is in the history since then. */
async function begin(asking: Asking): Promise<Reading['state']> {
  const { historyId, messagesTotal } = await profileOf(asking)
  return newState(historyId, messagesTotal)
}

/** Mails that Google could not give last time. */
async function* owed(reading: Reading): AsyncGenerator<Change> {
  const ids = [...reading.state.owed]
  async function* errands(): AsyncGenerator<Errand> {
    for (const id of ids) yield { id, type: 'whole', why: 'owed since an earlier run' }
  }
  yield* mails(reading, errands(), newTally())
}

/** Mails that carried a label which was deleted: its end is not always told of each of them. */
async function* orphaned(reading: Reading): AsyncGenerator<Change> {
  const { known, orphans } = reading.state
  const ids = [...known.ids()].filter((id) => known.labels(id).some((label) => orphans.has(label)))
  async function* errands(): AsyncGenerator<Errand> {
    for (const id of ids) yield { id, type: 'marks', why: 'a label was deleted' }
  }
  yield* mails(reading, errands(), newTally())
  orphans.clear()
}

/** Says aloud if Gmail counts more mails than it listed and nothing that happened meanwhile explains it. */
async function* counted(reading: Reading, total: number, moved: number): AsyncGenerator<Change> {
  const { state, person } = reading
  const { messagesTotal } = await profileOf(reading)
  const least = Math.min(total, messagesTotal) - moved
  const have = state.known.size + state.owed.size
  if (have >= least) return
  const detail = `Gmail counts ${least} mails or more and lists ${have}`
  yield { type: 'loss', loss: dropped(mailId(person.id, 'unlisted'), 'withheld-by-source', detail) }
}

const owes = (person: GooglePerson, count: number): Fault =>
  new Fault({
    code: 'unavailable',
    what: `${count} mails of ${person.id} are listed and could not be read`,
    why: 'Google answered with errors for each of them, several times',
    remedy: 'Everything else is stored; the next run asks for them again',
    retry: { type: 'backoff' },
  })
