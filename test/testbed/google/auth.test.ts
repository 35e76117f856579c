import { oauth2 } from 'googleapis/build/src/apis/oauth2/index.js'
import { createSign } from 'node:crypto'
import { expect, test } from 'vitest'
import { refusalOf, through } from './sdk.ts'
import { googleTestbed, type GoogleTestbed } from './testbed.ts'

interface Claims {
  readonly [name: string]: string | number
}
async function exchange(
  bed: GoogleTestbed,
  claims: Claims,
  tamper = false,
): Promise<{ status: number; body: Readonly<Record<string, unknown>> }> {
  const now = Math.floor(Date.now() / 1000)
  const { private_key: key, client_email: iss } = JSON.parse(bed.desk.keyJson) as { private_key: string; client_email: string }
  const said = {
    iss,
    scope: 'https://www.googleapis.com/auth/gmail.readonly',
    aud: 'https://oauth2.googleapis.com/token',
    iat: now,
    exp: now + 3600,
    sub: 'ada@example.org',
    ...claims,
  }
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(said)}`
  const signature = createSign('RSA-SHA256')
    .update(tamper ? `${signed}x` : signed)
    .sign(key)
    .toString('base64url')
  const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: `${signed}.${signature}` })
  const response = await fetch(`${bed.url}token`, { method: 'POST', body: form })
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, unknown>> }
}

test('token: a signed assertion becomes a token of that person', async () => {
  await using bed = await googleTestbed()
  const { status, body } = await exchange(bed, { scope: 'https://www.googleapis.com/auth/userinfo.email' })
  expect([status, body['token_type'], body['expires_in']]).toEqual([200, 'Bearer', 3599])
  const api = oauth2({ version: 'v2', rootUrl: bed.url, headers: { authorization: `Bearer ${String(body['access_token'])}` } } as never)
  expect((await api.userinfo.get()).data).toMatchObject({ email: 'ada@example.org', id: bed.company.user('ada').id })
})

const now = Math.floor(Date.now() / 1000)
test.each([
  ['of another signature', {}, 'invalid_grant', true],
  ['for another audience', { aud: 'https://example.org' }, 'invalid_grant', false],
  ['of an unknown service account', { iss: 'x@y' }, 'invalid_grant', false],
  ['for nobody', { sub: 'nobody@example.org' }, 'invalid_grant', false],
  ['for somebody who is suspended', { sub: 'frida@example.org' }, 'invalid_grant', false],
  ['from an hour ahead', { iat: now + 3600, exp: now + 7200 }, 'invalid_grant', false],
  ['for longer than an hour', { exp: now + 9000 }, 'invalid_grant', false],
  ['for scopes that are not allowed', { scope: 'https://mail.google.com/' }, 'unauthorized_client', false],
] as const)('token: an assertion %s is refused', async (_, claims, word, tamper) => {
  await using bed = await googleTestbed()
  bed.desk.allowed = new Set(['https://www.googleapis.com/auth/gmail.readonly'])
  expect((await exchange(bed, claims, tamper)).body['error']).toBe(word)
})

test('oauth2.userinfo.get needs its scope, and a token that lives', async () => {
  await using bed = await googleTestbed()
  const without = oauth2({ version: 'v2', ...through(bed, 'ada@example.org', 'gmail.readonly') })
  expect(await refusalOf(without.userinfo.get())).toBe('403 insufficientPermissions')
  const dying = oauth2({ version: 'v2', ...through(bed, 'ada@example.org', 'userinfo.email') })
  bed.desk.expireTokens()
  expect(await refusalOf(dying.userinfo.get())).toBe('401 authError')
})
