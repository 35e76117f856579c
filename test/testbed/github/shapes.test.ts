import { expect, test } from 'vitest'
import type { Row } from './model.ts'
import { PublishedApi } from './openapi.ts'
import { ROUTES } from './rest/routes.ts'
import { every, type Table } from './table.ts'
import { githubTestbed, type GithubTestbed } from './testbed.ts'
import { appJwt } from './jwt.ts'

const published = new PublishedApi()
/** Where the description is wrong or behind, and why. */
const EXPLAINED: readonly (readonly [RegExp, string])[] = [
  [/^apps\/list-installations \[\]\.(account|client_id)/, 'the list is described apart from the single one, and is older'],
  [/^issues\/list-events\S* \[\]\.state_reason/, 'events of closing have told the reason since 2022'],
  [/^issues\/list-events-for-timeline \[\]\.user: null/, 'reviews by people whose account is deleted'],
  [/^pulls\/\S+ (\[\])?\.head\.(repo|user): null/, 'the fork, or its owner, is gone'],
  [/^pulls\/\S+ (\[\])?\.(line|position): null/, 'the line is gone, as the words beside the description say'],
]

/** Every value that a place in a path can have in the sample organisation. */
function* values(bed: GithubTestbed, path: string): Generator<Readonly<Record<string, string>>> {
  const { world, sample, app } = bed
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  if (names.length === 0) return yield {}
  if (names.includes('repo')) {
    for (const repository of world.of(sample.organisation)) {
      if (repository.block !== undefined) continue
      const { tables } = repository
      const ids: Readonly<Record<string, () => readonly (string | number)[]>> = {
        issue_number: () => rows(tables.items).map(({ number }) => number),
        pull_number: () =>
          rows(tables.items)
            .filter(({ pull }) => pull !== undefined)
            .map(({ number }) => number),
        comment_id: () => (path.includes('/pulls/') ? rows(tables.reviewComments) : rows(tables.comments)).map(({ id }) => id),
        asset_id: () => rows(repository.releases).flatMap(({ assets }) => assets.map(({ id }) => id)),
        path: () => ['README.md', '.github/workflows', 'src'],
        branch: () => repository.protections.map(({ branch }) => branch),
        ruleset_id: () => repository.rulesets.map(({ id }) => id),
        environment_name: () => repository.environments.map(({ name }) => name),
      }
      const more = names.find((name) => name !== 'owner' && name !== 'repo')
      const base = { owner: repository.owner.login, repo: repository.name }
      if (more === undefined) yield base
      else for (const id of ids[more]?.() ?? []) yield { ...base, [more]: String(id) }
    }
    return
  }
  const org = sample.organisation.login
  if (names.includes('team_slug')) for (const { slug } of sample.organisation.teams) yield { org, team_slug: slug }
  else if (names.includes('project_number'))
    for (const { number } of sample.organisation.projects) yield { org, project_number: String(number) }
  else if (path === '/users/{username}/repos') yield { username: 'Olena-Koval' }
  else yield { org, username: 'ada-weiss', installation_id: String(app.installation) }
}
const rows = <T extends Row>(table: Table<T>): readonly T[] => every(table.by('created'))

test('every answer about the sample organisation has the shape GitHub published', async () => {
  await using bed = await githubTestbed()
  const personal = bed.token('classic')
  const installation = bed.token('app')
  const found: string[] = []
  const unasked: string[] = []
  for (const { name, method, path, by } of ROUTES) {
    // Answers with a page, not with JSON: see downloads.test.ts.
    if (name === 'markdown/render') continue
    let asked = 0
    for (const places of values(bed, path)) {
      const address = path.replaceAll(/\{(\w+)\}/g, (_, place: string) => encodeURIComponent(places[place] ?? ''))
      const token = by === 'app' ? appJwt(bed.app) : by === 'installation' ? installation : personal
      const query = method === 'GET' ? '?per_page=100&state=all' : ''
      const answer = await fetch(`${bed.apiUrl}${address}${query}`, { method, headers: { authorization: `Bearer ${token}` } })
      if (answer.status === 410 || answer.status === 404) continue
      asked += 1
      for (const complaint of published.complaints(method, path, answer.status, await answer.json())) found.push(`${name} ${complaint}`)
    }
    if (asked === 0) unasked.push(name)
  }
  expect([...new Set(found)].filter((one) => !EXPLAINED.some(([known]) => known.test(one)))).toEqual([])
  expect(unasked).toEqual([])
})

test('routes have the names and paths GitHub gives them', () => {
  expect(ROUTES.filter(({ name, method, path }) => published.nameOf(method, path) !== name).map(({ name }) => name)).toEqual([])
})
