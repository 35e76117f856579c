import type { Fields, Observed } from '../../../src/contract/target.ts'
import { projectPath } from '../api/client.ts'
import { Approvals, MergeRequest } from '../api/wire.ts'
import { mergeRequestRemote } from '../remote.ts'
import { observeHanging } from './hanging.ts'
import { AT_ONCE, issuableFields, votes } from './issues.ts'
import type { Scan } from './observe.ts'
import { awardsAt, nameOf, namesOf, timeOf } from './people.ts'
import { sideBySide } from './side-by-side.ts'

export async function* observeMergeRequests(scan: Scan, signal: AbortSignal): AsyncGenerator<Observed> {
  const query = { scope: 'all', state: 'all', order_by: 'created_at', sort: 'asc' }
  const list = scan.client.list(MergeRequest, projectPath(scan.id, '/merge_requests'), query, signal)
  for await (const observed of sideBySide(list, AT_ONCE, (found) => observeOne(scan, found, signal))) yield* observed
}

async function observeOne(scan: Scan, found: MergeRequest, signal: AbortSignal): Promise<readonly Observed[]> {
  const { client, project, id, intended } = scan
  const remote = mergeRequestRemote(project, found.iid)
  const path = projectPath(id, `/merge_requests/${found.iid}`)
  const asked = votes(found) > 0 || intended.some(remote, 'awards')
  const approved = intended.some(remote, 'approvedBy') ? await client.get(Approvals, `${path}/approvals`, {}, signal) : undefined
  const fields: Fields = {
    ...issuableFields(found),
    awards: asked ? await awardsAt(client, path, signal) : [],
    draft: found.draft === true,
    sourceBranch: found.source_branch,
    targetBranch: found.target_branch,
    head: found.sha ?? null,
    mergeCommit: found.merge_commit_sha ?? null,
    mergedAt: timeOf(found.merged_at),
    mergedBy: nameOf(found.merge_user),
    closedAt: found.state === 'closed' ? timeOf(found.closed_at) : null,
    reviewers: namesOf(found.reviewers),
    approvedBy: namesOf(approved?.approved_by.map(({ user }) => user)),
  }
  return [{ remote, fields }, ...(await observeHanging(scan, 'merge_requests', found, signal))]
}
