import type { Change } from '../../../src/contract/connector.ts'
import { Fault } from '../../../src/fault.ts'
import { GoogleFault } from '../google-fault.ts'
import { dropped } from '../map/item.ts'
import { isChat, isSystem, mail, mailId } from '../map/mail.ts'
import { markedMail, type Whole, wholeMail } from './fetch.ts'
import { inOrder } from './in-order.ts'
import { labelChanges } from './labels.ts'
import type { Reading } from './reading.ts'

/** How many mails are begun at once: what a person's budget lets through, and some that wait for their turn. */
const atOnce = 12
/** After so many refusals in a row one mail that was read before is asked for: are these mails the trouble, or everything? */
const suspicious = 5
/** So many in a row, and none was ever read. */
const hopeless = 25

/** What to do about one mail: read it with its bytes, look at what stands on it, or make sure that it is gone. */
export interface Errand {
  readonly id: string
  readonly type: 'whole' | 'marks' | 'gone'
  /** How its absence was noticed. */
  readonly why: string
}
/** Something that stands between errands, and comes out at its place. */
export interface Mark {
  readonly type: 'mark'
  readonly act: () => Change | undefined
}

type Outcome = { readonly errand: Errand } & (
  | { readonly type: 'found'; readonly whole: Whole }
  | { readonly type: 'absent' }
  | { readonly type: 'refused'; readonly fault: Fault }
)

/** What became of the errands, to be compared with how many there were. */
export interface Tally {
  stored: number
  absent: number
  chats: number
  owed: number
}
export const newTally = (): Tally => ({ stored: 0, absent: 0, chats: 0, owed: 0 })

/**
 * Runs errands in parallel and says what came of them in their order; the state follows what was said.
 * A mail that Google lists and cannot give stays owed, and its neighbours go on.
 * @throws Fault when it is not single mails that fail
 */
export async function* mails(reading: Reading, errands: AsyncIterable<Errand | Mark>, tally: Tally): AsyncGenerator<Change> {
  const { state, person, google, signal } = reading
  let inARow = 0
  let good: string | undefined = state.known.ids().next().value
  const outcomes = inOrder(
    errands,
    atOnce,
    async (errand, turn, stop) => (errand.type === 'mark' ? errand : one(reading, errand, turn, stop)),
    signal,
  )
  for await (const outcome of outcomes) {
    if (outcome.type === 'mark') {
      const change = outcome.act()
      if (change !== undefined) yield change
      continue
    }
    const { id, why } = outcome.errand
    if (outcome.type === 'refused') {
      inARow++
      if (inARow % suspicious === 0 && !(good === undefined ? inARow < hopeless : await answers(reading, good))) throw outcome.fault
      google.ports.log.warn('a mail is owed', { person: person.id, mail: id, why: outcome.fault.message })
      state.owed.add(id)
      tally.owed++
      continue
    }
    inARow = 0
    state.owed.delete(id)
    if (outcome.type === 'absent') {
      tally.absent++
      const chat = isChat(state.known.labels(id))
      if (!state.known.has(id)) continue
      state.known.delete(id)
      if (!chat) yield { type: 'delete', id: mailId(person.id, id), evidence: `${why}; messages.get answered 404` }
    } else {
      good = id
      yield* found(reading, outcome.whole, tally)
    }
  }
}

async function* found(reading: Reading, whole: Whole, tally: Tally): AsyncGenerator<Change> {
  const { state, person, collection, google, strangers } = reading
  const { id, labelIds } = whole.message
  if (isChat(labelIds)) {
    tally.chats++
    if (!state.known.has(id))
      yield { type: 'loss', loss: dropped(mailId(person.id, id), 'withheld-by-source', 'a pseudo mail of Chat: it has no RFC 822 form') }
    state.known.set(id, labelIds)
    return
  }
  // A label nobody has told us of yet: made a moment ago.
  const strange = labelIds.filter((label) => isStrange(reading, label))
  if (strange.length > 0) {
    yield* labelChanges(reading)
    for (const label of strange) if (!state.labels.has(label)) strangers.add(label)
  }
  const provenance = google.provenance(id, 'gmail.messages.get')
  const { item, losses } = mail(whole, { person, collection, mailboxes: state.labels, provenance })
  yield { type: 'upsert', item }
  for (const loss of losses) yield { type: 'loss', loss }
  state.known.set(id, labelIds)
  tally.stored++
}

/** A label of a person's that is in no list of ours. */
export const isStrange = ({ state, strangers }: Reading, label: string): boolean =>
  !isSystem(label) && !state.labels.has(label) && !strangers.has(label)

async function answers(reading: Reading, id: string): Promise<boolean> {
  const outcome = await one(reading, { id, type: 'whole', why: '' }, Promise.resolve(), reading.signal)
  return outcome.type !== 'refused'
}

async function one(reading: Reading, errand: Errand, turn: Promise<void>, signal: AbortSignal): Promise<Outcome> {
  const asking = { ...reading, signal }
  try {
    const whole = errand.type === 'whole' ? await wholeMail(asking, errand.id, turn) : await markedMail(asking, errand.id)
    return { type: 'found', errand, whole }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Fault)) throw error
    if (error.code === 'gone') return { type: 'absent', errand }
    if (isOfOneMail(error)) return { type: 'refused', errand, fault: error }
    throw error
  }
}

/** Refusals that another mail need not meet; tokens, quotas and broken connections are everybody's. */
const isOfOneMail = (fault: Fault): boolean =>
  fault.code === 'corrupt' ||
  (fault instanceof GoogleFault && (fault.code === 'rejected' || (fault.code === 'unavailable' && fault.retry.type === 'backoff')))
