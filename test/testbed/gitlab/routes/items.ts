import { diffAnswer, issueAnswer, mergeRequestAnswer } from '../answers/items.ts'
import { userAnswer } from '../answers/people.ts'
import { type Ask, body, created, itemIn, json, noContent, projectIn, type Route, word } from '../ask.ts'
import { changeItem, createIssue, createMergeRequest } from '../changes.ts'
import { textIn } from '../fields.ts'
import type { DiffRow, ItemKind, ItemRow } from '../item-rows.ts'
import type { ItemQuery } from '../items.ts'
import { page, type Slices } from '../pages.ts'
import { forbidden, missing, notFound } from '../refusal.ts'
import type { ProjectRow } from '../rows.ts'

function queryOf(ask: Ask): ItemQuery {
  const state = word(ask, 'state')
  const iids = ask.query.getAll('iids[]').map(Number)
  const after = word(ask, 'updated_after')
  return {
    orderBy: word(ask, 'order_by') === 'updated_at' ? 'updated' : 'created',
    descending: word(ask, 'sort') !== 'asc',
    ...(state === undefined || state === 'all' ? {} : { states: [state] }),
    ...(iids.length === 0 ? {} : { iids }),
    ...(after === undefined ? {} : { updatedAfter: new Date(after).toISOString() }),
  }
}
function listed(ask: Ask, project: ProjectRow, kind: ItemKind): Slices<ItemRow> {
  const query = queryOf(ask)
  return {
    total: ask.world.items.count(project.id, kind, query),
    slice: (offset, limit) => ask.world.items.list(project.id, kind, query, limit, offset),
  }
}
const shapeOf = (kind: ItemKind) => (kind === 'issue' ? issueAnswer : mergeRequestAnswer)
/** A project whose feature is off answers 403 as if there were nothing. */
function withFeature(ask: Ask, kind: ItemKind, level = 0): ProjectRow {
  const project = projectIn(ask, level)
  if (project.settings[kind === 'issue' ? 'issues_access_level' : 'merge_requests_access_level'] === 'disabled') throw forbidden()
  return project
}
function diffIn(ask: Ask, project: ProjectRow): DiffRow {
  const diff = ask.world.items.diff(project.id, itemIn(ask, project, 'merge_request').iid)
  if (diff === undefined) throw notFound('Merge Request Diff')
  return diff
}

const routesOf = (kind: ItemKind, room: 'issues' | 'merge_requests'): readonly Route[] => [
  {
    route: `GET /projects/{id}/${room}`,
    answer: (ask) => {
      const project = withFeature(ask, kind)
      return page(ask, listed(ask, project, kind), (item) => shapeOf(kind)(ask.world, project, item))
    },
  },
  {
    route: `GET /projects/{id}/${room}/{iid}`,
    answer: (ask) => {
      const project = withFeature(ask, kind)
      return json(shapeOf(kind)(ask.world, project, itemIn(ask, project, kind)))
    },
  },
  {
    route: `POST /projects/{id}/${room}`,
    answer: async (ask) => {
      const { world, me, limits } = ask
      const project = withFeature(ask, kind)
      if (project.archived) throw forbidden()
      const fields = await body(ask)
      if (textIn(fields, 'title') === undefined) throw missing('title')
      if (kind === 'issue') limits.issue(me)
      const item = kind === 'issue' ? createIssue(world, project, me, fields) : createMergeRequest(world, project, me, fields)
      return created(shapeOf(kind)(world, project, item))
    },
  },
  {
    route: `PUT /projects/{id}/${room}/{iid}`,
    answer: async (ask) => {
      const project = withFeature(ask, kind)
      if (project.archived) throw forbidden()
      const item = itemIn(ask, project, kind)
      return json(shapeOf(kind)(ask.world, project, changeItem(ask.world, project, ask.me, item, await body(ask))))
    },
  },
  {
    route: `DELETE /projects/{id}/${room}/{iid}`,
    answer: (ask) => {
      const project = projectIn(ask, 50)
      ask.world.items.remove(itemIn(ask, project, kind))
      return noContent
    },
  },
]
const version = (
  { id, base_commit_sha, head_commit_sha, start_commit_sha, created_at, state, real_size }: DiffRow,
  item: ItemRow,
): Record<string, unknown> => ({
  id,
  base_commit_sha,
  head_commit_sha,
  start_commit_sha,
  created_at,
  state,
  real_size,
  merge_request_id: item.id,
  patch_id_sha: null,
})

export const itemRoutes: readonly Route[] = [
  ...routesOf('issue', 'issues'),
  ...routesOf('merge_request', 'merge_requests'),
  {
    route: 'GET /projects/{id}/merge_requests/{iid}/versions',
    answer: (ask) => {
      const project = projectIn(ask)
      const item = itemIn(ask, project, 'merge_request')
      const diff = ask.world.items.diff(project.id, item.iid)
      return page(ask, diff === undefined ? [] : [diff], (row) => version(row, item))
    },
  },
  {
    route: 'GET /projects/{id}/merge_requests/{iid}/versions/{version_id}',
    answer: (ask) => {
      const project = projectIn(ask)
      const diff = diffIn(ask, project)
      return json({
        ...version(diff, itemIn(ask, project, 'merge_request')),
        commits: diff.commits.map(commitAnswer),
        diffs: diff.files.map(diffAnswer),
      })
    },
  },
  {
    route: 'GET /projects/{id}/merge_requests/{iid}/diffs',
    answer: (ask) => page(ask, diffIn(ask, projectIn(ask)).files, diffAnswer),
  },
  {
    route: 'GET /projects/{id}/merge_requests/{iid}/changes',
    answer: (ask) => {
      const project = projectIn(ask)
      const item = itemIn(ask, project, 'merge_request')
      return json({ ...mergeRequestAnswer(ask.world, project, item), changes: diffIn(ask, project).files.map(diffAnswer), overflow: false })
    },
  },
  {
    route: 'GET /projects/{id}/merge_requests/{iid}/commits',
    answer: (ask) => page(ask, diffIn(ask, projectIn(ask)).commits, commitAnswer),
  },
  {
    route: 'GET /projects/{id}/merge_requests/{iid}/approvals',
    answer: (ask) => {
      const item = itemIn(ask, projectIn(ask), 'merge_request')
      const approved_by = item.approvals.map(({ user_id, created_at }) => ({
        user: userAnswer(ask.world, user_id),
        approved_at: created_at,
      }))
      return json({ user_has_approved: false, user_can_approve: false, approved: approved_by.length > 0, approved_by })
    },
  },
  {
    route: 'GET /projects/{id}/merge_requests/{iid}/reviewers',
    answer: (ask) => {
      const { reviewers } = itemIn(ask, projectIn(ask), 'merge_request')
      return page(ask, reviewers, ({ user_id, state, created_at }) => ({ user: userAnswer(ask.world, user_id), state, created_at }))
    },
  },
]
function commitAnswer(commit: DiffRow['commits'][number]): Record<string, unknown> {
  const [title = ''] = commit.message.split('\n')
  return {
    ...commit,
    id: commit.sha,
    short_id: commit.sha.slice(0, 8),
    title,
    created_at: commit.committed_date,
    parent_ids: [],
    trailers: {},
  }
}
