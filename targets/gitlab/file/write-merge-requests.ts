import type { Loss } from '../../../src/contract/fidelity.ts'
import type { MergeRequestOperation } from '../operations.ts'
import { mergeRequestRemote } from '../remote.ts'
import { Anchors } from './anchors.ts'
import { branchesOf } from './branches.ts'
import { type Change, MOST_COMMITS, changesOf } from './changes.ts'
import type { Composition } from './compose.ts'
import type { Composed } from './composed.ts'
import { mergeRequestFields } from './expect.ts'
import { writeFitting } from './fit.ts'
import { type HangingOperation, hangingOf } from './hanging.ts'
import { type MergeRequestDiff, mergeRequestRecord } from './merge-request-record.ts'
import { leftOut } from './write-issues.ts'

export async function* composeMergeRequests(composition: Composition, signal: AbortSignal): AsyncGenerator<Composed> {
  const { input, history } = composition
  const { spool, repository } = input
  const { project } = input.project
  const changes = repository === undefined ? undefined : changesOf(spool, project, repository.directory, history, signal)
  try {
    for (const op of spool.part<MergeRequestOperation>(project, 'merge-request')) {
      signal.throwIfAborted()
      const next = await changes?.next()
      const change: Change = next?.done === false ? next.value : { iid: op.iid, type: 'unknown', why: 'the repository has no history' }
      if (change.iid !== op.iid) throw new Error(`the change of !${change.iid} came when that of !${op.iid} was due`)
      yield* composeOne(op, change, composition)
    }
  } finally {
    await changes?.return(undefined)
  }
  yield* leftOut(spool.orphans(project, 'on-merge-request'), 'invalid-at-source', 'what it stands on is not in the archive')
}

function* composeOne(
  op: MergeRequestOperation,
  change: Change,
  { input, people, places, history, relations }: Composition,
): Generator<Composed> {
  const { project, iid } = op
  const diff = change.type === 'change' ? change.diff : undefined
  const ops = [...input.spool.at<HangingOperation>(project, 'on-merge-request', iid)]
  const anchors = diff === undefined ? undefined : new Anchors(diff.files, diff.shas)
  const hanging = hangingOf(ops, { on: { type: 'merge_requests', iid }, people, places, anchors })
  const branches = branchesOf(op, history)
  if (branches.fromFork) {
    history.willHave(branches.source, op.head.oid)
    history.willHave(op.base.ref, op.base.oid)
  }
  const mergeCommit = op.mergeCommit !== null && history.has(op.mergeCommit) ? op.mergeCommit : null
  const written = writeFitting(relations.of('merge_requests'), op.item, hanging, (kept, diffs) =>
    mergeRequestRecord(op, { branches, diff: diffs ? diff : withoutText(diff), hanging: kept, mergeCommit }, people, places),
  )
  if (!written.written) {
    yield* leftOut([op, ...ops], 'too-large', 'longer than GitLab reads')
    return
  }
  const milestone = places.milestoneTitle(op.milestone)
  const shape = { milestone, sourceBranch: branches.source, mergeCommit, approvedBy: hanging.approvedBy }
  const losses = [...branches.losses, ...lossesOf(op, change, mergeCommit), ...written.losses]
  yield { key: op.key, item: op.item, remote: mergeRequestRemote(project, iid), expect: mergeRequestFields(op, shape, people), losses }
  yield* written.composed
}

const withoutText = (diff: MergeRequestDiff | undefined): MergeRequestDiff | undefined =>
  diff === undefined ? undefined : { ...diff, files: diff.files.map((file) => ({ ...file, tooLarge: true, diff: '' })) }

function lossesOf(op: MergeRequestOperation, change: Change, mergeCommit: string | null): readonly Loss[] {
  const losses: Loss[] = []
  const say = (code: Loss['code'], field: string, detail: string) =>
    void losses.push({ item: op.item, stage: 'apply', code, effect: { type: 'degraded', field }, detail })
  if (change.type === 'unknown') say('withheld-by-source', 'diff', `its changes cannot be shown: ${change.why}`)
  else {
    const { files, overflow, totalCommits } = change.diff
    const large = files.filter(({ tooLarge }) => tooLarge).length
    if (overflow)
      say('too-large', 'diff', `more files or lines than GitLab keeps of one change; ${files.length} files are shown, git has all`)
    if (large > 0) say('too-large', 'diff', `the changes of ${large} files are larger than GitLab shows; git has them`)
    if (totalCommits > MOST_COMMITS)
      say('too-large', 'commits', `${totalCommits} commits, of which the newest ${MOST_COMMITS} are listed; git has all`)
  }
  if (op.mergeCommit !== null && mergeCommit === null)
    say('withheld-by-source', 'mergeCommit', `the commit of the merge, ${op.mergeCommit}, is not in the archive`)
  return losses
}
