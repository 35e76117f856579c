import type { RateLimit } from '../contract/ports.ts'

/**
 * What is known of one budget. Times are epoch milliseconds, so that processes can share it.
 * A grant is `open` from the moment it is given until its body has settled. The vendor counts the request somewhere between grant and
 * answer, so it takes up its place in the window from the grant until one whole window after the answer: strict at the vendor, whatever
 * the network does in between.
 */
export interface BucketState {
  /** Units per window we dare to use; at most the budget, lowered by refusals and raised slowly again. */
  allowed: number
  loweredAt: number
  raisedAt: number
  /** The vendor said wait (Retry-After): from when, until when. */
  pausedAt: number
  pausedUntil: number
  open: OpenGrant[]
  /** Ascending by time. */
  spent: Spend[]
}
export interface OpenGrant {
  readonly token: string
  readonly units: number
  leaseUntil: number
  answered: boolean
}
export interface Spend {
  at: number
  units: number
}

/** Whether a need can be met: now, at a known time, or once an open grant is answered or released. */
export type Readiness =
  | { readonly type: 'now' }
  | { readonly type: 'at'; readonly ms: number; readonly why: 'pause' | 'rate' }
  | { readonly type: 'waits'; readonly why: 'concurrency' | 'rate'; readonly leaseUntil: number }

/** More than any window can hold: a budget nobody has set. Not Infinity, which JSON cannot hold. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER
/** After a refusal the budget shrinks to this share, at most once a window. */
const LOWER_TO = 0.75
/** It grows by this share of the full budget per window, or per minute where windows are shorter. */
const RAISE_BY = 0.05
const RAISE_EVERY_MS = 60_000
/** Beyond so many entries per window, spends are kept in slots; a slot counts as its latest moment, so rounding never loosens the limit. */
const SLOTS_PER_WINDOW = 512

export const newBucket = (limit: RateLimit): BucketState => ({
  allowed: limit.requests,
  loweredAt: 0,
  raisedAt: 0,
  pausedAt: 0,
  pausedUntil: 0,
  open: [],
  spent: [],
})

/** Brings a bucket up to `now`: forgets what left the window, ends expired leases, raises a lowered budget. */
export function refresh(state: BucketState, limit: RateLimit, now: number): void {
  calmAfterClockStep(state, limit, now)
  const expired = state.open.filter((grant) => grant.leaseUntil <= now)
  for (const grant of expired) close(state, limit, grant.token, grant.leaseUntil)
  let gone = 0
  while (gone < state.spent.length && freeAt(state.spent[gone]?.at ?? 0, limit) <= now) gone += 1
  if (gone > 0) state.spent.splice(0, gone)
  if (state.allowed > limit.requests) state.allowed = limit.requests
  if (state.allowed < limit.requests) raise(state, limit, now)
}

export function readiness(state: BucketState, limit: RateLimit, cost: number, now: number): Readiness {
  if (state.pausedUntil > now) return { type: 'at', ms: state.pausedUntil, why: 'pause' }
  const soonestLease = state.open.reduce((least, grant) => Math.min(least, grant.leaseUntil), Infinity)
  if (state.open.length >= limit.concurrency) return { type: 'waits', why: 'concurrency', leaseUntil: soonestLease }
  let excess = unitsOf(state, cost) - state.allowed
  for (const grant of state.open) if (!grant.answered) excess += grant.units
  for (const spend of state.spent) excess += spend.units
  if (excess <= 0) return { type: 'now' }
  for (const spend of state.spent) {
    excess -= spend.units
    if (excess <= 0) return { type: 'at', ms: freeAt(spend.at, limit), why: 'rate' }
  }
  return { type: 'waits', why: 'rate', leaseUntil: soonestLease }
}

export function grant(state: BucketState, cost: number, token: string, leaseUntil: number): void {
  state.open.push({ token, units: unitsOf(state, cost), leaseUntil, answered: false })
}

/** The vendor has counted the request by now. */
export function answer(state: BucketState, limit: RateLimit, token: string, now: number): void {
  const grant = state.open.find((open) => open.token === token)
  if (grant === undefined || grant.answered) return
  grant.answered = true
  spend(state, limit, now, grant.units)
}

/** The body has settled: the connection is free again. */
export function close(state: BucketState, limit: RateLimit, token: string, now: number): void {
  answer(state, limit, token, now)
  state.open = state.open.filter((open) => open.token !== token)
}

/** The lease of a grant holds longer. One that had run out counts as in flight again. */
export function renew(state: BucketState, token: string, leaseUntil: number): void {
  const grant = state.open.find((open) => open.token === token)
  if (grant === undefined) state.open.push({ token, units: 0, leaseUntil, answered: true })
  else grant.leaseUntil = leaseUntil
}

/** Nobody uses this budget before `until`. */
export function pause(state: BucketState, now: number, until: number): void {
  if (until <= state.pausedUntil) return
  state.pausedAt = now
  state.pausedUntil = until
}

/** The vendor refused although we kept the budget: dare less. Refusals of one burst count once. */
export function lower(state: BucketState, limit: RateLimit, now: number): void {
  if (now - state.loweredAt <= limit.perMs) return
  state.allowed = Math.max(1, Math.floor(state.allowed * LOWER_TO))
  state.loweredAt = now
  state.raisedAt = now
}

/** A window is closed at both ends, so one more millisecond must pass. */
const freeAt = (at: number, limit: RateLimit): number => at + limit.perMs + 1

/** A cost beyond the whole budget takes all of it: slower than asked, but it comes through. */
const unitsOf = (state: BucketState, cost: number): number => Math.min(cost, state.allowed)

function spend(state: BucketState, limit: RateLimit, now: number, units: number): void {
  if (units === 0 || limit.requests === UNLIMITED) return
  const slotMs = limit.requests > SLOTS_PER_WINDOW ? Math.ceil(limit.perMs / SLOTS_PER_WINDOW) : 1
  const at = Math.ceil(now / slotMs) * slotMs
  const last = state.spent.at(-1)
  if (last === undefined || last.at < at) state.spent.push({ at, units })
  else if (last.at === at) last.units += units
  else {
    const later = state.spent.findIndex((spend) => spend.at > at)
    state.spent.splice(later, 0, { at, units })
  }
}

function raise(state: BucketState, limit: RateLimit, now: number): void {
  const everyMs = Math.max(limit.perMs, RAISE_EVERY_MS)
  const steps = Math.floor((now - state.raisedAt) / everyMs)
  if (steps <= 0) return
  state.allowed = Math.min(limit.requests, state.allowed + steps * Math.max(1, Math.floor(limit.requests * RAISE_BY)))
  state.raisedAt += steps * everyMs
}

/** Somebody set the clock back: what seems to lie in the future is taken as of now, so the wait stays one window at most. */
function calmAfterClockStep(state: BucketState, limit: RateLimit, now: number): void {
  if (state.pausedAt > now) {
    state.pausedUntil = now + (state.pausedUntil - state.pausedAt)
    state.pausedAt = now
  }
  for (const spend of state.spent) if (spend.at > now + limit.perMs) spend.at = now
  if (state.loweredAt > now) state.loweredAt = now
  if (state.raisedAt > now) state.raisedAt = now
}
