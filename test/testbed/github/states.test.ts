import { expect, test } from 'vitest'
import { asking } from './asking.ts'
import { createIssue, deleteIssue } from './issues.ts'
import { githubTestbed } from './testbed.ts'

const R = '/repos/fallreep-demo'

test('repositories that moved answer 301, those that may not be shown 451 and 403', async () => {
  await using bed = await githubTestbed()
  const { get } = asking(bed, bed.token('classic'))
  const moved = await get(`${R}/webshop/issues?state=all`)
  expect(moved.status).toBe(301)
  expect(moved.headers.get('location')).toBe(`${bed.apiUrl}/repositories/${bed.sample.shop.id}/issues`)
  expect((await get(moved.headers.get('location') ?? '')).status).toBe(200)
  expect(await get(`${R}/taken-down/issues`)).toMatchObject({ status: 451, json: { block: { reason: 'dmca' } } })
  expect(await get(`${R}/blocked`)).toMatchObject({ status: 403, json: { block: { reason: 'tos' } } })
  expect((await get(`${R}/nothing`)).status).toBe(404)
})

test('issues switched off are 410, pull requests switched off 404', async () => {
  await using bed = await githubTestbed()
  const { get } = asking(bed, bed.token('classic'))
  expect(await get(`${R}/handbook/issues`)).toMatchObject({ status: 410, json: { message: 'Issues are disabled for this repo' } })
  expect((await get(`${R}/mirror/pulls`)).status).toBe(404)
  expect((await get(`${R}/mirror/issues`)).status).toBe(200)
})

test('a deleted issue is 410, one that was never there 404, one that moved leads to where it is', async () => {
  await using bed = await githubTestbed()
  const { website, people } = bed.sample
  const { get, all } = asking(bed, bed.token('classic'))
  const { number } = createIssue(website, { title: 'x', author: people.ada })
  deleteIssue(website, number)
  expect((await get(`${R}/website/issues/${number}`)).status).toBe(410)
  expect((await get(`${R}/website/issues/999`)).status).toBe(404)
  const [gone] = [...website.gone].find(([, to]) => to !== 'deleted') ?? []
  const moved = await get(`${R}/website/issues/${gone}`)
  expect(moved.status).toBe(301)
  expect((await get<{ title: string }>(moved.headers.get('location') ?? '')).json.title).toBe('Rechnung falsch')
  const { rows } = await all<{ number: number }>(`${R}/website/issues?state=all`)
  expect(rows.map((one) => one.number)).not.toContain(number)
})

test('what a suspended person wrote is out of sight and comes back with them', async () => {
  await using bed = await githubTestbed()
  const { all, get } = asking(bed, bed.token('classic'))
  const count = async (): Promise<number> => (await all(`${R}/website/issues/comments`)).rows.length
  const before = await count()
  bed.world.person('erikam').suspended = true
  expect(await count()).toBeLessThan(before)
  expect((await get('/users/erikam')).status).toBe(404)
  bed.world.person('erikam').suspended = false
  expect(await count()).toBe(before)
})

test('faults come once, at the route they are planned for, and answers can be changed on their way', async () => {
  await using bed = await githubTestbed()
  const { get } = asking(bed, bed.token('classic'))
  bed.faults.next('issues/list-for-repo', { type: 'status', status: 502 })
  expect((await get(`${R}/website/issues`)).status).toBe(502)
  expect((await get(`${R}/website/issues`)).status).toBe(200)
  bed.after = (route, json) => (route === 'repos/get' ? { ...(json as object), name: 42 } : json)
  expect((await get(`${R}/website`)).json).toMatchObject({ name: 42 })
  const met: string[] = []
  bed.before = (route) => met.push(route)
  await get(`${R}/website/labels`)
  expect(met).toEqual(['issues/list-labels-for-repo'])
})
