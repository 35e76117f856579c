import { expect, test } from 'vitest'
import { definition } from '../../../connectors/m365/definition.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import { createFetch } from '../../../src/http/fetch.ts'
import { memoryBucketStore } from '../../../src/queue/bucket-store.ts'
import { withOverrides } from '../../../src/queue/budgets.ts'
import { createLimiter } from '../../../src/queue/limiter.ts'
import { VirtualClock } from '../../support/clock.ts'
import { MAILBOX_CONCURRENCY, MAILBOX_REQUESTS } from '../../testbed/graph/limits.ts'
import { graphTestbed } from '../../testbed/graph/testbed.ts'
import { testPorts } from '../slack/world.ts'
import { connectorFor, mailOf, readOne } from './world.ts'

/** The fetch of a real run, in virtual time. */
function realPorts(clock: VirtualClock, requests: number): Ports {
  const { log } = testPorts()
  const budgets = withOverrides(definition.limits, { outlook: { requests } })
  const limiter = createLimiter({ clock, store: memoryBucketStore(), budgets, scope: 'tenant' })
  const fetch = createFetch({ clock, log, limiter, quotaOf: (request) => definition.quotaOf(request), transport: clock.fetch })
  return { fetch, clock, log }
}

test('the budgets are those that the emulator enforces', () => {
  expect(definition.limits['outlook']).toMatchObject({ concurrency: MAILBOX_CONCURRENCY, requests: MAILBOX_REQUESTS, perMs: 600_000 })
})

test('a first run stays within what one mailbox allows, and takes the time that it takes', async () => {
  const clock = new VirtualClock('2026-03-02T07:00:00Z')
  await using bed = await graphTestbed({
    strict: true,
    latencyMs: 5,
    mailboxRequests: 100,
    mails: 250,
    stories: false,
    pages: 'full',
    now: () => clock.now().getTime(),
  })
  await using connector = connectorFor(bed, {}, realPorts(clock, 100))
  const bytes = new Map<string, Uint8Array>()
  const pass = await readOne(connector, mailOf(bed, 'ada'), new Map(), { bytes })
  expect(bytes.size).toBe(250)
  expect(pass.changes.at(-1)?.type).toBe('checkpoint')
  expect(bed.limits.violations).toEqual([])
  expect(bed.limits.peak).toBeGreaterThan(1)
  // 250 mails and some 35 other requests, a hundred in ten minutes.
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(1_200_000)
  expect(clock.monotonicMs()).toBeLessThan(1_900_000)
})

test('mailboxes do not wait for each other', async () => {
  const clock = new VirtualClock('2026-03-02T07:00:00Z')
  await using bed = await graphTestbed({
    strict: true,
    mailboxRequests: 100,
    mails: 50,
    stories: false,
    pages: 'full',
    now: () => clock.now().getTime(),
  })
  await using connector = connectorFor(bed, {}, realPorts(clock, 100))
  await Promise.all(['ada', 'erika', 'olena'].map((name) => readOne(connector, mailOf(bed, name), new Map(), { bytes: new Map() })))
  expect(bed.limits.violations).toEqual([])
  expect(clock.monotonicMs()).toBeLessThan(600_000)
})

test('a mailbox that is throttled makes nobody else wait', async () => {
  const clock = new VirtualClock('2026-03-02T07:00:00Z')
  await using bed = await graphTestbed({ mails: 5, stories: false, now: () => clock.now().getTime() })
  await using connector = connectorFor(bed, {}, realPorts(clock, 10_000))
  const done: number[] = []
  const reading = (name: string) => readOne(connector, mailOf(bed, name)).then(() => done.push(clock.monotonicMs()))
  // Whoever comes first meets it.
  bed.faults.next('mailFolders.list', { type: 'status', status: 429, retryAfterS: 600 })
  await Promise.all([reading('ada'), reading('erika')])
  expect(bed.faults.unused).toEqual([])
  expect(done[0]).toBeLessThan(600_000)
  expect(done[1]).toBeGreaterThanOrEqual(600_000)
})

test.each([
  ['/v1.0/users/P/mailFolders/delta', ['outlook/p']],
  ["/v1.0/users('P')/mailFolders('F')/messages/delta?$deltatoken=x", ['outlook/p']],
  ['/v1.0/users/P/messages/users/$value', ['outlook/p']],
  ['/v1.0/users/P/todo/lists', ['outlook/p']],
  ['/v1.0/users', ['directory']],
  ['/v1.0/users/P', ['directory']],
  ['/v1.0/groups/G/transitiveMembers', ['directory']],
  ['/v1.0/groups/G/planner/plans', ['planner']],
  ['/v1.0/planner/plans/X/tasks', ['planner']],
  ['/v1.0/$batch', ['directory']],
  ['/tenant/oauth2/v2.0/token', ['token']],
  ['/somewhere/else', []],
])('%s draws on %j', (path, keys) => {
  expect(definition.quotaOf(new Request(`https://graph.microsoft.com${path}`)).map(({ key }) => key)).toEqual(keys)
})
