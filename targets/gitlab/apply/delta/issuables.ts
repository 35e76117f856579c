import type { Loss } from '../../../../src/contract/fidelity.ts'
import type { JsonObject } from '../../../../src/contract/json.ts'
import type { Fields } from '../../../../src/contract/target.ts'
import { Fault } from '../../../../src/fault.ts'
import { projectPath } from '../../api/client.ts'
import { Issue, MergeRequest } from '../../api/wire.ts'
import { issueFields, mergeRequestFields } from '../../file/expect.ts'
import type { IssueOperation, MergeRequestOperation, Who } from '../../operations.ts'
import { issueRemote, mergeRequestRemote } from '../../remote.ts'
import { recalledLosses } from '../memory.ts'
import { milestoneOf } from '../settle.ts'
import type { StockRow } from '../stock.ts'
import { degraded, dropped, isRefused } from '../work.ts'
import type { Authors } from './authors.ts'
import { type Delta, isPending, keepAsItIs } from './delta.ts'
import { MilestoneIds } from './places.ts'
import { withUploads } from './uploads.ts'

/** Changed issues and merge requests; new ones have come already. */
export async function changeIssuables(delta: Delta, authors: Authors, signal: AbortSignal): Promise<void> {
  const { work, project } = delta
  const milestones = new MilestoneIds(delta)
  for (const kind of ['issue', 'merge-request'] as const)
    for (const op of work.spool.part<IssueOperation | MergeRequestOperation>(project.project, kind)) {
      signal.throwIfAborted()
      if (work.stock.result(op.key) !== undefined) continue
      const row = work.stock.of(op.key)
      if (!isPending(row) || row.known?.notes['failed'] === true) {
        keepAsItIs(delta, op)
        continue
      }
      await change({ delta, authors, milestones }, op, row, signal)
      work.context.progress('changes', 0, undefined)
    }
}

interface Changing {
  readonly delta: Delta
  readonly authors: Authors
  readonly milestones: MilestoneIds
}
async function change(
  { delta, authors, milestones }: Changing,
  op: IssueOperation | MergeRequestOperation,
  row: StockRow,
  signal: AbortSignal,
): Promise<void> {
  const { work, project, id, titles } = delta
  const { client, stock, people } = work
  const { key, item, iid } = op
  const issue = op.type === 'issue'
  const remote = issue ? issueRemote(project.project, iid) : mergeRequestRemote(project.project, iid)
  const path = projectPath(id, `/${issue ? 'issues' : 'merge_requests'}/${iid}`)
  /** People that a field is to name; nothing if it names them already. */
  const named = async (field: string, wanted: readonly Who[], standing: readonly { readonly id: number }[] | null | undefined) => {
    const ids = wanted.map((who) => people.of(who).id)
    if (new Set(ids).symmetricDifference(new Set((standing ?? []).map((one) => one.id))).size === 0) return {}
    await authors.admit(ids)
    return { [field]: ids }
  }
  try {
    const found = issue ? await client.get(Issue, path, {}, signal) : await client.get(MergeRequest, path, {}, signal)
    const { text } = await withUploads(delta, op, signal)
    const milestone = milestoneOf(op, titles)
    const json: Record<string, unknown> = {
      title: op.title,
      description: text,
      labels: op.labels.join(','),
      milestone_id: await milestones.of(milestone, signal),
      ...(await named('assignee_ids', op.assignees, found.assignees)),
      discussion_locked: op.locked,
      updated_at: op.updatedAt,
    }
    if (op.type === 'merge-request') {
      Object.assign(json, await named('reviewer_ids', op.reviewers, 'reviewers' in found ? found.reviewers : []))
      if (found.state === 'opened' && op.state === 'opened') json['target_branch'] = op.base.ref
    }
    const wanted = op.state === 'merged' && found.state !== 'merged' ? 'closed' : op.state
    if (found.state !== wanted && found.state !== 'merged') json['state_event'] = wanted === 'opened' ? 'reopen' : 'close'
    if (issue) await client.call(Issue, { method: 'PUT', path, json }, signal)
    else await client.call(MergeRequest, { method: 'PUT', path, json }, signal)
    const state = found.state === 'merged' ? 'merged' : wanted
    const { expect, losses } = shape(delta, { ...op, text }, milestone, row, { state, moved: state !== stateBefore(row) })
    stock.keep({ key, outcome: 'updated', remote, expect, losses })
  } catch (error) {
    if (!(error instanceof Fault) || !isRefused(error)) throw error
    stock.keep({ key, outcome: 'failed', remote, expect: {}, losses: [dropped(item, 'rejected-by-target', error.why ?? error.what)] })
  }
}

const expectedBefore = ({ known }: StockRow): JsonObject => (known?.notes['expect'] as JsonObject | undefined) ?? {}
const stateBefore = (row: StockRow): unknown => expectedBefore(row)['state']

/** What GitLab lets nobody set afterwards: it stays as the import left it. */
const FIXED = [
  'author',
  'createdAt',
  'awards',
  'closedAt',
  'closedBy',
  'mergedAt',
  'mergedBy',
  'mergeCommit',
  'approvedBy',
  'sourceBranch',
  'head',
] as const
/** What a change of state sets anew, by the clock and user of today. */
const MOVED = ['closedAt', 'closedBy', 'mergedAt', 'mergedBy', 'mergeCommit'] as const

function shape(
  { people }: Delta,
  op: IssueOperation | MergeRequestOperation,
  milestone: string | null,
  row: StockRow,
  { state, moved }: { readonly state: string; readonly moved: boolean },
): { readonly expect: Fields; readonly losses: readonly Loss[] } {
  const before = expectedBefore(row)
  const losses: Loss[] = row.known === undefined ? [] : [...recalledLosses(row.known)]
  // Said anew, where it still holds.
  const say = (code: Loss['code'], field: string, detail: string) => {
    const old = losses.findIndex(({ effect }) => effect.type !== 'dropped' && effect.field === field)
    if (old >= 0) losses.splice(old, 1)
    losses.push(degraded(op.item, code, field, detail))
  }
  const ideal: Record<string, Fields[string]> =
    op.type === 'issue'
      ? { ...issueFields(op, milestone, people) }
      : { ...mergeRequestFields(op, { milestone, sourceBranch: op.head.ref, mergeCommit: op.mergeCommit, approvedBy: [] }, people) }
  const expect: Record<string, Fields[string]> = { ...ideal, state }
  // Whether it counts as a draft, GitLab reads from the title.
  delete expect['draft']
  for (const field of FIXED) {
    if (!(field in ideal)) continue
    if (field === 'head' && op.type === 'merge-request' && op.head.own && op.state === 'opened') continue
    if (field in before) expect[field] = before[field] ?? null
    else delete expect[field]
  }
  if (moved) {
    for (const field of MOVED) delete expect[field]
    if (state === 'closed' && op.closedAt !== null)
      say(
        'time-replaced',
        'closedAt',
        `closed at ${op.closedAt}, after the import: GitLab writes the time of its own closing, and the importing user`,
      )
  }
  if (op.state === 'merged' && state !== 'merged')
    say('no-such-concept', 'state', 'merged after the import, in a way that GitLab does not see in the history: it is closed there')
  if (JSON.stringify(expect['author']) !== JSON.stringify(ideal['author']))
    say('author-replaced', 'author', 'it keeps the author of the import')
  if (JSON.stringify(expect['awards']) !== JSON.stringify(ideal['awards']))
    say('no-such-concept', 'reactions', 'reactions that came after the import are not brought')
  if (op.type === 'merge-request' && 'head' in before && !(op.head.own && op.state === 'opened') && before['head'] !== op.head.oid)
    say('rejected-by-target', 'head', 'its last commits came after the import: GitLab shows those it had')
  return { expect, losses }
}
