import { describe, expect, test } from 'vitest'
import { faultFromResponse, faultFromStatus, networkFailure } from '../../../src/http/fault-from-status.ts'
import { outgoing, redirected } from '../../../src/http/outgoing.ts'
import { routeOfPath } from '../../../src/http/route.ts'
import { isThrottled, quotaLeft, retryAfterMs } from '../../../src/http/throttle.ts'

const now = Date.parse('2026-11-23T12:00:00Z')

test.each([
  [401, 'auth', 'never'],
  [403, 'permission', 'never'],
  [404, 'gone', 'never'],
  [410, 'gone', 'never'],
  [409, 'conflict', 'never'],
  [412, 'conflict', 'never'],
  [422, 'rejected', 'never'],
  [429, 'throttled', 'backoff'],
  [500, 'unavailable', 'backoff'],
  [503, 'unavailable', 'backoff'],
] as const)('status %i is the fault %s', (status, code, retry) => {
  const fault = faultFromStatus(status, { what: 'Slack refused users.list' })
  expect(fault).toMatchObject({ code, retry: { type: retry }, why: `the answer was HTTP ${status}` })
})

test('a refusal with Retry-After says when to come back', () => {
  const response = new Response(null, { status: 429, headers: { 'retry-after': '7' } })
  expect(faultFromResponse(response, { what: 'x' }, now).retry).toEqual({ type: 'after', ms: 7_000 })
})

test.each([
  ['12', 12_000],
  ['0', 0],
  ['Mon, 23 Nov 2026 12:01:00 GMT', 60_000],
  ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
])('Retry-After "%s" is %s ms', (text, ms) => {
  expect(retryAfterMs(new Headers({ 'retry-after': text }), now)).toBe(ms)
})

describe('quota headers', () => {
  test('give the reset as a time or as seconds from now', () => {
    const github = new Headers({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 60) })
    const mattermost = new Headers({ 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '1' })
    expect(quotaLeft(github, now)).toEqual({ remaining: 0, resetAt: now + 60_000 })
    expect(quotaLeft(mattermost, now)).toEqual({ remaining: 3, resetAt: now + 1_000 })
    expect(quotaLeft(new Headers(), now)).toBeUndefined()
  })

  test('tell a secondary limit from a missing permission', () => {
    expect(isThrottled(new Response(null, { status: 403, headers: { 'retry-after': '60' } }))).toBe(true)
    expect(isThrottled(new Response(null, { status: 403 }))).toBe(false)
  })
})

test.each([
  ['/api/conversations.history', '/api/conversations.history'],
  ['/api/v4/users/username/ada', '/api/v4/users/:x/:x'],
  ['/files-pri/T1-F1/download/plan.pdf', '/files-pri/:x/:x/:x'],
  ['/T024BE7LD', '/:x'],
  ['/', '/'],
])('the path %s is logged as %s', (path, route) => {
  expect(routeOfPath(path)).toBe(route)
})

describe('a request without an answer', () => {
  const failed = (code: string): TypeError =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(`${code} xoxb-1-2-canary`), { code }) })

  test('is known not to have been sent when nobody was reached', () => {
    expect(networkFailure(failed('ECONNREFUSED'), 'GET x got no answer')).toMatchObject({
      neverSent: true,
      fault: { code: 'unavailable', why: 'ECONNREFUSED' },
    })
    expect(networkFailure(failed('ECONNRESET'), 'GET x got no answer').neverSent).toBe(false)
  })

  test('over a certificate is not tried again, and says what to do', () => {
    const { fault } = networkFailure(failed('DEPTH_ZERO_SELF_SIGNED_CERT'), 'GET x got no answer')
    expect(fault.retry).toEqual({ type: 'never' })
    expect(fault.remedy).toContain('NODE_EXTRA_CA_CERTS')
  })

  test('shows no secret of the message', () => {
    expect(networkFailure(new Error('bad header Bearer xoxb-1-2-canary'), 'x').fault.message).not.toContain('canary')
  })
})

describe('a redirect', () => {
  const from = (method: string) =>
    outgoing('https://a.example/x', { method, headers: { authorization: 'Bearer x' }, ...(method === 'POST' && { body: 'b' }) })
  const to = (status: number, location: string): Response => new Response(null, { status, headers: { location } })

  test('within a host keeps credentials, even where only the path changes', () => {
    expect(redirected(from('GET'), to(302, '/y'))?.headers.get('authorization')).toBe('Bearer x')
  })

  test('to another port is another host', () => {
    expect(redirected(from('GET'), to(302, 'https://a.example:8443/y'))?.headers.get('authorization')).toBeNull()
  })

  test.each(['ftp://a.example/y', 'file:///etc/passwd', 'http://a.example/y'])('to %s is refused', (location) => {
    expect(() => redirected(from('GET'), to(302, location))).toThrow('A redirect was not followed')
  })

  test('of a HEAD stays a HEAD', () => {
    expect(redirected(from('HEAD'), to(303, '/y'))?.method).toBe('HEAD')
  })
})
