import { expect, test } from 'vitest'
import { clientOf, refusalOf } from './client.ts'
import { MailboxLimits } from './limits.ts'
import { graphTestbed } from './testbed.ts'

test('ten thousand requests in any ten minutes, and not one more', () => {
  let now = 0
  const limits = new MailboxLimits(() => now, true)
  for (let i = 0; i < 10_000; i += 1) {
    expect(limits.enter('P')).toBeUndefined()
    limits.leave('P')
    now += 30
  }
  expect(limits.enter('P')).toEqual({ message: expect.stringContaining('RequestRate'), retryAfterS: 300 })
  expect(limits.enter('Q')).toBeUndefined()
  now = 600_000
  expect(limits.enter('P')).toBeUndefined()
  expect(limits.violations).toHaveLength(1)
})

test('four requests at a time at one mailbox', async () => {
  await using bed = await graphTestbed({ strict: true, latencyMs: 20 })
  const client = clientOf(bed)
  const ask = () => client.api(`/users/${bed.tenant.user('ada').id}/mailFolders/inbox`).get()
  const answers = await Promise.all(Array.from({ length: 5 }, () => refusalOf(ask()).catch(() => 'answered')))
  expect(answers.filter((answer) => answer === 'answered')).toHaveLength(4)
  expect(answers).toContainEqual([429, 'ApplicationThrottled'])
  expect(bed.limits.violations).toEqual([expect.objectContaining({ what: 'concurrency' })])
  await expect(ask()).resolves.toMatchObject({ displayName: 'Posteingang' })
})

test('by default nothing is limited', async () => {
  await using bed = await graphTestbed({ latencyMs: 100 })
  const client = clientOf(bed)
  const { id } = bed.tenant.user('ada')
  await Promise.all(Array.from({ length: 12 }, () => client.api(`/users/${id}/mailFolders/inbox`).get()))
  expect(bed.limits.violations).toEqual([])
  expect(bed.limits.peak).toBeGreaterThan(4)
})
