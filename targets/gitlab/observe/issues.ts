import type { Fields, Observed } from '../../../src/contract/target.ts'
import { projectPath } from '../api/client.ts'
import { Issue, type MergeRequest } from '../api/wire.ts'
import { textHash } from '../file/expect.ts'
import { issueRemote } from '../remote.ts'
import { observeHanging } from './hanging.ts'
import type { Scan } from './observe.ts'
import { awardsAt, nameOf, namesOf, timeOf } from './people.ts'
import { sideBySide } from './side-by-side.ts'

/** Issues that are read side by side, each with what hangs on it. */
export const AT_ONCE = 6

export async function* observeIssues(scan: Scan, signal: AbortSignal): AsyncGenerator<Observed> {
  const query = { scope: 'all', state: 'all', order_by: 'created_at', sort: 'asc' }
  const list = scan.client.list(Issue, projectPath(scan.id, '/issues'), query, signal)
  for await (const observed of sideBySide(list, AT_ONCE, (issue) => observeIssue(scan, issue, signal))) yield* observed
}

async function observeIssue(scan: Scan, issue: Issue, signal: AbortSignal): Promise<readonly Observed[]> {
  const { client, project, id, intended } = scan
  const remote = issueRemote(project, issue.iid)
  const path = projectPath(id, `/issues/${issue.iid}`)
  const asked = votes(issue) > 0 || intended.some(remote, 'awards')
  const fields: Fields = {
    ...issuableFields(issue),
    awards: asked ? await awardsAt(client, path, signal) : [],
    closedAt: timeOf(issue.closed_at),
    closedBy: nameOf(issue.closed_by),
  }
  return [{ remote, fields }, ...(await observeHanging(scan, 'issues', issue, signal))]
}

export const votes = ({ upvotes = 0, downvotes = 0 }: Issue | MergeRequest): number => upvotes + downvotes

export const issuableFields = (found: Issue | MergeRequest) => ({
  title: found.title,
  text: textHash(found.description ?? ''),
  state: found.state,
  author: found.author.username,
  createdAt: timeOf(found.created_at),
  labels: found.labels.toSorted(),
  milestone: found.milestone?.title ?? null,
  assignees: namesOf(found.assignees),
  locked: found.discussion_locked === true,
})
