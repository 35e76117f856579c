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
  await using bed = await graphTestbed({ strict: true })
  const client = clientOf(bed)
  const { id } = bed.tenant.user('ada')
  const ask = () => client.api(`/users/${id}/mailFolders/inbox`).get()
  for (let taken = 0; taken < 4; taken += 1) expect(bed.limits.enter(id)).toBeUndefined()
  expect(await refusalOf(ask())).toEqual([429, 'ApplicationThrottled'])
  expect(bed.limits.violations).toEqual([expect.objectContaining({ what: 'concurrency', mailbox: id })])
  bed.limits.leave(id)
  await expect(ask()).resolves.toMatchObject({ displayName: 'Posteingang' })
  await expect(client.api(`/users/${bed.tenant.user('erika').id}/mailFolders/inbox`).get()).resolves.toBeDefined()
})

test('by default nothing is limited', async () => {
  await using bed = await graphTestbed()
  const { id } = bed.tenant.user('ada')
  for (let taken = 0; taken < 12; taken += 1) bed.limits.enter(id)
  await expect(clientOf(bed).api(`/users/${id}/mailFolders/inbox`).get()).resolves.toBeDefined()
  expect(bed.limits.violations).toEqual([])
  expect(bed.limits.peak).toBe(13)
})
