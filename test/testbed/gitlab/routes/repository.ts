import type { BranchSchema, TagSchema } from '@gitbeaker/rest'
import { type Ask, body, changeableIn, created, json, noContent, param, projectIn, type Route, word } from '../ask.ts'
import { commitDiscussions } from '../answers/items.ts'
import type { Told } from '../answers/told.ts'
import { textIn } from '../fields.ts'
import { branchSha, git, gitOr, refsOf } from '../git/repository.ts'
import { page } from '../pages.ts'
import { badRequest, forbidden, missing, notFound } from '../refusal.ts'
import type { ProjectRow } from '../rows.ts'

/** A commit as git tells it. */
function commitAnswer(repository: string, sha: string): Record<string, unknown> {
  const format = '%H%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%P%x00%B'
  const [id = '', author_name, author_email, authored_date, committer_name, committer_email, committed_date, parents = '', message = ''] =
    git(repository, 'show', '-s', `--format=${format}`, sha).split('\u0000')
  return {
    id,
    short_id: id.slice(0, 8),
    created_at: committed_date,
    parent_ids: parents.split(' ').filter((parent) => parent !== ''),
    title: message.split('\n')[0],
    message: message.replace(/\n$/, ''),
    author_name,
    author_email,
    authored_date,
    committer_name,
    committer_email,
    committed_date,
    trailers: {},
  }
}
const named = (repository: string, prefix: string): (readonly [name: string, sha: string])[] =>
  [...refsOf(repository)].filter(([name]) => name.startsWith(prefix)).map(([name, sha]) => [name.slice(prefix.length), sha])

function branchAnswer(ask: Ask, project: ProjectRow, [name, sha]: readonly [string, string]): Told<BranchSchema> {
  const protection = ask.world.protectedBranches.find((row) => row.project_id === project.id && row.name === name)
  return {
    name,
    merged: false,
    protected: protection !== undefined,
    default: name === project.default_branch,
    developers_can_push: false,
    developers_can_merge: false,
    can_push: true,
    web_url: `${ask.world.url}/${ask.world.pathOf(project)}/-/tree/${name}`,
    commit: commitAnswer(ask.world.repository(project), sha) as never,
  }
}
function tagAnswer(ask: Ask, project: ProjectRow, [name, sha]: readonly [string, string]): Told<TagSchema> {
  const repository = ask.world.repository(project)
  const annotated = gitOr(repository, 'cat-file', '-t', sha) === 'tag'
  const release = ask.world.releases.find((row) => row.project_id === project.id && row.tag === name)
  return {
    name,
    target: sha,
    message: annotated ? (gitOr(repository, 'for-each-ref', '--format=%(contents)', `refs/tags/${name}`) ?? '') : '',
    protected: false,
    commit: commitAnswer(repository, gitOr(repository, 'rev-parse', `${sha}^{commit}`) ?? sha) as never,
    release: release === undefined ? null : { tag_name: name, description: release.description },
  }
}

export const repositoryRoutes: readonly Route[] = [
  {
    route: 'GET /projects/{id}/repository/branches',
    answer: (ask) => {
      const project = projectIn(ask)
      const search = word(ask, 'search') ?? ''
      const rows = named(ask.world.repository(project), 'refs/heads/').filter(([name]) => name.includes(search))
      return page(ask, rows, (row) => branchAnswer(ask, project, row))
    },
  },
  {
    route: 'GET /projects/{id}/repository/branches/{branch}',
    answer: (ask) => {
      const project = projectIn(ask)
      const name = param(ask, 'branch')
      const sha = branchSha(ask.world.repository(project), name)
      if (sha === undefined) throw notFound('Branch')
      return json(branchAnswer(ask, project, [name, sha]))
    },
  },
  {
    route: 'POST /projects/{id}/repository/branches',
    answer: async (ask) => {
      const project = changeableIn(ask, 30)
      const fields = await body(ask)
      const [name, ref] = [textIn(fields, 'branch'), textIn(fields, 'ref')]
      if (name === undefined || ref === undefined) throw missing('branch', 'ref')
      const repository = ask.world.repository(project)
      const sha = gitOr(repository, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`)
      if (branchSha(repository, name) !== undefined) throw badRequest('Branch already exists')
      if (sha === undefined) throw badRequest('Invalid reference name: ' + ref)
      if (gitOr(repository, 'update-ref', `refs/heads/${name}`, sha) === undefined) throw badRequest('Branch name is invalid')
      return created(branchAnswer(ask, project, [name, sha]))
    },
  },
  {
    route: 'DELETE /projects/{id}/repository/branches/{branch}',
    answer: (ask) => {
      const project = changeableIn(ask, 30)
      const name = param(ask, 'branch')
      if (ask.world.protectedBranches.some((row) => row.project_id === project.id && row.name === name))
        throw forbidden("403 Forbidden - Protected branch can't be removed")
      if (branchSha(ask.world.repository(project), name) === undefined) throw notFound('Branch')
      git(ask.world.repository(project), 'update-ref', '-d', `refs/heads/${name}`)
      return noContent
    },
  },
  {
    route: 'GET /projects/{id}/repository/tags',
    answer: (ask) => {
      const project = projectIn(ask)
      return page(ask, named(ask.world.repository(project), 'refs/tags/'), (row) => tagAnswer(ask, project, row))
    },
  },
  {
    route: 'GET /projects/{id}/repository/commits/{sha}/discussions',
    answer: (ask) => page(ask, commitDiscussions(ask.world, projectIn(ask).id, param(ask, 'sha')), (row) => row),
  },
  {
    route: 'GET /projects/{id}/repository/commits/{sha}',
    answer: (ask) => {
      const repository = ask.world.repository(projectIn(ask))
      const sha = gitOr(repository, 'rev-parse', '--verify', '--quiet', `${param(ask, 'sha')}^{commit}`)
      if (sha === undefined) throw notFound('Commit')
      return json(commitAnswer(repository, sha))
    },
  },
  {
    route: 'GET /projects/{id}/wikis',
    answer: (ask) => {
      const wiki = ask.world.wiki(projectIn(ask))
      const pages = (gitOr(wiki, 'ls-tree', '-r', '--name-only', 'HEAD') ?? '')
        .split('\n')
        .filter((name) => /\.(?:md|markdown|rdoc|asciidoc|org)$/.test(name))
      return json(
        pages.map((name) => {
          const slug = name.replace(/\.\w+$/, '')
          return {
            format: 'markdown',
            slug,
            title: slug.replaceAll('-', ' '),
            encoding: 'UTF-8',
            content: gitOr(wiki, 'cat-file', 'blob', `HEAD:${name}`) ?? '',
          }
        }),
      )
    },
  },
]
