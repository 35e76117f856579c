import { sees } from '../auth.ts'
import type { CrossReference, Event, EventName, Item } from '../model.ts'
import type { Repository } from '../repository.ts'
import { nodeId } from '../site.ts'
import { sequence } from '../table.ts'
import { connection, type Args } from './connection.ts'
import type { Gql, Node } from './gql.ts'
import { commit } from './repository.ts'

const TYPES: Readonly<Record<EventName, string>> = {
  closed: 'ClosedEvent',
  reopened: 'ReopenedEvent',
  merged: 'MergedEvent',
  labeled: 'LabeledEvent',
  unlabeled: 'UnlabeledEvent',
  milestoned: 'MilestonedEvent',
  demilestoned: 'DemilestonedEvent',
  assigned: 'AssignedEvent',
  unassigned: 'UnassignedEvent',
  renamed: 'RenamedTitleEvent',
  locked: 'LockedEvent',
  unlocked: 'UnlockedEvent',
  head_ref_force_pushed: 'HeadRefForcePushedEvent',
  head_ref_deleted: 'HeadRefDeletedEvent',
  review_requested: 'ReviewRequestedEvent',
  convert_to_draft: 'ConvertToDraftEvent',
  ready_for_review: 'ReadyForReviewEvent',
  mentioned: 'MentionedEvent',
  subscribed: 'SubscribedEvent',
  referenced: 'ReferencedEvent',
  pinned: 'PinnedEvent',
  transferred: 'TransferredEvent',
}
/** `HeadRefDeletedEvent` as an argument says it: `HEAD_REF_DELETED_EVENT`. */
const constant = (type: string): string => type.replaceAll(/(?<!^)([A-Z])/g, '_$1').toUpperCase()

export function timelineItems(gql: Gql, repository: Repository, item: Item, args: Args) {
  const { comments, reviews, threads, events, crossReferences } = repository.tables
  const wanted = args['itemTypes'] as readonly string[] | undefined
  const since = args['since'] as string | undefined
  const rows: { id: number; createdAt: string; type: string; show: () => Node }[] = []
  const add = (type: string, of: { id: number; createdAt: string }, show: () => Node): void => {
    if ((wanted === undefined || wanted.includes(constant(type))) && (since === undefined || of.createdAt >= since))
      rows.push({ id: of.id, createdAt: of.createdAt, type, show })
  }
  // The tables are asked only for what is wanted: they may be computed.
  const asks = (type: string): boolean => wanted === undefined || wanted.includes(constant(type))
  for (const one of events.of(item.number)) add(TYPES[one.event], one, () => event(gql, repository, item, one))
  for (const one of crossReferences.of(item.number)) {
    if (one.source.repository.item(one.source.number) !== undefined && sees(gql.grant, one.source.repository))
      add('CrossReferencedEvent', one, () => cross(gql, repository, item, one))
  }
  if (asks('IssueComment')) for (const one of comments.of(item.number)) add('IssueComment', one, () => gql.comment(repository, one))
  if (asks('PullRequestReview')) for (const one of reviews.of(item.number)) add('PullRequestReview', one, () => gql.review(repository, one))
  if (asks('PullRequestReviewThread'))
    for (const one of threads.of(item.number)) add('PullRequestReviewThread', one, () => gql.thread(repository, one))
  rows.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id - b.id))
  const page = connection(
    sequence(rows),
    args,
    (one) => one.show(),
    (one) => [one.createdAt, one.id],
  )
  return { ...page, filteredCount: rows.length, pageCount: page.nodes().length, updatedAt: rows.at(-1)?.createdAt ?? item.createdAt }
}

function event(gql: Gql, repository: Repository, item: Item, of: Event): Node {
  const subject = (): Node => gql.item(repository, item)
  const fields: Node = {
    __typename: TYPES[of.event],
    id: nodeId('EV', repository.id, of.id),
    actor: () => gql.actor(of.actor),
    createdAt: of.createdAt,
    issue: subject,
    pullRequest: subject,
    closable: subject,
    labelable: subject,
    assignable: subject,
    lockable: subject,
    subject,
    stateReason: of.stateReason?.toUpperCase() ?? null,
    closer: null,
    assignee: () => gql.actor(of.assignee ?? null),
    user: () => gql.user(of.assignee ?? null),
    milestoneTitle: of.milestone ?? '',
    previousTitle: of.rename?.from ?? '',
    currentTitle: of.rename?.to ?? '',
    lockReason:
      of.lockReason === null || of.lockReason === undefined || of.lockReason === 'unspecified'
        ? null
        : of.lockReason.toUpperCase().replace(/[ -]/g, '_'),
    headRefName: item.pull?.head.ref ?? '',
    mergeRefName: item.pull?.base.ref ?? '',
    commit: () => (of.commitId === undefined ? null : commit(gql, repository, of.commitId)),
    commitRepository: () => gql.repository(repository),
    isCrossRepository: false,
    isDirectReference: true,
    beforeCommit: () => (of.before === undefined ? null : commit(gql, repository, of.before)),
    afterCommit: () => (of.after === undefined ? null : commit(gql, repository, of.after)),
    requestedReviewer: () => gql.actor(of.reviewer ?? null),
    fromRepository: null,
  }
  const { label } = of
  if (label === undefined) return fields
  return {
    ...fields,
    label: {
      __typename: 'Label',
      id: nodeId('LA', repository.id, label.id),
      name: label.name,
      color: label.color,
      description: label.description,
      isDefault: label.isDefault,
    },
  }
}

function cross(gql: Gql, repository: Repository, item: Item, of: CrossReference): Node {
  const source = of.source.repository.item(of.source.number)
  const path = `/${repository.fullName}/${item.pull === undefined ? 'issues' : 'pull'}/${item.number}#ref-${of.id}`
  return {
    __typename: 'CrossReferencedEvent',
    id: nodeId('CRE', repository.id, of.id),
    actor: () => gql.actor(of.actor),
    createdAt: of.createdAt,
    referencedAt: of.createdAt,
    isCrossRepository: of.source.repository !== repository,
    willCloseTarget: of.willClose,
    source: () => (source === undefined ? null : gql.item(of.source.repository, source)),
    target: () => gql.item(repository, item),
    url: `${gql.site.host}${path}`,
    resourcePath: path,
  }
}
