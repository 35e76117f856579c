import type { Event, Item } from '../model.ts'
import type { Repository } from '../repository.ts'
import { nodeId, type Site } from '../site.ts'
import { comment, issue } from './render-issues.ts'
import { review } from './render-pulls.ts'
import { association, user, userOrNull } from './render-people.ts'
import { repositoryUrl } from './render-repository.ts'

/** An event as the lists of events have it. With `whole` it carries the issue. */
export function event(site: Site, repository: Repository, of: Event, whole: boolean) {
  const item = whole ? repository.item(of.item) : undefined
  return {
    id: of.id,
    node_id: nodeId('EV', repository.id, of.id),
    url: `${repositoryUrl(site, repository)}/issues/events/${of.id}`,
    actor: of.actor === null ? null : user(site, of.actor),
    event: of.event,
    commit_id: of.commitId ?? null,
    commit_url: of.commitId === undefined ? null : `${repositoryUrl(site, repository)}/commits/${of.commitId}`,
    created_at: of.createdAt,
    ...details(site, of),
    ...(item === undefined ? {} : { issue: issue(site, repository, item) }),
    performed_via_github_app: null,
  }
}
function details(site: Site, of: Event): object {
  return {
    ...(of.label === undefined ? {} : { label: { name: of.label.name, color: of.label.color } }),
    ...(of.milestone === undefined ? {} : { milestone: { title: of.milestone } }),
    ...(of.assignee === undefined
      ? {}
      : { assignee: userOrNull(site, of.assignee), assigner: of.actor === null ? null : user(site, of.actor) }),
    ...(of.rename === undefined ? {} : { rename: of.rename }),
    ...(of.lockReason === undefined ? {} : { lock_reason: of.lockReason === 'unspecified' ? null : of.lockReason }),
    ...(of.stateReason === undefined ? {} : { state_reason: of.stateReason }),
    ...(of.reviewer === undefined
      ? {}
      : { requested_reviewer: user(site, of.reviewer), review_requester: of.actor === null ? null : user(site, of.actor) }),
  }
}

/** Everything that happened to one item, oldest first: events, comments, reviews, cross references. */
export function timeline(site: Site, repository: Repository, item: Item): readonly object[] {
  const { comments, reviews, events, crossReferences } = repository.tables
  const rows: { at: string; id: number; answer: object }[] = []
  const add = (of: { readonly createdAt: string; readonly id: number }, answer: object): void =>
    void rows.push({ at: of.createdAt, id: of.id, answer })
  for (const one of events.of(item.number)) {
    // The one list that does not say who assigned.
    const { assigner: _, ...shown } = { assigner: undefined, ...event(site, repository, one, false) }
    add(one, shown)
  }
  for (const one of comments.of(item.number)) {
    const answer = comment(site, repository, one)
    add(one, { ...answer, event: 'commented', actor: answer.user })
  }
  for (const one of reviews.of(item.number)) add(one, { ...review(site, repository, one), event: 'reviewed' })
  for (const one of crossReferences.of(item.number)) {
    const source = one.source.repository.item(one.source.number)
    if (source === undefined) continue
    add(one, {
      event: 'cross-referenced',
      actor: one.actor === null ? null : user(site, one.actor),
      created_at: one.createdAt,
      updated_at: one.createdAt,
      source: {
        type: 'issue',
        issue: {
          ...issue(site, one.source.repository, source),
          author_association: association(one.source.repository, source.author),
        },
      },
    })
  }
  return rows.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id - b.id)).map(({ answer }) => answer)
}
