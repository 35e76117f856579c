import { expect, test } from 'vitest'
import { definition } from '../../../connectors/google-workspace/definition.ts'
import { limits, quotaOf } from '../../../connectors/google-workspace/limits.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import { type Fault, faultIn } from '../../../src/fault.ts'
import { createFetch } from '../../../src/http/fetch.ts'
import { memoryBucketStore } from '../../../src/queue/bucket-store.ts'
import { createLimiter } from '../../../src/queue/limiter.ts'
import { VirtualClock } from '../../support/clock.ts'
import { errorBody } from '../../testbed/google/refusal.ts'
import { googleTestbed, type GoogleTestbed } from '../../testbed/google/testbed.ts'
import { configOf, Held, never, open, quickPorts, run } from './world.ts'

const mailOf = (bed: GoogleTestbed, name: string): string => `mail/${bed.company.user(name).id}`
async function night(
  bed: GoogleTestbed,
  name: string,
  held = new Held(),
  ports?: Ports,
): Promise<{ held: Held; fault: Fault | undefined }> {
  await using connector = await open(bed, {}, ports)
  try {
    return { held: await run(connector, mailOf(bed, name), held), fault: undefined }
  } catch (error) {
    const fault = faultIn(error)
    if (fault === undefined) throw error
    return { held, fault }
  }
}
const ids = (held: Held): string[] =>
  [...held.items.values()].flatMap((item: SourceItem) => (item.kind === 'mail' ? [item.id.split('/')[2] ?? ''] : []))
const refusal = (status: number, reason: string, message = reason) => ({
  type: 'status' as const,
  status,
  body: errorBody(status, reason, message),
})
const times = <T>(count: number, what: T): T[] => Array.from({ length: count }, () => what)

test.each(['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded'])('403 %s is waited out, and nothing is lost', async (reason) => {
  await using bed = await googleTestbed()
  bed.faults.next('gmail.messages.get', ...times(3, refusal(403, reason)))
  const ports = quickPorts()
  const { held, fault } = await night(bed, 'erika', new Held(), ports)
  expect(fault).toBeUndefined()
  expect(ports.pauses.length).toBeGreaterThanOrEqual(3)
  expect(ids(held).toSorted()).toEqual(bed.mail.of('erika').ids.toSorted())
  expect(held.losses).toEqual([])
})

test.each([
  ['403 that does not end', times(60, refusal(403, 'userRateLimitExceeded')), 'throttled', 'backoff'],
  ['429', [{ type: 'status' as const, status: 429, retryAfterS: 7 }], 'throttled', 'after'],
  ['a spent day', [refusal(403, 'dailyLimitExceeded')], 'unavailable', 'after'],
  ['an API that is switched off', [refusal(403, 'accessNotConfigured')], 'config', 'never'],
  ['a quota of nothing known', [refusal(429, 'RESOURCE_EXHAUSTED')], 'throttled', 'backoff'],
] as const)('%s ends the run with its Fault, and the next one continues', async (_, faults, code, retry) => {
  await using bed = await googleTestbed({ mailsPerPerson: 40 })
  const held = new Held()
  bed.faults.next('gmail.messages.list', { type: 'delay', ms: 0 }, { type: 'delay', ms: 0 }, ...faults)
  const { fault } = await night(bed, 'erika', held)
  expect([fault?.code, fault?.retry.type, fault?.remedy]).toEqual([code, retry, expect.stringMatching(/./)])
  const stored = ids(held).length
  expect(stored).toBeGreaterThan(0)
  while (bed.faults.take('gmail.messages.list') !== undefined);
  bed.calls.clear()
  expect((await night(bed, 'erika', held)).fault).toBeUndefined()
  expect(ids(held).toSorted()).toEqual(bed.mail.of('erika').ids.toSorted())
})

test('a mail that Google cannot give is owed: the run fails, its neighbours are stored, the next run asks for it alone', async () => {
  await using bed = await googleTestbed({ mailsPerPerson: 40 })
  bed.faults.next('gmail.messages.get', refusal(500, 'backendError'), refusal(503, 'backendError'))
  const { held, fault } = await night(bed, 'erika')
  expect([fault?.code, fault?.what]).toEqual(['unavailable', expect.stringMatching(/^2 mails of \d+ are listed and could not be read$/)])
  expect(ids(held)).toHaveLength(38)
  bed.calls.clear()
  const again = await night(bed, 'erika', held)
  expect(again.fault).toBeUndefined()
  expect(bed.calls.count('gmail.messages.get')).toBe(2)
  expect(ids(held).toSorted()).toEqual(bed.mail.of('erika').ids.toSorted())
})

test('many bad mails in a row do not stop those behind them', async () => {
  await using bed = await googleTestbed({ mailsPerPerson: 60, pages: 'full' })
  const held = new Held()
  // Something has to have been read, to tell bad mails from a Google that is down.
  await night(bed, 'erika', held)
  const mailbox = bed.mail.of('erika')
  const bad = times(12, 0).map(() => mailbox.arrive().id)
  const good = times(6, 0).map(() => mailbox.arrive().id)
  const failing: typeof fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input)
    if (bad.some((id) => url.includes(id))) return Response.json(errorBody(500, 'backendError', 'x'), { status: 500 })
    return fetch(input, init)
  }
  const { fault } = await night(bed, 'erika', held, quickPorts({ fetch: failing }))
  expect(fault?.what).toMatch(/^12 mails/)
  for (const id of good) expect(ids(held)).toContain(id)
  const later = await night(bed, 'erika', held)
  expect(later.fault).toBeUndefined()
  for (const id of bad) expect(ids(held)).toContain(id)
})

test('a Google that is down owes no mails: the run ends and nothing moves', async () => {
  await using bed = await googleTestbed({ mailsPerPerson: 200, pages: 'full' })
  const held = new Held()
  bed.faults.next('gmail.messages.get', ...times(400, refusal(503, 'backendError')))
  const { fault } = await night(bed, 'erika', held)
  expect(fault?.code).toBe('unavailable')
  expect(fault?.what).not.toMatch(/listed and could not/)
  expect(bed.calls.count('gmail.messages.get')).toBeLessThan(60)
  while (bed.faults.take('gmail.messages.get') !== undefined);
  expect((await night(bed, 'erika', held)).fault).toBeUndefined()
  expect(ids(held)).toHaveLength(200)
})

test.each([
  ['who may not be impersonated', (bed: GoogleTestbed): void => void bed.desk.denied.add('olena@example.org')],
  ['who is suspended', (bed: GoogleTestbed): void => void (bed.company.user('olena').suspended = true)],
  [
    'without Gmail',
    (bed: GoogleTestbed): void => bed.faults.next('gmail.getProfile', refusal(400, 'failedPrecondition', 'Mail service not enabled')),
  ],
  [
    'for whom delegation is denied',
    (bed: GoogleTestbed): void => bed.faults.next('gmail.getProfile', refusal(403, 'forbidden', 'Delegation denied')),
  ],
  ['whose tokens are refused', (bed: GoogleTestbed): void => bed.faults.next('gmail.getProfile', ...times(2, refusal(401, 'authError')))],
] as const)('a person %s stops nobody else', async (_, change) => {
  await using bed = await googleTestbed()
  change(bed)
  const { fault } = await night(bed, 'olena')
  expect([fault?.code, fault?.retry.type]).toEqual(['permission', 'never'])
  expect((await night(bed, 'erika')).fault).toBeUndefined()
})

test('somebody who never had Gmail has no mail collection', async () => {
  await using bed = await googleTestbed()
  bed.company.user('sam').isMailboxSetup = false
  await using connector = await open(bed)
  const titles = (await Array.fromAsync(connector.collections(never))).map(({ title }) => title)
  expect(titles.filter((title) => title.startsWith('sam@'))).not.toContain('sam@example.org mail')
})

test('tokens that end in the middle are made anew', async () => {
  await using bed = await googleTestbed()
  bed.hooks.before('gmail.messages.get', () => bed.desk.expireTokens())
  const { held, fault } = await night(bed, 'erika')
  expect(fault).toBeUndefined()
  expect(ids(held)).toHaveLength(12)
})

test.each(['cut', 'truncate', 'html', 'reset'] as const)('an answer that is broken (%s) comes whole in the end', async (type) => {
  await using bed = await googleTestbed()
  const fault = type === 'cut' ? { type, afterBytes: 90 } : type === 'truncate' ? { type, toBytes: 90 } : { type }
  bed.faults.next('gmail.messages.get', fault)
  const { clock, log } = quickPorts()
  const ports = { clock, log, fetch: createFetch({ clock, log }) }
  const first = await night(bed, 'erika', new Held(), ports)
  expect(first.fault).toBeUndefined()
  expect(ids(first.held).toSorted()).toEqual(bed.mail.of('erika').ids.toSorted())
})

test('large mails come one at a time, in order and whole', async () => {
  await using bed = await googleTestbed({ mailsPerPerson: 3 })
  const mailbox = bed.mail.of('erika')
  for (let n = 0; n < 4; n++) mailbox.arrive({ size: 2_500_000 + n, labels: ['INBOX'] })
  mailbox.arrive()
  const { held } = await night(bed, 'erika')
  expect(ids(held)).toEqual(mailbox.ids)
  const large = [...held.items.values()].flatMap(({ id, blobs }) => {
    const [blob] = blobs
    const stored = mailbox.find(id.split('/')[2] ?? '')
    return blob?.type === 'inline' && blob.data.byteLength > 2_000_000
      ? [Buffer.from(blob.data).equals(stored?.bytes?.() ?? new Uint8Array())]
      : []
  })
  expect(large).toEqual([true, true, true, true])
})

test('every request goes out through the one fetch, to the configured host, and follows nobody', async () => {
  await using bed = await googleTestbed()
  const seen: { host: string; redirect: string | undefined }[] = []
  const watching: typeof fetch = (input, init) => {
    seen.push({ host: new URL(String(input instanceof Request ? input.url : input)).host, redirect: init?.redirect })
    return fetch(input, init)
  }
  await using connector = await open(bed, {}, quickPorts({ fetch: watching }))
  await Array.fromAsync(connector.check(never))
  await run(connector, 'directory')
  await run(connector, mailOf(bed, 'ada'))
  expect(seen).toHaveLength(bed.calls.count())
  expect(new Set(seen.map(({ host }) => host))).toEqual(new Set([new URL(bed.url).host]))
  expect(new Set(seen.map(({ redirect }) => redirect))).toEqual(new Set(['error']))
})

test("keeps to a new project's quota and uses nearly all of it", async () => {
  const clock = new VirtualClock()
  await using bed = await googleTestbed({
    quota: 'published',
    now: () => clock.now().getTime(),
    mailsPerPerson: 1_500,
    pages: 'full',
  })
  const { log } = quickPorts()
  const limiter = createLimiter({ clock, store: memoryBucketStore(), budgets: limits, scope: 'acme' })
  const ports = { clock, log, fetch: createFetch({ clock, log, limiter, quotaOf, transport: clock.fetch }) }
  await using connector = await definition.open('acme', configOf(bed), ports, never)
  const held = await run(connector, mailOf(bed, 'erika'))
  expect(ids(held)).toHaveLength(1_500)
  expect(bed.quota.violations).toEqual([])
  // 1,500 mails are 30,000 units: four whole minutes and the beginning of a fifth are the least there is.
  const minutes = clock.monotonicMs() / 60_000
  expect(minutes).toBeGreaterThanOrEqual(4)
  expect(minutes).toBeLessThan(5.2)
})
