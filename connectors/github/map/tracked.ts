import type { ItemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { ChangeRequest } from '../../../src/model/change-request.ts'
import type { Issue } from '../../../src/model/issue.ts'
import { itemId } from '../../../src/contract/ids.ts'
import type { GraphPull, Reaction } from '../wire/graph.ts'
import type { IssueRow } from '../wire/rest.ts'
import { actorOf, actorsOf, reactionsOf } from './actor.ts'
import { attachmentsIn, type Files } from './attachments.ts'
import { idIn, itemOf } from './item.ts'
import { type Mapping, numberIn } from './mapping.ts'

/** What GraphQL told of an issue or pull request; undefined: it told nothing. */
export interface Hydrated {
  readonly reactions: readonly Reaction[]
  readonly pull: GraphPull | undefined
  readonly raw: unknown
}

const endpoint = 'issues'

export function issue(row: IssueRow, hydrated: Hydrated | undefined, raw: unknown, mapping: Mapping): SourceItem<'issue'> {
  const { place } = mapping
  const files = attachmentsIn(row.body ?? '', mapping)
  const body: Issue = {
    ...common(row, hydrated, files, mapping),
    state: row.state,
    stateReason: row.state_reason,
    type: row.type?.name ?? null,
    parent: parentOf(row.parent_issue_url, mapping),
  }
  return itemOf({
    kind: 'issue',
    id: idIn(place, 'issue', row.number),
    collection: place.collection,
    body,
    raw: { issue: raw, graph: hydrated?.raw ?? null },
    blobs: files.blobs,
    provenance: place.provenance(String(row.id), endpoint),
  })
}

export function changeRequest(
  row: IssueRow,
  { pull, raw: graph, reactions }: Hydrated & { pull: GraphPull },
  raw: unknown,
  mapping: Mapping,
) {
  const { place } = mapping
  const files = attachmentsIn(row.body ?? '', mapping)
  const asked = (pull.reviewRequests?.nodes ?? []).flatMap((node) => node?.requestedReviewer ?? [])
  const body: ChangeRequest = {
    ...common(row, { reactions, pull, raw: graph }, files, mapping),
    state: pull.merged ? 'merged' : row.state,
    draft: pull.isDraft,
    head: { ref: pull.headRefName, oid: pull.headRefOid, repository: pull.headRepository?.nameWithOwner ?? null },
    base: { ref: pull.baseRefName, oid: pull.baseRefOid, repository: pull.baseRepository?.nameWithOwner ?? place.name },
    mergedAt: pull.mergedAt,
    mergedBy: actorOf(pull.mergedBy),
    mergeCommit: pull.merged ? (pull.mergeCommit?.oid ?? null) : null,
    reviewers: asked.flatMap((one) => ('slug' in one ? [] : (actorOf(one) ?? []))).toSorted((a, b) => (a.login < b.login ? -1 : 1)),
    reviewerGroups: asked
      .flatMap((one) => ('slug' in one && one.databaseId !== null ? itemId('group', String(one.databaseId)) : []))
      .toSorted(),
  }
  return itemOf({
    kind: 'change-request',
    id: idIn(place, 'change-request', row.number),
    collection: place.collection,
    body,
    raw: { issue: raw, graph },
    blobs: files.blobs,
    provenance: place.provenance(String(row.id), endpoint),
  })
}

function common(row: IssueRow, hydrated: Hydrated | undefined, { files }: Files, { place }: Mapping) {
  return {
    repository: place.item,
    number: row.number,
    title: row.title,
    text: row.body ?? '',
    author: actorOf(row.user),
    labels: row.labels.filter((name) => name !== '').toSorted(),
    milestone: row.milestone === null ? null : idIn(place, 'milestone', row.milestone.number),
    assignees: actorsOf(row.assignees),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    closedAt: row.closed_at,
    closedBy: actorOf(row.closed_by),
    locked: row.locked,
    lockReason: row.active_lock_reason,
    reactions: reactionsOf(hydrated?.reactions),
    attachments: files,
  }
}

function parentOf(url: string | null, { place, repository }: Mapping): ItemId | null {
  const number = url === null ? undefined : numberIn(url)
  const name = /\/repos\/([^/]+\/[^/]+)\/issues\/\d+$/.exec(url ?? '')?.[1]
  if (number === undefined || name === undefined) return null
  const id = name.toLowerCase() === place.name.toLowerCase() ? place.id : repository(name)
  return id === undefined ? null : itemId('issue', String(id), String(number))
}
