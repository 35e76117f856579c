import type { Comment, Item, Label, Milestone, Reaction } from '../model.ts'
import { REACTIONS } from '../model.ts'
import type { Repository } from '../repository.ts'
import { nodeId, type Site } from '../site.ts'
import { every } from '../table.ts'
import { association, user, userOrNull } from './render-people.ts'
import { repositoryUrl } from './render-repository.ts'

export function rollup(reactions: readonly Reaction[], url: string) {
  const counts = Object.fromEntries(REACTIONS.map((content) => [content, reactions.filter((one) => one.content === content).length]))
  return { url, total_count: reactions.length, ...counts }
}
/** A text, and on request what a page makes of it. */
export function written(site: Site, body: string | null) {
  if (body === null) return { body }
  const text = site.text(body)
  return { body: text, ...(site.html === undefined ? {} : { body_html: site.html(text), body_text: text }) }
}
export const reaction = (site: Site, repository: Repository, of: Reaction) => ({
  id: of.id,
  node_id: nodeId('REA', repository.id, of.id),
  user: userOrNull(site, of.user),
  content: of.content,
  created_at: of.createdAt,
})
export const label = (site: Site, repository: Repository, of: Label) => ({
  id: of.id,
  node_id: nodeId('LA', repository.id, of.id),
  url: `${repositoryUrl(site, repository)}/labels/${encodeURIComponent(of.name)}`,
  name: of.name,
  color: of.color,
  default: of.isDefault,
  description: of.description,
})
export function milestone(site: Site, repository: Repository, of: Milestone) {
  const url = `${repositoryUrl(site, repository)}/milestones/${of.number}`
  const inside = milestoneCounts(repository, of)
  return {
    url,
    html_url: `${site.host}/${repository.fullName}/milestone/${of.number}`,
    labels_url: `${url}/labels`,
    id: of.id,
    node_id: nodeId('MI', repository.id, of.id),
    number: of.number,
    title: of.title,
    description: of.description,
    creator: userOrNull(site, of.creator),
    open_issues: inside.open,
    closed_issues: inside.closed,
    state: of.state,
    created_at: of.createdAt,
    updated_at: of.updatedAt,
    due_on: of.dueOn,
    closed_at: of.closedAt,
  }
}
function milestoneCounts(repository: Repository, of: Milestone): Record<'open' | 'closed', number> {
  const counts = { open: 0, closed: 0 }
  const all = repository.tables.items.by('created')
  if (all.length > 500) return counts
  for (let at = 0; at < all.length; at += 1) {
    const { milestone: at_, state } = all.at(at)
    if (at_ === of) counts[state] += 1
  }
  return counts
}

/** Issues below another, as far as a table can be looked through. */
export function childrenOf({ tables }: Repository, parent: number): readonly Item[] {
  const all = tables.items.by('created')
  return all.length > 500 ? [] : every(all).filter((one) => one.parent === parent)
}
function subIssues(repository: Repository, of: Item) {
  const children = childrenOf(repository, of.number)
  const completed = children.filter(({ state }) => state === 'closed').length
  return {
    total: children.length,
    completed,
    percent_completed: children.length === 0 ? 0 : Math.round((100 * completed) / children.length),
  }
}
function issueType({ type, createdAt }: Item) {
  if (type === null) return null
  return {
    id: 1,
    node_id: 'IT_kwDOtype',
    name: type,
    description: null,
    color: 'red',
    created_at: createdAt,
    updated_at: createdAt,
    is_enabled: true,
  }
}

/** What issues and pull requests have in common, in lists of either. */
export function subject(site: Site, repository: Repository, of: Item) {
  return {
    html_url: `${site.host}/${repository.fullName}/${of.pull === undefined ? 'issues' : 'pull'}/${of.number}`,
    id: of.id,
    node_id: nodeId(of.pull === undefined ? 'I' : 'PR', repository.id, of.id),
    number: of.number,
    title: of.title,
    user: user(site, of.author),
    labels: of.labels.map((one) => label(site, repository, one)),
    state: of.state,
    locked: of.locked !== null,
    active_lock_reason: of.locked === 'unspecified' ? null : of.locked,
    assignee: of.assignees[0] === undefined ? null : userOrNull(site, of.assignees[0]),
    assignees: of.assignees.filter(({ deleted }) => deleted !== true).map((one) => user(site, one)),
    milestone: of.milestone === null ? null : milestone(site, repository, of.milestone),
    created_at: of.createdAt,
    updated_at: of.updatedAt,
    closed_at: of.closedAt,
    author_association: association(repository, of.author),
    ...written(site, of.body),
    ...(of.pull === undefined ? {} : { draft: of.pull.draft }),
  }
}

export function issue(site: Site, repository: Repository, of: Item) {
  const base = repositoryUrl(site, repository)
  const url = `${base}/issues/${of.number}`
  const shared = subject(site, repository, of)
  return {
    ...shared,
    url,
    repository_url: base,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    comments: repository.tables.comments.of(of.number).length,
    ...(of.pull === undefined
      ? {
          sub_issues_summary: subIssues(repository, of),
          type: issueType(of),
          ...(of.parent === null ? {} : { parent_issue_url: `${base}/issues/${of.parent}` }),
        }
      : {
          pull_request: {
            url: `${base}/pulls/${of.number}`,
            html_url: shared.html_url,
            diff_url: `${shared.html_url}.diff`,
            patch_url: `${shared.html_url}.patch`,
            merged_at: of.pull.mergedAt,
          },
        }),
    closed_by: userOrNull(site, of.closedBy),
    reactions: rollup(of.reactions, `${url}/reactions`),
    performed_via_github_app: null,
    state_reason: of.stateReason,
  }
}
export function comment(site: Site, repository: Repository, of: Comment) {
  const base = repositoryUrl(site, repository)
  const kind = repository.item(of.item)?.pull === undefined ? 'issues' : 'pull'
  return {
    url: `${base}/issues/comments/${of.id}`,
    html_url: `${site.host}/${repository.fullName}/${kind}/${of.item}#issuecomment-${of.id}`,
    issue_url: `${base}/issues/${of.item}`,
    id: of.id,
    node_id: nodeId('IC', repository.id, of.id),
    user: user(site, of.author),
    created_at: of.createdAt,
    updated_at: of.updatedAt,
    ...written(site, of.body),
    author_association: association(repository, of.author),
    reactions: rollup(of.reactions, `${base}/issues/comments/${of.id}/reactions`),
    performed_via_github_app: null,
  }
}
