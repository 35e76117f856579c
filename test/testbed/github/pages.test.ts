import { expect, test } from 'vitest'
import { asking } from './asking.ts'
import { comment, createIssue, crossReference, deleteComment, editComment } from './issues.ts'
import { githubTestbed } from './testbed.ts'
import { GithubWorld } from './world.ts'

interface Row {
  readonly id: number
  readonly number: number
  readonly updated_at: string
}
const caps = { issues: 10, comments: 20 }

function world(issues: number, comments: number) {
  const made = new GithubWorld()
  const ada = made.addPerson('ada')
  const acme = made.addOrganisation('acme')
  acme.members.set(ada, 'admin')
  const repository = made.addRepository(acme, 'r')
  for (let at = 0; at < issues; at += 1, made.advance(1)) createIssue(repository, { title: `${at}`, author: ada })
  for (let at = 0; at < comments; at += 1, made.advance(1)) comment(repository, 1, ada, `${at}`)
  return { world: made, ada, repository }
}

test('page numbers end at the cap of issues; the cursors of the links do not', async () => {
  await using bed = await githubTestbed({ world: world(25, 0).world, caps })
  const { get, all } = asking(bed, bed.token('classic'))
  const refused = await get<{ message: string }>('/repos/acme/r/issues?per_page=5&page=3')
  expect(refused).toMatchObject({ status: 422, json: { message: expect.stringContaining('cursor based pagination') } })
  const { rows, links } = await all<Row>('/repos/acme/r/issues?per_page=5&sort=updated&direction=asc')
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 25 }, (_, at) => at + 1))
  expect(links[0]).toMatch(new RegExp(`^${bed.apiUrl}/repositories/\\d+/issues\\?per_page=5&sort=updated&direction=asc&after=`))
})

test('an issue that changes between two pages makes no other be missed', async () => {
  const { world: made, ada, repository } = world(12, 0)
  await using bed = await githubTestbed({ world: made, caps: { issues: 100 } })
  const { get, all } = asking(bed, bed.token('classic'))
  const first = await get<Row[]>('/repos/acme/r/issues?per_page=5&sort=updated&direction=asc')
  comment(repository, 2, ada, 'moves #2 to the end')
  const next = /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
  const { rows } = await all<Row>(next)
  expect(rows.map(({ number }) => number)).toEqual([6, 7, 8, 9, 10, 11, 12, 2])
})

test('comments end at their cap with 422, and `since` goes on from there', async () => {
  await using bed = await githubTestbed({ world: world(1, 30).world, caps })
  const { get } = asking(bed, bed.token('classic'))
  const path = '/repos/acme/r/issues/comments?sort=updated&direction=asc&per_page=10'
  const second = await get<Row[]>(`${path}&page=2`)
  expect(await get(`${path}&page=3`)).toMatchObject({ status: 422, json: { message: expect.stringContaining('pagination is limited') } })
  const rest = await get<Row[]>(`${path}&since=${second.json.at(-1)?.updated_at}`)
  expect(rest.json).toHaveLength(10)
  expect(rest.json[0]?.id).toBe(second.json.at(-1)?.id)
})

test('`per_page` is 100 at most, and the links of numbered lists name first and last', async () => {
  await using bed = await githubTestbed({ world: world(1, 250).world })
  const { get } = asking(bed, bed.token('classic'))
  const page = await get<Row[]>('/repos/acme/r/issues/comments?per_page=500&page=2')
  expect(page.json).toHaveLength(100)
  const link = page.headers.get('link') ?? ''
  expect([...link.matchAll(/page=(\d+)>; rel="(\w+)"/g)].map(([, at, rel]) => `${rel} ${at}`)).toEqual([
    'prev 1',
    'next 3',
    'last 3',
    'first 1',
  ])
})

test('reactions, cross references and deletions move no `updated_at`; comments and edits do', async () => {
  const { world: made, ada, repository } = world(2, 1)
  await using bed = await githubTestbed({ world: made })
  const { get } = asking(bed, bed.token('classic'))
  const changed = async (since: string): Promise<number[]> => {
    const { json } = await get<Row[]>(`/repos/acme/r/issues?state=all&sort=updated&direction=asc&since=${since}`)
    return json.map(({ number }) => number)
  }
  const since = made.advance(60)
  const [said] = repository.tables.comments.of(1)
  repository.react(repository.item(1) ?? { reactions: [] }, 'heart', ada)
  crossReference(repository, 1, { repository, number: 2 }, ada)
  expect(await changed(since)).toEqual([])
  editComment(repository, said?.id ?? 0, 'changed')
  expect(await changed(since)).toEqual([1])
  const later = made.advance(60)
  deleteComment(repository, said?.id ?? 0)
  expect(await changed(later)).toEqual([])
})
