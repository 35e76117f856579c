import type { Change } from '../../../src/contract/connector.ts'
import type { Cursor } from '../../../src/contract/ids.ts'
import type { Wire } from '../wire.ts'
import { details, objectHash } from './details.ts'
import type { Reader } from './reader.ts'
import { scan, type Scan } from './scan.ts'
import { ChannelState, type Listing } from './state.ts'

export interface Windows {
  readonly rescanDays: number
  readonly sweepDays: number
}
const day = 86_400_000
/** So many messages fit into one call; a window of them costs what a window of one message costs. */
const onePage = 900

/** The changes of one channel since a cursor: one call when nothing changed in its newest 900 messages. */
export async function* channelChanges(
  reader: Reader,
  object: Wire,
  id: string,
  since: Cursor | undefined,
  windows: Windows,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const read = since === undefined ? new ChannelState() : ChannelState.decode(since)
  if (read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const state = read ?? new ChannelState()
  const now = reader.ports.clock.now().getTime()
  const due = state.swept !== null && now - Date.parse(state.swept) >= windows.sweepDays * day
  const first = state.swept === null
  const stale = first || due || objectHash(object) !== state.object
  if (stale) yield* details(reader, state, object, signal)
  const noticed = { details: false }
  const run = async function* (listing: Listing): AsyncGenerator<Change> {
    const started: Scan = { reader, state, channel: id, listing, warm: (now - windows.rescanDays * day) * 1000, noticed }
    let pages = 0
    for await (const change of scan(started, signal)) {
      if (change !== undefined) yield change
      // Between a reset and the end of its listing nothing may be called complete; and a large state is not written for every page.
      else if (read !== undefined && (pages += 1) > Math.floor(state.size / 20_000)) {
        pages = 0
        yield { type: 'checkpoint', cursor: state.encode() }
      }
    }
    if (listing.sweep !== null) state.swept = listing.sweep
  }
  const resumed = state.listing
  if (resumed !== undefined) yield* run(resumed)
  // A day ahead, for clocks that differ.
  const before = (now + day) * 1000
  const everything = state.swept === null || (due && resumed?.sweep == null)
  yield* run({ oldest: everything ? 0 : windowStart(state, now, windows), before, sweep: everything ? new Date(now).toISOString() : null })
  if (noticed.details && !stale) yield* details(reader, state, object, signal)
  yield { type: 'checkpoint', cursor: state.encode() }
}

/** Microseconds. The window reaches back by days or by one call's worth of messages, whichever is further. */
function windowStart(state: ChannelState, now: number, { rescanDays }: Windows): number {
  const known = state.newestFirst(Infinity)
  const first = known[onePage - 1]
  return first === undefined ? 0 : Math.min(first, (now - rescanDays * day) * 1000)
}
