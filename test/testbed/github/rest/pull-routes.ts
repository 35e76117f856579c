import type { Item } from '../model.ts'
import type { Repository } from '../repository.ts'
import { every, mapped, reversed, sequence, type Sequence } from '../table.ts'
import { get, notFound, number, type Call, type Route } from './call.ts'
import { itemOf, partsOf, visible, window } from './issue-routes.ts'
import { reaction } from './render-issues.ts'
import { userOrNull } from './render-people.ts'
import { fullPull, pull, review, reviewComment } from './render-pulls.ts'
import { repositoryUrl } from './render-repository.ts'

const R = '/repos/{owner}/{repo}'

function pullOf(call: Call, repository: Repository): Item {
  withPulls(repository)
  const found = itemOf(call, repository, 'pull_number')
  if (found.pull === undefined) throw notFound()
  return found
}
function withPulls(repository: Repository): void {
  if (!repository.hasPulls) throw notFound()
}
/** No `since` here: whoever wants the newest sorts them down and stops. */
function pulls(call: Call, repository: Repository): Sequence<Item> {
  withPulls(repository)
  const state = call.query.get('state') ?? 'open'
  const query = new URLSearchParams(call.query)
  query.delete('since')
  if (query.get('direction') === null) query.set('direction', query.has('sort') && query.get('sort') !== 'created' ? 'asc' : 'desc')
  const all = repository.pullsOnly?.(query.get('sort') === 'updated' ? 'updated' : 'created')
  if (all !== undefined && state === 'all') return query.get('direction') === 'desc' ? reversed(all) : all
  return sequence(
    every(window(repository.tables.items, query)).filter(
      (one) => one.pull !== undefined && (state === 'all' || one.state === state) && one.author.suspended !== true,
    ),
  )
}
const commentOf = (call: Call, repository: Repository) => {
  const found = repository.tables.reviewComments.get(number(call, 'comment_id'))
  if (found === undefined) throw notFound()
  return found
}

export const pullRoutes: readonly Route[] = [
  get('pulls/list', `${R}/pulls`, (call, repository) => ({
    list: mapped(pulls(call, repository), (one) => pull(call.site, repository, one)),
  })),
  get('pulls/get', `${R}/pulls/{pull_number}`, (call, repository) => ({
    json: fullPull(call.site, repository, pullOf(call, repository)),
  })),
  get('pulls/list-review-comments-for-repo', `${R}/pulls/comments`, (call, repository) => {
    withPulls(repository)
    return {
      list: mapped(visible(call, window(repository.tables.reviewComments, call.query)), (one) => reviewComment(call.site, repository, one)),
      paging: { type: 'numbers', cap: call.caps.comments },
    }
  }),
  get('pulls/get-review-comment', `${R}/pulls/comments/{comment_id}`, (call, repository) => ({
    json: reviewComment(call.site, repository, commentOf(call, repository)),
  })),
  get('reactions/list-for-pull-request-review-comment', `${R}/pulls/comments/{comment_id}/reactions`, (call, repository) => ({
    list: sequence(commentOf(call, repository).reactions.map((one) => reaction(call.site, repository, one))),
  })),
  get('pulls/list-review-comments', `${R}/pulls/{pull_number}/comments`, (call, repository) => ({
    list: mapped(partsOf(repository.tables.reviewComments, pullOf(call, repository)), (one) => reviewComment(call.site, repository, one)),
  })),
  get('pulls/list-reviews', `${R}/pulls/{pull_number}/reviews`, (call, repository) => ({
    list: mapped(partsOf(repository.tables.reviews, pullOf(call, repository)), (one) => review(call.site, repository, one)),
  })),
  get('pulls/list-commits', `${R}/pulls/{pull_number}/commits`, (call, repository) => {
    const { pull: fields, author } = pullOf(call, repository)
    const shas = fields === undefined ? [] : repository.git.commits(fields.base.sha, fields.head.sha)
    const signature = { name: author.name ?? author.login, email: author.email ?? '', date: repository.createdAt }
    return {
      list: sequence(
        shas.map((sha) => {
          const url = `${repositoryUrl(call.site, repository)}/commits/${sha}`
          return {
            sha,
            node_id: `C_${sha}`,
            url,
            html_url: `${call.site.host}/${repository.fullName}/commit/${sha}`,
            comments_url: `${url}/comments`,
            commit: { author: signature, committer: signature, message: '', comment_count: 0, url, tree: { sha, url } },
            author: userOrNull(call.site, author),
            committer: userOrNull(call.site, author),
            parents: [],
          }
        }),
      ),
    }
  }),
]
