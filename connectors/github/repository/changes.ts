import type { Change } from '../../../src/contract/connector.ts'
import type { Cursor } from '../../../src/contract/ids.ts'
import type { AtHand } from '../blob.ts'
import type { Part } from '../config.ts'
import { refused } from '../github-fault.ts'
import type { Github } from '../github.ts'
import type { Listed } from '../listing.ts'
import { degraded, placeOf } from '../map/item.ts'
import type { Mapping } from '../map/mapping.ts'
import { brief } from './brief.ts'
import { comments, commitComments, reviewComments } from './comments.ts'
import { discussions } from './discussions.ts'
import { events } from './events.ts'
import { readGit, said } from './git.ts'
import { issues } from './issues.ts'
import { labels, milestones, releases } from './lists.ts'
import { checkpoint, type Reading, type RepositoryPart } from './reading.ts'
import { settings } from './settings.ts'
import { RepositoryState } from './state.ts'
import { sweep } from './sweep.ts'

/** In this order: a comment needs to know whether its number is an issue or a change request. */
const parts: readonly (readonly [RepositoryPart, Part | undefined])[] = [
  [labels, undefined],
  [milestones, undefined],
  [issues, 'issues'],
  [comments, 'issues'],
  [reviewComments, 'issues'],
  [events, 'issues'],
  [discussions, 'discussions'],
  [commitComments, 'issues'],
  [releases, 'releases'],
  [settings, 'settings'],
]

export interface Repository {
  readonly listed: Listed
  readonly raw: unknown
  readonly repository: Mapping['repository']
}

/**
 * Everything of one repository that is new. What the list says tells which parts are worth asking; git is asked every time. A part that is refused
 * is a loss of that part, and is tried again every night.
 */
export async function* repositoryChanges(
  github: Github,
  { listed, raw, repository }: Repository,
  since: Cursor | undefined,
  atHand: AtHand,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const decoded = since === undefined ? undefined : RepositoryState.decode(since)
  if (since !== undefined && decoded === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const state = decoded ?? RepositoryState.empty(listed.nameWithOwner)
  state.rename(listed.nameWithOwner)
  const day = Math.floor(github.ports.clock.now().getTime() / 86_400_000)
  const sweeping = state.swept !== null && isDue(listed.databaseId, state.swept, day, github.config.sweepDays)
  const reading: Reading = {
    github,
    listed,
    raw,
    state,
    sweeping,
    mapping: {
      place: placeOf(listed.databaseId, listed.nameWithOwner, (native, endpoint) => github.provenance(native, endpoint)),
      hosts: [github.config.webUrl],
      repository,
    },
    path: `/repos/${listed.nameWithOwner}`,
    signal,
  }
  // Of a blocked repository GitHub gives nothing but its description, and settings say so.
  for (const [part, wanted] of listed.isDisabled ? parts.filter(([part]) => part === settings) : parts)
    if (wanted === undefined || github.config.read.includes(wanted)) yield* readPart(reading, part)
  if (github.config.read.includes('issues') && !listed.isDisabled && (sweeping || missesSomething(reading))) {
    yield* guarded(reading, 'sweep', sweep(reading))
    yield checkpoint(reading)
    // A label was renamed: every issue that bears it is another one now.
    if (!state.lines.has(issues.name)) yield* readPart(reading, issues)
  }
  yield* readGit(reading, atHand)
  if (sweeping || state.swept === null) {
    state.swept = day
    yield checkpoint(reading)
  }
}

async function* readPart(reading: Reading, part: RepositoryPart): AsyncGenerator<Change> {
  const { state, listed, sweeping } = reading
  const line = part.line(listed) ?? 'none'
  const before = state.lines.get(part.name)
  if (before === line && !(sweeping && part.swept && line !== 'none')) return
  // Nothing there now: what was there is found to be missing by the part itself, if there ever was anything.
  if (line === 'none' && before === undefined) return
  const refusal = yield* guarded(reading, part.name, part.read(reading))
  if (!refusal) state.lines.set(part.name, line)
  yield checkpoint(reading)
}

/** What a part yields, with its losses held back until it is known whether they are new. @returns whether the part was refused */
async function* guarded(reading: Reading, part: string, changes: AsyncGenerator<Change>): AsyncGenerator<Change, boolean> {
  const losses: Change[] = []
  let refusal = false
  try {
    for await (const change of changes) {
      if (change.type === 'loss') losses.push(change)
      else yield change
    }
  } catch (error) {
    if (!refused(error)) throw error
    refusal = true
    losses.push({ type: 'loss', loss: degraded(reading.mapping.place.item, part, 'withheld-by-source', error.message) })
  }
  yield* said(reading, part, losses)
  return refusal
}

/** The list counts fewer issues, change requests or discussions than were seen. */
function missesSomething({ listed, state: { known } }: Reading): boolean {
  const fewer = (list: { readonly total: number } | null, kind: Parameters<typeof known.count>[0]): boolean =>
    list !== null && known.count(kind) > list.total
  return fewer(listed.issues, 'issue') || fewer(listed.pullRequests, 'change-request') || fewer(listed.discussions, 'discussion')
}

/** Each repository has a night of its own within the period, so that no night has them all. One that was passed over is due at once. */
export function isDue(id: number, swept: number, day: number, period: number): boolean {
  if (day <= swept || period === 0) return period === 0
  return day % period === brief(String(id)) % period || day - swept >= period
}
