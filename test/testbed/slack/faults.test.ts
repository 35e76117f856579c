import { expect, test } from 'vitest'
import { clientOf } from './client.ts'
import { slackTestbed } from './testbed.ts'

test.each([
  ['429 with a time to wait', { type: 'status', status: 429, retryAfterS: 7 }, 'rate-limit'],
  ['429 without one', { type: 'status', status: 429 }, 'Retry header'],
  ['503', { type: 'status', status: 503 }, '503'],
  ['a page of HTML', { type: 'html' }, 'Sign in'],
  ['a reset', { type: 'reset' }, 'fetch failed'],
  ['JSON cut short as if whole', { type: 'truncate', toBytes: 40 }, 'An API error occurred'],
  ['a connection cut in the middle', { type: 'cut', afterBytes: 40 }, 'terminated'],
  ['an error Slack invents', { type: 'status', status: 200, body: { ok: false, error: 'internal_error' } }, 'internal_error'],
] as const)('meets %s once and then the truth', async (_name, fault, message) => {
  await using bed = await slackTestbed({ messagesPerChannel: 0 })
  const client = clientOf(bed)
  bed.faults.next('users.list', fault)
  await expect(client.users.list({})).rejects.toThrow(message)
  expect((await client.users.list({})).members?.length).toBeGreaterThan(0)
  expect(bed.faults.unused).toEqual([])
  expect(bed.calls.count('users.list')).toBe(2)
})
