import { linkAnswer, releaseAnswer } from '../answers/projects.ts'
import { type Ask, body, changeableIn, created, json, param, projectIn, type Route } from '../ask.ts'
import { fieldsOf, rowsOf, textIn, timeIn } from '../fields.ts'
import { gitOr } from '../git/repository.ts'
import { page } from '../pages.ts'
import { badRequest, conflict, missing, notFound } from '../refusal.ts'
import type { Fields, ProjectRow, ReleaseRow } from '../rows.ts'

function find(ask: Ask, project: ProjectRow): ReleaseRow {
  const row = ask.world.releases.find((each) => each.project_id === project.id && each.tag === param(ask, 'tag'))
  if (row === undefined) throw notFound('')
  return row
}
function addLink(ask: Ask, release: ReleaseRow, fields: Fields): ReleaseRow['links'][number] {
  const [name, url] = [textIn(fields, 'name'), textIn(fields, 'url')]
  if (name === undefined || url === undefined) throw missing(...(name === undefined ? ['name'] : []), ...(url === undefined ? ['url'] : []))
  if (!/^(?:https?|ftp):\/\//.test(url)) throw badRequest({ url: ['is blocked: Only allowed schemes are http, https, ftp'] })
  if (release.links.some((link) => link.name === name)) throw badRequest({ name: ['has already been taken'] })
  if (release.links.some((link) => link.url === url)) throw badRequest({ url: ['has already been taken'] })
  const filepath = textIn(fields, 'direct_asset_path') ?? textIn(fields, 'filepath') ?? null
  const row = { id: ask.world.next('release_link'), name, url, filepath, link_type: textIn(fields, 'link_type') ?? 'other' }
  release.links.push(row)
  return row
}

export const releaseRoutes: readonly Route[] = [
  {
    route: 'GET /projects/{id}/releases',
    answer: (ask) => {
      const project = projectIn(ask)
      const rows = ask.world.releases
        .filter((row) => row.project_id === project.id)
        .toSorted((a, b) => (a.released_at < b.released_at ? 1 : -1))
      return page(ask, rows, (row) => releaseAnswer(ask.world, project, row))
    },
  },
  {
    route: 'POST /projects/{id}/releases',
    answer: async (ask) => {
      const { world, me } = ask
      const project = changeableIn(ask, 30)
      const fields = await body(ask)
      const tag = textIn(fields, 'tag_name')
      if (tag === undefined) throw missing('tag_name')
      if (world.releases.some((row) => row.project_id === project.id && row.tag === tag)) throw conflict('Release already exists')
      const repository = world.repository(project)
      const sha =
        gitOr(repository, 'rev-parse', '--verify', '--quiet', `refs/tags/${tag}^{commit}`) ?? tagNow(repository, tag, textIn(fields, 'ref'))
      const row: ReleaseRow = {
        project_id: project.id,
        tag,
        name: textIn(fields, 'name') ?? tag,
        description: textIn(fields, 'description') ?? '',
        author_id: me.id,
        created_at: world.now(),
        released_at: timeIn(fields, 'released_at') ?? world.now(),
        sha,
        links: [],
      }
      for (const link of rowsOf(fieldsOf(fields['assets'])['links'])) addLink(ask, row, link)
      world.releases.push(row)
      return created(releaseAnswer(world, project, row))
    },
  },
  {
    route: 'GET /projects/{id}/releases/{tag}',
    answer: (ask) => {
      const project = projectIn(ask)
      return json(releaseAnswer(ask.world, project, find(ask, project)))
    },
  },
  {
    route: 'PUT /projects/{id}/releases/{tag}',
    answer: async (ask) => {
      const project = changeableIn(ask, 30)
      const row = find(ask, project)
      const fields = await body(ask)
      row.name = textIn(fields, 'name') ?? row.name
      row.description = textIn(fields, 'description') ?? row.description
      row.released_at = timeIn(fields, 'released_at') ?? row.released_at
      return json(releaseAnswer(ask.world, project, row))
    },
  },
  {
    route: 'DELETE /projects/{id}/releases/{tag}',
    answer: (ask) => {
      const project = changeableIn(ask, 30)
      const row = find(ask, project)
      ask.world.releases.splice(ask.world.releases.indexOf(row), 1)
      return json(releaseAnswer(ask.world, project, row))
    },
  },
  {
    route: 'GET /projects/{id}/releases/{tag}/assets/links',
    answer: (ask) => {
      const project = projectIn(ask)
      const release = find(ask, project)
      return page(ask, release.links, (link) => linkAnswer(ask.world, project, release, link))
    },
  },
  {
    route: 'POST /projects/{id}/releases/{tag}/assets/links',
    answer: async (ask) => {
      const project = changeableIn(ask, 30)
      const release = find(ask, project)
      return created(linkAnswer(ask.world, project, release, addLink(ask, release, await body(ask))))
    },
  },
  {
    route: 'DELETE /projects/{id}/releases/{tag}/assets/links/{link_id}',
    answer: (ask) => {
      const project = changeableIn(ask, 30)
      const release = find(ask, project)
      const at = release.links.findIndex(({ id }) => id === Number(param(ask, 'link_id')))
      const [link] = at < 0 ? [] : release.links.splice(at, 1)
      if (link === undefined) throw notFound('Link')
      return json(linkAnswer(ask.world, project, release, link))
    },
  },
]
/** A release of a tag that is not there makes it at `ref`. */
function tagNow(repository: string, tag: string, ref: string | undefined): string {
  if (ref === undefined) throw badRequest('Ref is not specified')
  const sha = gitOr(repository, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`)
  if (sha === undefined || gitOr(repository, 'update-ref', `refs/tags/${tag}`, sha) === undefined) throw badRequest('Target is invalid')
  return sha
}
