import type { Item, Part, Row } from '../model.ts'
import type { Repository } from '../repository.ts'
import { every, firstWhere, mapped, reversed, sequence, tail, type PartTable, type Sequence, type Table } from '../table.ts'
import { get, notFound, number, Refusal, type Answer, type Call, type Route } from './call.ts'
import { event, timeline } from './render-events.ts'
import { childrenOf, comment, issue, label, milestone, reaction } from './render-issues.ts'

/** Rows that changed since, in the order asked for. */
export function window<T extends Row>(table: Table<T>, query: URLSearchParams, otherwise: 'asc' | 'desc' = 'asc'): Sequence<T> {
  const order = query.get('sort') === 'updated' ? 'updated' : 'created'
  const direction = query.get('direction') ?? otherwise
  const since = query.get('since')
  const all = table.by(order)
  const wanted =
    since === null
      ? all
      : order === 'updated'
        ? tail(
            all,
            firstWhere(all, ({ updatedAt }) => updatedAt >= normal(since)),
          )
        : sequence(every(all).filter(({ updatedAt }) => updatedAt >= normal(since)))
  return direction === 'desc' ? reversed(wanted) : wanted
}
const normal = (time: string): string => {
  const at = Date.parse(time)
  if (Number.isNaN(at)) throw new Refusal(422, 'Validation Failed')
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

/** The issue of the path, or the reason why it is not there. */
export function itemOf(call: Call, repository: Repository, name = 'issue_number'): Item {
  const asked = number(call, name)
  const found = repository.item(asked)
  if (found !== undefined && found.author.suspended !== true) return found
  const went = repository.gone.get(asked)
  if (went === 'deleted') throw new Refusal(410, 'This issue was deleted')
  if (went !== undefined)
    throw new Refusal(301, 'Moved Permanently', {
      location: `${call.site.api}/repositories/${went.repository.id}/issues/${went.number}`,
    })
  throw notFound()
}
function withIssues(repository: Repository): void {
  if (!repository.hasIssues) throw new Refusal(410, 'Issues are disabled for this repo')
}

function list(call: Call, repository: Repository): Answer {
  withIssues(repository)
  const state = call.query.get('state') ?? 'open'
  const query = new URLSearchParams(call.query)
  let rows = window(repository.tables.items, query, 'desc')
  // Only what is small is filtered: nobody backs up the open half of something large.
  const hides = call.world.someSuspended
  if (state !== 'all' || hides)
    rows = sequence(every(rows).filter((one) => (state === 'all' || one.state === state) && one.author.suspended !== true))
  const order = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt'
  return {
    list: mapped(rows, (one) => issue(call.site, repository, one)),
    paging: { type: 'issues', cap: call.caps.issues, key: (at) => [rows.at(at)[order], rows.at(at).id] },
  }
}
export const visible = <T extends Row & { readonly author: Item['author'] }>(call: Call, rows: Sequence<T>): Sequence<T> =>
  call.world.someSuspended ? sequence(every(rows).filter(({ author }) => author.suspended !== true)) : rows
export const partsOf = <T extends Part>(table: PartTable<T>, item: Item): Sequence<T> => sequence(table.of(item.number))

const R = '/repos/{owner}/{repo}'
export const issueRoutes: readonly Route[] = [
  get('issues/list-for-repo', `${R}/issues`, list),
  get('issues/get', `${R}/issues/{issue_number}`, (call, repository) => {
    withIssues(repository)
    return { json: issue(call.site, repository, itemOf(call, repository)) }
  }),
  get('issues/list-comments-for-repo', `${R}/issues/comments`, (call, repository) => ({
    list: mapped(visible(call, window(repository.tables.comments, call.query)), (one) => comment(call.site, repository, one)),
    paging: { type: 'numbers', cap: call.caps.comments },
  })),
  get('issues/get-comment', `${R}/issues/comments/{comment_id}`, (call, repository) => {
    const found = repository.tables.comments.get(number(call, 'comment_id'))
    if (found === undefined) throw notFound()
    return { json: comment(call.site, repository, found) }
  }),
  get('issues/list-comments', `${R}/issues/{issue_number}/comments`, (call, repository) => ({
    list: mapped(partsOf(repository.tables.comments, itemOf(call, repository)), (one) => comment(call.site, repository, one)),
  })),
  get('issues/list-events-for-repo', `${R}/issues/events`, (call, repository) => ({
    list: mapped(reversed(repository.tables.events.by('created')), (one) => event(call.site, repository, one, true)),
    paging: { type: 'numbers', cap: call.caps.comments },
  })),
  get('issues/list-events', `${R}/issues/{issue_number}/events`, (call, repository) => ({
    list: mapped(partsOf(repository.tables.events, itemOf(call, repository)), (one) => event(call.site, repository, one, false)),
  })),
  get('issues/list-events-for-timeline', `${R}/issues/{issue_number}/timeline`, (call, repository) => ({
    list: sequence(timeline(call.site, repository, itemOf(call, repository))),
  })),
  get('reactions/list-for-issue', `${R}/issues/{issue_number}/reactions`, (call, repository) => ({
    list: sequence(itemOf(call, repository).reactions.map((one) => reaction(call.site, repository, one))),
  })),
  get('reactions/list-for-issue-comment', `${R}/issues/comments/{comment_id}/reactions`, (call, repository) => {
    const found = repository.tables.comments.get(number(call, 'comment_id'))
    if (found === undefined) throw notFound()
    return { list: sequence(found.reactions.map((one) => reaction(call.site, repository, one))) }
  }),
  get('issues/list-sub-issues', `${R}/issues/{issue_number}/sub_issues`, (call, repository) => ({
    list: sequence(childrenOf(repository, itemOf(call, repository).number).map((one) => issue(call.site, repository, one))),
  })),
  get('issues/list-labels-for-repo', `${R}/labels`, (call, repository) => ({
    list: sequence(repository.labels.map((one) => label(call.site, repository, one))),
  })),
  get('issues/list-milestones', `${R}/milestones`, (call, repository) => {
    const state = call.query.get('state') ?? 'open'
    const wanted = repository.milestones.filter((one) => state === 'all' || one.state === state)
    return { list: sequence(wanted.map((one) => milestone(call.site, repository, one))) }
  }),
]
