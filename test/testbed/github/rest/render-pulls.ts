import type { Item, Review, ReviewComment } from '../model.ts'
import type { Repository } from '../repository.ts'
import { nodeId, type Site } from '../site.ts'
import { rollup, subject, written } from './render-issues.ts'
import { team } from './render-organisation.ts'
import { account, association, user, userOrNull } from './render-people.ts'
import { repository as repositoryOf, repositoryUrl } from './render-repository.ts'

/** As in the list of pull requests. @throws for an issue */
export function pull(site: Site, repository: Repository, of: Item) {
  const { pull } = of
  if (pull === undefined) throw new Error(`#${of.number} is no pull request`)
  const base = repositoryUrl(site, repository)
  const url = `${base}/pulls/${of.number}`
  const html = `${site.host}/${repository.fullName}/pull/${of.number}`
  const { head } = pull
  const owner = head.repository?.owner ?? head.owner
  const links = {
    self: { href: url },
    html: { href: html },
    issue: { href: `${base}/issues/${of.number}` },
    comments: { href: `${base}/issues/${of.number}/comments` },
    review_comments: { href: `${url}/comments` },
    review_comment: { href: `${base}/pulls/comments{/number}` },
    commits: { href: `${url}/commits` },
    statuses: { href: `${base}/statuses/${head.sha}` },
  }
  return {
    ...subject(site, repository, of),
    url,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: links.issue.href,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeSha,
    requested_reviewers: pull.requestedReviewers.map((one) => user(site, one)),
    requested_teams: pull.requestedTeams.map((one) => team(site, one)),
    commits_url: links.commits.href,
    review_comments_url: links.review_comments.href,
    review_comment_url: links.review_comment.href,
    comments_url: links.comments.href,
    statuses_url: links.statuses.href,
    head: {
      label: `${owner?.login ?? 'unknown'}:${head.ref}`,
      ref: head.ref,
      sha: head.sha,
      user: owner === null || ('deleted' in owner && owner.deleted) ? null : account(site, owner),
      repo: head.repository === null ? null : repositoryOf(site, head.repository),
    },
    base: {
      label: `${repository.owner.login}:${pull.base.ref}`,
      ref: pull.base.ref,
      sha: pull.base.sha,
      user: account(site, repository.owner),
      repo: repositoryOf(site, repository),
    },
    _links: links,
    auto_merge: null,
  }
}
export function fullPull(site: Site, repository: Repository, of: Item) {
  const { pull: fields } = of
  const commits = fields === undefined ? [] : repository.git.commits(fields.base.sha, fields.head.sha)
  return {
    ...pull(site, repository, of),
    merged: fields?.mergedAt !== null,
    mergeable: of.state === 'open' ? true : null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: userOrNull(site, fields?.mergedBy ?? null),
    comments: repository.tables.comments.of(of.number).length,
    review_comments: repository.tables.reviewComments.of(of.number).length,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: commits.length,
    deletions: 0,
    changed_files: commits.length,
  }
}
export function review(site: Site, repository: Repository, of: Review) {
  const pullUrl = `${repositoryUrl(site, repository)}/pulls/${of.item}`
  const html = `${site.host}/${repository.fullName}/pull/${of.item}#pullrequestreview-${of.id}`
  return {
    id: of.id,
    node_id: nodeId('PRR', repository.id, of.id),
    user: userOrNull(site, of.author),
    ...written(site, of.body),
    state: of.state,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: association(repository, of.author),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    ...(of.state === 'PENDING' ? {} : { submitted_at: of.createdAt }),
    commit_id: of.commitId,
  }
}
export function reviewComment(site: Site, repository: Repository, of: ReviewComment) {
  const base = repositoryUrl(site, repository)
  const url = `${base}/pulls/comments/${of.id}`
  const pullUrl = `${base}/pulls/${of.item}`
  const html = `${site.host}/${repository.fullName}/pull/${of.item}#discussion_r${of.id}`
  return {
    url,
    pull_request_review_id: of.review,
    id: of.id,
    node_id: nodeId('PRRC', repository.id, of.id),
    diff_hunk: of.diffHunk,
    path: of.path,
    commit_id: of.commitId,
    original_commit_id: of.originalCommitId,
    user: userOrNull(site, of.author),
    ...written(site, of.body),
    created_at: of.createdAt,
    updated_at: of.updatedAt,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: association(repository, of.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl } },
    reactions: rollup(of.reactions, `${url}/reactions`),
    start_line: of.startLine,
    original_start_line: of.originalStartLine,
    start_side: of.originalStartLine === null ? null : of.side,
    line: of.line,
    original_line: of.originalLine,
    side: of.side,
    ...(of.inReplyTo === null ? {} : { in_reply_to_id: of.inReplyTo }),
    original_position: of.originalPosition,
    position: of.position,
    subject_type: of.subject,
  }
}
