import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/core'
import { expect, test } from 'vitest'
import { asking } from './asking.ts'
import { appJwt } from './jwt.ts'
import { githubTestbed } from './testbed.ts'

test('an app gets a token by its JWT through GitHub’s own client, and another when it has died', async () => {
  let now = Date.now()
  await using bed = await githubTestbed({ now: () => now })
  const octokit = new Octokit({
    baseUrl: bed.apiUrl,
    authStrategy: createAppAuth,
    auth: { appId: bed.app.id, privateKey: bed.app.privateKey, installationId: bed.app.installation },
  })
  const { data } = await octokit.request('GET /installation/repositories', { per_page: 100 })
  expect(data.repositories.map(({ name }) => name)).toContain('website')
  expect(bed.tokens.issued).toBe(1)
  const token = bed.token('app')
  expect((await asking(bed, token).get('/installation/repositories')).status).toBe(200)
  now += 3_601_000
  expect(await asking(bed, token).get('/installation/repositories')).toMatchObject({ status: 401, json: { message: 'Bad credentials' } })
})

test('a JWT that is old, of another app or signed by nobody is refused in GitHub’s words', async () => {
  await using bed = await githubTestbed()
  const ask = (jwt: string) => asking(bed, jwt).get<{ message: string }>('/app')
  expect((await ask(appJwt(bed.app))).status).toBe(200)
  expect((await ask(appJwt(bed.app, Date.now() - 3_600_000))).json.message).toContain("'Expiration time' claim ('exp')")
  expect((await ask(appJwt(bed.app, Date.now() + 3_600_000))).json.message).toContain("'Issued at' claim ('iat')")
  expect((await ask(appJwt({ ...bed.app, id: 8 }))).status).toBe(401)
  expect((await ask(bed.token('classic'))).json.message).toBe('A JSON web token could not be decoded')
})

test('repositories a token does not see are in no list and at no address, and the organisation counts them', async () => {
  await using bed = await githubTestbed()
  bed.tokens.exclude(bed.sample.billing)
  bed.tokens.exclude(bed.sample.handbook)
  const { get, query } = asking(bed, bed.token('app'))
  const names = async (path: string): Promise<string[]> => {
    const { json } = await get<{ name: string }[] | { repositories: { name: string }[] }>(path)
    return (Array.isArray(json) ? json : json.repositories).map(({ name }) => name)
  }
  expect(await names('/installation/repositories')).not.toContain('handbook')
  // Public ones are for everybody to see, covered or not.
  expect(await names('/orgs/fallreep-demo/repos')).toContain('handbook')
  expect(await names('/orgs/fallreep-demo/repos')).not.toContain('billing')
  expect((await get('/repos/fallreep-demo/billing')).status).toBe(404)
  const { json } = await get<{ public_repos: number; total_private_repos: number }>('/orgs/fallreep-demo')
  expect(json.public_repos + json.total_private_repos).toBe(bed.world.of(bed.sample.organisation).length)
  expect((await query('{ repository(owner: "fallreep-demo", name: "billing") { name } }')).json.errors?.[0]?.type).toBe('NOT_FOUND')
})

test('what a token was denied is 403, what it is not is 401', async () => {
  await using bed = await githubTestbed()
  const token = bed.token('fine-grained')
  bed.grant(token).denied.add('repos/list-webhooks')
  const { get } = asking(bed, token)
  expect((await get('/repos/fallreep-demo/billing/hooks')).status).toBe(403)
  expect((await get('/repos/fallreep-demo/billing/labels')).status).toBe(200)
  expect((await asking(bed, 'ghp_wrong').get('/user')).status).toBe(401)
  expect((await get('/user')).headers.get('x-oauth-scopes')).toBeNull()
  expect((await asking(bed, bed.token('classic', { scopes: ['repo'] })).get('/user')).headers.get('x-oauth-scopes')).toBe('repo')
})

test('the same API stands below /api/v3 and below the root', async () => {
  await using bed = await githubTestbed()
  const token = bed.token('classic')
  const root = asking({ apiUrl: bed.url, graphqlUrl: `${bed.url}/graphql` }, token)
  const { json } = await root.get<{ url: string; html_url: string }>('/repos/fallreep-demo/website')
  expect(json).toMatchObject({ url: `${bed.url}/repos/fallreep-demo/website`, html_url: `${bed.url}/fallreep-demo/website` })
  expect((await root.query<{ viewer: { login: string } }>('{ viewer { login } }')).json.data?.viewer.login).toBe('ada-weiss')
})
