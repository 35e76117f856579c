import type { SourceItem } from '../../../src/contract/item.ts'
import type { TimelineEvent } from '../../../src/model/timeline-event.ts'
import type { CrossReference } from '../wire/graph.ts'
import type { EventRow } from '../wire/rest.ts'
import { actorOf } from './actor.ts'
import { idIn, itemOf } from './item.ts'
import type { Mapping } from './mapping.ts'

/** Something that happened, as `issues/events` lists it; undefined: it belongs to no issue. */
export function event(row: EventRow, raw: unknown, { place }: Mapping): SourceItem<'timeline-event'> | undefined {
  if (row.issue === null) return undefined
  const pull = row.issue.pull_request !== undefined && row.issue.pull_request !== null
  const body: TimelineEvent = {
    repository: place.item,
    on: idIn(place, pull ? 'change-request' : 'issue', row.issue.number),
    type: row.event,
    actor: actorOf(row.actor),
    at: row.created_at,
    label: row.label === null ? null : { name: row.label.name, color: row.label.color ?? '' },
    milestone: row.milestone?.title ?? null,
    subject: actorOf(row.assignee ?? row.requested_reviewer),
    rename: row.rename === null ? null : { from: row.rename.from, to: row.rename.to },
    commit: row.commit_id,
    reference: null,
  }
  return itemOf({
    kind: 'timeline-event',
    id: idIn(place, 'timeline-event', row.id),
    collection: place.collection,
    body,
    raw: withoutIssue(raw),
    provenance: place.provenance(String(row.id), 'issues/events'),
  })
}

/** Every event carries the whole issue it belongs to, as it is today: the issue is an item of its own. */
function withoutIssue(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null) return raw
  const { issue: _, ...rest } = raw as Readonly<Record<string, unknown>>
  return rest
}

/** Somebody wrote of this one elsewhere. GitHub gives these no number, so GraphQL's name stands in its place. */
export function crossReference(
  given: CrossReference,
  on: { readonly number: number; readonly pull: boolean },
  raw: unknown,
  { place }: Mapping,
): SourceItem<'timeline-event'> {
  const body: TimelineEvent = {
    repository: place.item,
    on: idIn(place, on.pull ? 'change-request' : 'issue', on.number),
    type: 'cross-referenced',
    actor: actorOf(given.actor),
    at: given.createdAt,
    label: null,
    milestone: null,
    subject: null,
    rename: null,
    commit: null,
    reference: given.source?.url ?? null,
  }
  return itemOf({
    kind: 'timeline-event',
    id: idIn(place, 'timeline-event', given.id),
    collection: place.collection,
    body,
    raw,
    provenance: place.provenance(given.id, 'graphql:timelineItems'),
  })
}
