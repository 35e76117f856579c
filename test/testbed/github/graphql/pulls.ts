import type { Item, Pull, Review, ReviewComment, Thread } from '../model.ts'
import type { Repository } from '../repository.ts'
import { nodeId } from '../site.ts'
import { sequence } from '../table.ts'
import { connection, type Args } from './connection.ts'
import type { Gql, Node } from './gql.ts'
import { commit } from './repository.ts'

/** What a pull request has beyond an issue. */
export function pullFields(gql: Gql, repository: Repository, of: Item, pull: Pull): Node {
  const { tables, git } = repository
  const commits = (): readonly string[] => git.commits(pull.base.sha, pull.head.sha)
  return {
    isDraft: pull.draft,
    merged: pull.mergedAt !== null,
    mergedAt: pull.mergedAt,
    mergedBy: () => gql.actor(pull.mergedBy),
    mergeCommit: () => (pull.mergedAt === null || pull.mergeSha === null ? null : commit(gql, repository, pull.mergeSha)),
    mergeable: 'UNKNOWN',
    baseRefName: pull.base.ref,
    baseRefOid: pull.base.sha,
    headRefName: pull.head.ref,
    headRefOid: pull.head.sha,
    headRepository: () => (pull.head.repository === null ? null : gql.repository(pull.head.repository)),
    headRepositoryOwner: () => (pull.head.repository === null ? null : gql.owner(pull.head.repository.owner)),
    baseRepository: () => gql.repository(repository),
    isCrossRepository: pull.head.repository !== repository,
    maintainerCanModify: false,
    additions: () => commits().length,
    deletions: 0,
    changedFiles: () => commits().length,
    reviewDecision: null,
    totalCommentsCount: () => tables.comments.of(of.number).length + tables.reviewComments.of(of.number).length,
    commits: (args: Args) =>
      connection(sequence(commits().map((oid, id) => ({ oid, id }))), args, ({ oid }) => ({
        __typename: 'PullRequestCommit',
        id: `PURC_kwDO${oid}`,
        commit: () => commit(gql, repository, oid),
      })),
    reviews: (args: Args) => connection(sequence(tables.reviews.of(of.number)), args, (one) => gql.review(repository, one)),
    reviewThreads: (args: Args) =>
      connection(sequence(tables.threads.of(of.number).filter(({ id }) => commentsOf(repository, of.number, id).length > 0)), args, (one) =>
        gql.thread(repository, one),
      ),
    reviewRequests: (args: Args) =>
      connection(sequence(pull.requestedReviewers), args, (one) => ({
        __typename: 'ReviewRequest',
        id: nodeId('RR', repository.id, one.id),
        databaseId: one.id,
        requestedReviewer: () => gql.actor(one),
      })),
    closingIssuesReferences: (args: Args) => connection(sequence<{ id: number }>([]), args, () => ({})),
  }
}
const commentsOf = ({ tables }: Repository, pull: number, thread: number): readonly ReviewComment[] =>
  tables.reviewComments.of(pull).filter((one) => one.thread === thread)

export function review(gql: Gql, repository: Repository, of: Review, common: Node): Node {
  const path = `/${repository.fullName}/pull/${of.item}#pullrequestreview-${of.id}`
  return {
    __typename: 'PullRequestReview',
    ...common,
    state: of.state,
    submittedAt: of.state === 'PENDING' ? null : of.createdAt,
    commit: () => commit(gql, repository, of.commitId),
    url: `${gql.site.host}${path}`,
    resourcePath: path,
    isMinimized: false,
    minimizedReason: null,
    pullRequest: () => itemOf(gql, repository, of.item),
    comments: (args: Args) =>
      connection(sequence(repository.tables.reviewComments.of(of.item).filter((one) => one.review === of.id)), args, (one) =>
        gql.reviewComment(repository, one),
      ),
  }
}
const itemOf = (gql: Gql, repository: Repository, number: number): Node | null => {
  const found = repository.item(number)
  return found === undefined ? null : gql.item(repository, found)
}

export function reviewComment(gql: Gql, repository: Repository, of: ReviewComment, common: Node): Node {
  const path = `/${repository.fullName}/pull/${of.item}#discussion_r${of.id}`
  const { reviews, reviewComments } = repository.tables
  return {
    __typename: 'PullRequestReviewComment',
    ...common,
    path: of.path,
    diffHunk: of.diffHunk,
    line: of.line,
    originalLine: of.originalLine,
    startLine: of.startLine,
    originalStartLine: of.originalStartLine,
    position: of.position,
    originalPosition: of.originalPosition,
    outdated: of.line === null && of.subject === 'line',
    subjectType: of.subject.toUpperCase(),
    state: 'SUBMITTED',
    draftedAt: of.createdAt,
    url: `${gql.site.host}${path}`,
    resourcePath: path,
    isMinimized: false,
    minimizedReason: null,
    commit: () => commit(gql, repository, of.commitId),
    originalCommit: () => commit(gql, repository, of.originalCommitId),
    pullRequest: () => itemOf(gql, repository, of.item),
    pullRequestReview: () => {
      const found = reviews.get(of.review)
      return found === undefined ? null : gql.review(repository, found)
    },
    replyTo: () => {
      const found = of.inReplyTo === null ? undefined : reviewComments.get(of.inReplyTo)
      return found === undefined ? null : gql.reviewComment(repository, found)
    },
  }
}

/** A thread shows where its first comment stands. @throws when all of its comments are gone: then it is gone too */
export function thread(gql: Gql, repository: Repository, of: Thread): Node {
  const comments = commentsOf(repository, of.item, of.id)
  const [root] = comments
  if (root === undefined) throw new Error('a thread without comments')
  return {
    __typename: 'PullRequestReviewThread',
    id: nodeId('PRRT', repository.id, of.id),
    path: of.path,
    isResolved: of.resolvedBy !== null,
    resolvedBy: () => gql.user(of.resolvedBy),
    isOutdated: root.line === null && root.subject === 'line',
    isCollapsed: of.resolvedBy !== null,
    line: root.line,
    originalLine: root.originalLine,
    startLine: root.startLine,
    originalStartLine: root.originalStartLine,
    diffSide: root.side,
    startDiffSide: root.originalStartLine === null ? null : root.side,
    subjectType: root.subject.toUpperCase(),
    pullRequest: () => itemOf(gql, repository, of.item),
    repository: () => gql.repository(repository),
    comments: (args: Args) => connection(sequence(comments), args, (one) => gql.reviewComment(repository, one)),
  }
}
