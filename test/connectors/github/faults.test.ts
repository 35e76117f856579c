import { expect, test } from 'vitest'
import { definition } from '../../../connectors/github/definition.ts'
import { faultIn } from '../../../src/fault.ts'
import { comment, createIssue } from '../../testbed/github/issues.ts'
import { githubTestbed } from '../../testbed/github/testbed.ts'
import { configOf, Held, never, quickPorts, run } from './world.ts'

const quiet = { read: ['issues', 'discussions', 'releases', 'settings', 'boards'] }
const issuesOf = { read: ['issues'], repositories: { include: ['website'] } }

test('a secondary limit is waited out, with and without a time, and an answer cut short is not taken for a list', async () => {
  await using bed = await githubTestbed()
  const whole = await run(bed, new Held(), { change: issuesOf })
  const secondary = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' }
  bed.faults.next(
    'issues/list-comments-for-repo',
    { type: 'status', status: 403, body: secondary },
    { type: 'status', status: 403, body: secondary },
  )
  bed.faults.next('issues/list-for-repo', { type: 'status', status: 403, retryAfterS: 7, body: secondary })
  const ports = quickPorts()
  const held = await run(bed, new Held(), { change: issuesOf, ports })
  expect(ports.pauses).toEqual([7_000, 60_000, 120_000])
  expect(held.revisions).toEqual(whole.revisions)
  bed.faults.next('issues/list-comments-for-repo', { type: 'truncate', toBytes: 50 })
  const cut = await run(bed, new Held(), { change: issuesOf }).catch((error: unknown) => faultIn(error))
  expect(cut).toMatchObject({ code: 'unavailable', retry: { type: 'backoff' } })
  expect(bed.faults.unused).toEqual([])
})

test('a query that is too heavy is asked in halves, and gives the same', async () => {
  await using easy = await githubTestbed()
  await using hard = await githubTestbed({ heavyNodes: 600 })
  const [whole, halved] = [await run(easy, new Held(), { change: quiet }), await run(hard, new Held(), { change: quiet })]
  const ids = (held: Held): string[] => [...held.items.keys()].toSorted()
  expect(ids(halved)).toEqual(ids(whole))
  expect(hard.points.queries.filter(({ nodes }) => nodes > 600)).not.toEqual([])
})

test('more issues and comments than page numbers lead to are read, also when hundreds of them changed in one second', async () => {
  const caps = { issues: 200, comments: 200 }
  await using bed = await githubTestbed({ caps })
  const { website: site, people } = bed.sample
  for (let at = 0; at < 230; at += 1) {
    createIssue(site, { title: `at once ${at}`, author: people.ada })
    comment(site, 1, people.ada, `one by one ${at}`)
    if (at > 120) bed.world.advance(1)
  }
  const held = await run(bed, new Held(), { change: issuesOf })
  expect(held.of('issue').filter(({ body }) => body.title.startsWith('at once'))).toHaveLength(230)
  expect(held.of('comment').filter(({ body }) => body.text.startsWith('one by one'))).toHaveLength(230)
  expect(held.losses).toEqual([])
})

test('more in one second than GitHub gives is said to be missing, and what came after is read', async () => {
  await using bed = await githubTestbed({ caps: { comments: 200 } })
  const { website: site, people } = bed.sample
  for (let at = 0; at < 230; at += 1) comment(site, 1, people.ada, `at once ${at}`)
  const second = bed.world.now
  bed.world.advance(5)
  comment(site, 1, people.ada, 'later')
  const held = await run(bed, new Held(), { change: issuesOf })
  expect(held.of('comment').some(({ body }) => body.text === 'later')).toBe(true)
  expect(held.losses).toEqual([expect.stringContaining(second)])
})

test('installation tokens that end in the middle are made anew, for the API, git and LFS', async () => {
  await using bed = await githubTestbed()
  let requests = 0
  bed.before = (route) => {
    requests += 1
    if (requests % 9 === 0 && route !== 'apps/create-installation-access-token') bed.tokens.expire()
  }
  const change = { repositories: { include: ['billing'] } }
  const held = await run(bed, new Held(), { change, bytes: true })
  bed.before = () => undefined
  const calm = await run(bed, new Held(), { change, bytes: true })
  expect(held.revisions).toEqual(calm.revisions)
  expect([...held.blobs.keys()].toSorted()).toEqual([...calm.blobs.keys()].toSorted())
  expect(bed.tokens.issued).toBeGreaterThan(3)
})

test('a repository that is blocked, a feature that is off and a part that is refused are losses of theirs and of nobody else', async () => {
  await using bed = await githubTestbed()
  const token = bed.token('classic')
  bed.grant(token).denied.add('repos/list-webhooks').add('issues/list-events-for-repo')
  const held = await run(bed, new Held(), { change: quiet, token })
  const { website, takenDown, blocked, handbook, mirror, empty } = bed.sample
  const said = held.losses.map((loss) => loss.split(':')[0])
  for (const { id } of [takenDown, blocked]) {
    expect(said).toContain(`repository-settings/${id} withheld-by-source`)
    expect(held.items.has(held.get('repository', `repository/${id}`).id)).toBe(true)
  }
  expect(said).toContain(`repository/${website.id} withheld-by-source`)
  expect(held.get('repository-settings', `repository-settings/${website.id}`).body.unseen).toEqual(['webhooks'])
  expect(held.of('issue').filter(({ collection }) => collection === `repository/${website.id}`)).not.toEqual([])
  for (const { id } of [handbook, mirror, empty]) expect(held.items.has(held.get('repository', `repository/${id}`).id)).toBe(true)
})

test('repositories out of sight are counted and said, by check and as losses', async () => {
  await using bed = await githubTestbed()
  bed.tokens.exclude(bed.sample.legacy)
  bed.tokens.exclude(bed.sample.handbook)
  await using connector = await definition.open('acme', configOf(bed), quickPorts(), never)
  const checks = await Array.fromAsync(connector.check(never))
  expect(checks.find(({ name }) => name === 'coverage')).toMatchObject({ status: 'warn', detail: expect.stringContaining('out of sight') })
  expect(checks.filter(({ status }) => status === 'fail')).toEqual([])
  const held = await run(bed, new Held(), { change: quiet })
  expect(held.losses.filter((loss) => loss.startsWith('repository/all') || loss.includes('handbook'))).not.toEqual([])
})

test('doctor names missing scopes, a clock that is wrong and a token that is none', async () => {
  await using bed = await githubTestbed()
  const checks = async (token: string, now?: () => number) => {
    await using connector = await definition.open('acme', configOf(bed, {}, token), quickPorts(now), never)
    return Array.fromAsync(connector.check(never))
  }
  const few = await checks(bed.token('classic', { scopes: ['repo'] }))
  expect(few.find(({ name }) => name === 'scopes')).toMatchObject({ status: 'warn', detail: expect.stringContaining('read:org') })
  const late = await checks(bed.token('classic'), () => Date.now() - 3_600_000)
  expect(late.find(({ name }) => name === 'clock')).toMatchObject({
    status: 'fail',
    detail: expect.stringMatching(/^3(?:599|600|601) seconds behind GitHub$/),
  })
  expect(await checks('ghp_no_such_token_at_all')).toMatchObject([{ name: 'token', status: 'fail', remedy: expect.stringMatching(/./) }])
})
