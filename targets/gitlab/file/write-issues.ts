import type { Loss } from '../../../src/contract/fidelity.ts'
import type { IssueOperation } from '../operations.ts'
import { issueRemote } from '../remote.ts'
import type { Composition } from './compose.ts'
import type { Composed } from './composed.ts'
import { issueFields } from './expect.ts'
import { writeFitting } from './fit.ts'
import { type HangingOperation, hangingOf } from './hanging.ts'
import { issueRecord } from './issue-record.ts'

export async function* composeIssues({ input, people, places, relations }: Composition, signal: AbortSignal): AsyncGenerator<Composed> {
  const { spool } = input
  const { project } = input.project
  for (const op of spool.part<IssueOperation>(project, 'issue')) {
    signal.throwIfAborted()
    const ops = [...spool.at<HangingOperation>(project, 'on-issue', op.iid)]
    const hanging = hangingOf(ops, { on: { type: 'issues', iid: op.iid }, people, places, anchors: undefined })
    const written = writeFitting(relations.of('issues'), op.item, hanging, (kept) => issueRecord(op, kept, people, places))
    if (written.written) {
      const expect = issueFields(op, places.milestoneTitle(op.milestone), people)
      yield { key: op.key, item: op.item, remote: issueRemote(project, op.iid), expect, losses: written.losses }
      yield* written.composed
    } else yield* leftOut([op, ...ops], 'too-large', 'longer than GitLab reads')
  }
  yield* leftOut(spool.orphans(project, 'on-issue'), 'invalid-at-source', 'what it stands on is not in the archive')
}

/** Operations that are in no file, and why. */
export function* leftOut(
  ops: Iterable<{ readonly key: Composed['key']; readonly item: Composed['item'] }>,
  code: Loss['code'],
  detail: string,
): Generator<Composed> {
  for (const { key, item } of ops)
    yield { key, item, remote: null, losses: [{ item, stage: 'apply', code, effect: { type: 'dropped' }, detail }] }
}
