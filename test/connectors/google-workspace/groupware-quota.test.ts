import { expect, test } from 'vitest'
import { definition } from '../../../connectors/google-workspace/definition.ts'
import { limits, quotaOf } from '../../../connectors/google-workspace/limits.ts'
import { createFetch } from '../../../src/http/fetch.ts'
import { memoryBucketStore } from '../../../src/queue/bucket-store.ts'
import { createLimiter } from '../../../src/queue/limiter.ts'
import { VirtualClock } from '../../support/clock.ts'
import { googleTestbed } from '../../testbed/google/testbed.ts'
import { configOf, never, quickPorts, run } from './world.ts'

test('keeps to what a minute allows, also when seven hundred series changed overnight and every page is short', async () => {
  const clock = new VirtualClock()
  await using bed = await googleTestbed({
    quota: 'published',
    now: () => clock.now().getTime(),
    groupwareStories: false,
  })
  const { log } = quickPorts()
  const limiter = createLimiter({ clock, store: memoryBucketStore(), budgets: limits, scope: 'acme' })
  const ports = { clock, log, fetch: createFetch({ clock, log, limiter, quotaOf, transport: clock.fetch }) }
  await using connector = await definition.open('acme', configOf(bed), ports, never)
  const { id, primaryEmail: who } = bed.company.user('erika')
  const { calendars, contacts } = bed.groupware
  for (let n = 0; n < 1_500; n++) contacts.addContact(who, { names: [{ displayName: `Contact ${n}` }] })
  const start = { dateTime: '2026-03-02T08:00:00Z', timeZone: 'Europe/Berlin' }
  const series = Array.from(
    { length: 700 },
    () => calendars.addEvent(who, { start, end: start, recurrence: ['RRULE:FREQ=WEEKLY'] }).id ?? '',
  )
  const events = await run(connector, `calendars/${id}`)
  expect(events.items.size).toBe(701)
  for (const master of series) calendars.cancelOccurrence(who, master, '20260309T080000Z')
  const before = clock.monotonicMs()
  expect((await run(connector, `calendars/${id}`, events)).of('upsert')).toHaveLength(700)
  // 700 questions at 600 a minute.
  expect((clock.monotonicMs() - before) / 60_000).toBeGreaterThanOrEqual(1)
  expect((await run(connector, `contacts/${id}`)).items.size).toBe(1_502)
  expect(bed.quota.violations).toEqual([])
})
