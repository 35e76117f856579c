import { expect, test } from 'vitest'
import { clientOf, refusalOf } from './client.ts'
import { graphTestbed, type GraphTestbed } from './testbed.ts'

const ask = async (bed: GraphTestbed, change: Readonly<Record<string, string>>): Promise<readonly [number, unknown]> => {
  const form = {
    grant_type: 'client_credentials',
    client_id: bed.clientId,
    client_secret: bed.secret,
    scope: 'https://graph.microsoft.com/.default',
  }
  const response = await fetch(`${bed.loginUrl}${bed.tenant.id}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, ...change }),
  })
  const answer = (await response.json()) as { access_token?: string; error?: string }
  return [response.status, answer.error ?? answer.access_token]
}

test('the route token gives a token for the secret of the app, and for nothing else', async () => {
  await using bed = await graphTestbed()
  const [status, token] = await ask(bed, {})
  expect(status).toBe(200)
  await expect(clientOf(bed, String(token)).api('/users').get()).resolves.toMatchObject({ value: expect.any(Array) })
  expect(await ask(bed, { client_secret: 'wrong' })).toEqual([401, 'invalid_client'])
  expect(await ask(bed, { client_id: 'wrong' })).toEqual([401, 'unauthorized_client'])
  expect(await ask(bed, { grant_type: 'password' })).toEqual([401, 'unsupported_grant_type'])
  expect(await ask(bed, { scope: 'https://graph.microsoft.com/Mail.Read' })).toEqual([401, 'invalid_scope'])
})

test('a token is good for its time, for its permissions, and until it is withdrawn', async () => {
  let now = 1_000_000
  await using bed = await graphTestbed({ now: () => now, tokenS: 60, roles: ['User.Read.All'] })
  const client = clientOf(bed)
  const inbox = `/users/${bed.tenant.user('ada').id}/mailFolders/inbox`
  expect(await refusalOf(client.api(inbox).get())).toEqual([403, 'ErrorAccessDenied'])
  expect(await refusalOf(client.api('/groups').get())).toEqual([403, 'Authorization_RequestDenied'])
  now += 60_000
  expect(await refusalOf(client.api('/users').get())).toEqual([401, 'InvalidAuthenticationToken'])
  const fresh = clientOf(bed)
  await fresh.api('/users').get()
  bed.tokens.revokeAll()
  expect(await refusalOf(fresh.api('/users').get())).toEqual([401, 'InvalidAuthenticationToken'])
})
