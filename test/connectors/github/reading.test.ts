import { expect, test } from 'vitest'
import { protection, ruleset } from '../../../connectors/github/map/protection.ts'
import { isDue } from '../../../connectors/github/repository/changes.ts'
import { Known } from '../../../connectors/github/repository/known.ts'
import { ProtectionAnswer, RulesetAnswer } from '../../../connectors/github/wire/settings.ts'
import { definition } from '../../../connectors/github/definition.ts'
import { crossReference } from '../../testbed/github/issues.ts'
import { createPull, review } from '../../testbed/github/pulls.ts'
import { githubTestbed } from '../../testbed/github/testbed.ts'
import { configOf, Held, never, quickPorts, run } from './world.ts'

test('an unchanged night asks for the list, for people, and one list of refs of each repository', async () => {
  await using bed = await githubTestbed()
  const change = { repositories: { include: ['website', 'billing', 'handbook', 'empty'] } }
  const token = bed.token('classic')
  const held = await run(bed, new Held(), { change, token })
  bed.calls.clear()
  bed.points.clear()
  await run(bed, held, { change, token })
  const { 'git.fetch': git, 'git.refs': refs, 'wiki.fetch': wiki, graphql, ...rest } = bed.calls.byRoute
  // The wiki of the handbook was never written; the empty repository has no refs that could be the same, and is asked in two requests.
  expect({ git, refs, wiki, graphql }).toEqual({ git: 4, refs: 1, wiki: 1, graphql: 3 })
  expect(rest).toEqual({
    'orgs/get': 1,
    'repos/list-for-org': 1,
    'orgs/list-outside-collaborators': 1,
    'orgs/list-members': 2,
    'teams/list': 1,
    'teams/list-members-in-org': 3,
  })
  expect(Object.keys(bed.points.byName).toSorted()).toEqual(['Boards', 'People', 'Repositories'])
})

test('a long list of events that was broken off goes on at its page and ends with the same', async () => {
  await using bed = await githubTestbed()
  const { website: site, people } = bed.sample
  const item = site.item(1)
  if (item === undefined) throw new Error('the sample has an issue')
  for (let at = 0; at < 2_300; at += 1) site.addEvent(item, 'subscribed', people.ken)
  const change = { read: ['issues'], repositories: { include: ['website'] } }
  const whole = await run(bed, new Held(), { change })
  const held = new Held()
  await using connector = await definition.open('acme', configOf(bed, change), quickPorts(), never)
  const collections = await Array.fromAsync(connector.collections(never))
  const site1 = collections.find(({ title }) => title.endsWith('/website'))
  if (site1 === undefined) throw new Error('the sample has a website')
  bed.calls.clear()
  for await (const made of connector.changes(site1, undefined, never)) {
    held.take(site1.id, made)
    if (made.type === 'checkpoint' && bed.calls.count('issues/list-events-for-repo') === 20) break
  }
  bed.calls.clear()
  site.addEvent(item, 'pinned', people.ken)
  await run(bed, held, { change, only: (title) => title.endsWith('/website') })
  // The rest of the pages, and one more from the top.
  expect(bed.calls.count('issues/list-events-for-repo')).toBeLessThan(8)
  const events = (from: Held): string[] =>
    from
      .of('timeline-event')
      .map(({ id }) => id)
      .toSorted()
  expect(events(held)).toHaveLength(events(whole).length + 1)
  expect(events(held)).toEqual(expect.arrayContaining(events(whole)))
})

test('pull requests are read where issues are switched off', async () => {
  await using bed = await githubTestbed()
  const { handbook, people } = bed.sample
  const change = { read: ['issues'], repositories: { include: ['handbook'] } }
  const held = await run(bed, new Held(), { change })
  handbook.git.refs.set('refs/heads/work', handbook.git.tip('refs/heads/trunk'))
  handbook.push('work', people.ken, 'Work', { 'work.txt': 'one\n' })
  const { number } = createPull(handbook, { title: 'Work', author: people.ken, head: 'work', base: 'trunk' })
  review(handbook, number, people.ada, 'APPROVED', 'Yes')
  bed.world.advance(60)
  await run(bed, held, { change })
  expect(held.get('change-request', `change-request/${handbook.id}/${number}`).body.head.ref).toBe('work')
  expect(held.of('review')).toHaveLength(1)
})

test('lists inside of an answer are followed to their end: reviews, reactions, cross references', async () => {
  await using bed = await githubTestbed()
  const { website: site, people } = bed.sample
  const item = site.tables.items.own(site.item(2)?.id ?? 0)
  if (item === undefined) throw new Error('the sample has a pull request')
  for (let at = 0; at < 230; at += 1) {
    review(site, 2, people.ada, 'COMMENTED', `look ${at}`)
    site.react(item, 'eyes', bed.world.addPerson(`fan-${at}`))
    crossReference(site, 2, { repository: site, number: 1 }, people.ken)
  }
  const held = await run(bed, new Held(), { change: { read: ['issues'], repositories: { include: ['website'] } } })
  const { body, id } = held.get('change-request', `change-request/${site.id}/2`)
  expect(body.reactions).toHaveLength(230)
  expect(held.of('review').filter((one) => one.body.text.startsWith('look'))).toHaveLength(230)
  const references = held.of('timeline-event').filter((one) => one.body.on === id && one.body.type === 'cross-referenced')
  expect(references.length).toBeGreaterThanOrEqual(230)
})

test('what is known of a repository is written down and read again the same', () => {
  const known = new Known()
  const one = known.of(7, 'issue')
  one.reactions = 3
  for (const id of [4_000_000_001, 17, 900]) one.comments.set(id, id === 17 ? 5 : 0)
  const two = known.of(40_000, 'change-request')
  Object.assign(two, { references: 2, head: 0xabcdef, standing: 1, total: 12 })
  two.reviews.add(5).add(3)
  two.lines.set(9, 255)
  two.threads.add(9)
  known.of(8, 'discussion').lines.set(1, 0)
  known.orphans.set(9, { root: 8, number: 40_000 })
  const again = Known.decode(known.encode())
  expect(again.encode()).toBe(known.encode())
  expect([...again.items].toSorted(([a], [b]) => a - b)).toEqual([...known.items].toSorted(([a], [b]) => a - b))
  expect([...again.orphans]).toEqual([...known.orphans])
  expect(Known.decode(new Known().encode()).items.size).toBe(0)
  expect(() => Known.decode('anything')).toThrow(TypeError)
})

test('every repository is swept once within the period, no night has them all, and one passed over is due at once', () => {
  const nights = Array.from({ length: 14 }, (_, at) => 20_000 + at)
  const due = nights.map((day) => Array.from({ length: 200 }, (_, id) => id).filter((id) => isDue(id, day - 13, day, 14)).length)
  expect(due.reduce((sum, one) => sum + one, 0)).toBe(200)
  expect(Math.max(...due)).toBeLessThan(30)
  expect(isDue(1, 20_000, 20_015, 14)).toBe(true)
  expect(nights.filter((day) => isDue(1, 20_013, day, 14))).toEqual([])
})

test.each([
  {
    name: 'a branch with everything',
    mapped: protection(
      'main',
      ProtectionAnswer.parse({
        required_status_checks: { strict: true, contexts: ['lint'], checks: [{ context: 'ci' }, { context: 'lint' }] },
        required_pull_request_reviews: { required_approving_review_count: 2, require_code_owner_reviews: true },
        restrictions: { users: [{ login: 'ada' }], teams: [{ slug: 'core' }], apps: [] },
        allow_force_pushes: { enabled: false },
        required_signatures: { enabled: true },
        lock_branch: { enabled: true },
      }),
    ),
    expected: {
      pattern: 'main',
      checks: ['ci', 'lint'],
      approvals: 2,
      pushers: ['ada', 'core'],
      signedCommits: true,
      others: ['lock_branch'],
    },
  },
  {
    name: 'a ruleset that is only tried out',
    mapped: ruleset(
      RulesetAnswer.parse({
        name: 'Releases',
        target: 'branch',
        enforcement: 'evaluate',
        conditions: { ref_name: { include: ['refs/heads/release/*'], exclude: ['refs/heads/release/old'] } },
        rules: [
          { type: 'non_fast_forward' },
          { type: 'pull_request', parameters: { required_approving_review_count: 1 } },
          { type: 'required_status_checks', parameters: { required_status_checks: [{ context: 'ci' }] } },
          { type: 'commit_message_pattern' },
        ],
      }),
    )[0],
    expected: {
      pattern: 'release/*',
      origin: 'ruleset',
      enforced: false,
      allowForcePush: false,
      allowDeletion: true,
      approvals: 1,
      checks: ['ci'],
      others: ['commit_message_pattern', 'exclude refs/heads/release/old'],
    },
  },
])('protection: $name', ({ mapped, expected }) => {
  expect(mapped).toMatchObject(expected)
})
