import { expect, test } from 'vitest'
import { asking } from './asking.ts'
import { githubTestbed } from './testbed.ts'

const path = '/repos/fallreep-demo/website/labels'

test('the hour of a token ends with 403 and none remaining, and begins anew', async () => {
  let now = Date.parse('2026-11-25T03:00:00Z')
  await using bed = await githubTestbed({ limits: 'published', hourly: 3, now: () => now })
  const { get } = asking(bed, bed.token('classic'))
  for (const left of ['2', '1', '0']) expect((await get(path)).headers.get('x-ratelimit-remaining')).toBe(left)
  const refused = await get(path)
  expect(refused.status).toBe(403)
  expect(refused.headers.get('retry-after')).toBeNull()
  now = Number(refused.headers.get('x-ratelimit-reset')) * 1000
  expect((await get(path)).status).toBe(200)
  expect(bed.limits.violations).toHaveLength(1)
})

test('900 points a minute are everybody’s: then 403 with Retry-After', async () => {
  await using bed = await githubTestbed({ limits: 'published', now: () => 1_800_000_000_000 })
  const tokens = ['classic', 'app'] as const
  const grants = tokens.map((kind) => bed.grant(bed.token(kind)))
  for (let at = 0; at < 900; at += 1)
    for (const grant of grants.slice(at % 2, (at % 2) + 1)) expect(bed.limits.take(grant, 'core', 1, 1)).toBeUndefined()
  const refused = await asking(bed, bed.token('classic')).get<{ message: string }>(path)
  expect(refused).toMatchObject({ status: 403, json: { message: expect.stringContaining('secondary rate limit') } })
  expect(refused.headers.get('retry-after')).toBe('60')
})

test('a hundred requests at a time are the most', async () => {
  await using bed = await githubTestbed({ limits: 'published' })
  const { get } = asking(bed, bed.token('classic'))
  for (let at = 0; at < 100; at += 1) bed.limits.enter('core')
  expect((await get(path)).status).toBe(403)
  bed.limits.leave()
  expect((await get(path)).status).toBe(200)
})

test('an unchanged answer is 304 and free for the same token, and new to every other', async () => {
  await using bed = await githubTestbed()
  const one = asking(bed, bed.token('classic'))
  const first = await one.get(path)
  const etag = { 'if-none-match': first.headers.get('etag') ?? '' }
  const again = await one.get(path, etag)
  expect(again.status).toBe(304)
  expect(again.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'))
  expect((await asking(bed, bed.token('app')).get(path, etag)).status).toBe(200)
})

test('each kind of token has its own hour, and tokens of one installation share theirs', async () => {
  await using bed = await githubTestbed()
  const limit = async (token: string): Promise<string | null> => (await asking(bed, token).get(path)).headers.get('x-ratelimit-limit')
  expect(await limit(bed.token('classic'))).toBe('5000')
  expect(await limit(bed.token('oauth'))).toBe('15000')
  expect(await limit(bed.token('app'))).toBe('12500')
  const { get } = asking(bed, bed.token('app'))
  expect((await get(path)).headers.get('x-ratelimit-used')).toBe('2')
  const budgets = await get<{ resources: { core: { used: number }; graphql: { used: number } } }>('/rate_limit')
  expect(budgets.json.resources).toMatchObject({ core: { used: 2 }, graphql: { used: 0 } })
})
