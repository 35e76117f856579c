import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { M365Config } from '../../../connectors/m365/config.ts'
import { definition } from '../../../connectors/m365/definition.ts'
import { faultIn } from '../../../src/fault.ts'
import { graphTestbed } from '../../testbed/graph/testbed.ts'
import { never, testPorts } from '../slack/world.ts'
import { connectorFor, mailOf, readOne, secretOf } from './world.ts'

const fixture = (name: string): Promise<string> => readFile(new URL(`../../fixtures/m365/${name}`, import.meta.url), 'utf8')
const pem = await fixture('TEST-ONLY-app.pem')
const certificate = pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))
const privateKey = pem.slice(0, pem.indexOf('-----BEGIN CERTIFICATE'))
const other = await fixture('TEST-ONLY-other-certificate.pem')

const refusal = async (listing: AsyncIterable<unknown>): Promise<ReturnType<typeof faultIn>> => {
  try {
    for await (const _ of listing);
    return undefined
  } catch (error) {
    return faultIn(error)
  }
}

test.each([
  ['certificate and key in one file', { certificate: secretOf(pem) }],
  ['certificate and key apart', { certificate: secretOf(certificate), privateKey: secretOf(privateKey) }],
])('signs in with %s', async (_, credential) => {
  await using bed = await graphTestbed({ certificates: [certificate], stories: false })
  await using connector = connectorFor(bed, { credential })
  expect((await readOne(connector, mailOf(bed, 'ada'))).items.size).toBeGreaterThan(0)
  expect(bed.tokens.issued).toBe(1)
})

test('a certificate that the app registration does not have is refused with a number to look up, and without a secret', async () => {
  await using bed = await graphTestbed({ certificates: [other] })
  await using connector = connectorFor(bed, { credential: { certificate: secretOf(pem) } })
  const fault = await refusal(connector.collections(never))
  expect(fault).toMatchObject({ code: 'auth', why: 'invalid_client AADSTS700027' })
  expect(JSON.stringify([fault, fault?.message, fault?.remedy])).not.toContain('canary')
})

test('a key that does not belong to the certificate is found before anything is sent', async () => {
  await using bed = await graphTestbed({ certificates: [other] })
  await using connector = connectorFor(bed, { credential: { certificate: secretOf(other), privateKey: secretOf(privateKey) } })
  expect(await refusal(connector.collections(never))).toMatchObject({ code: 'config', remedy: expect.stringContaining('privateKey') })
  expect(bed.calls.count()).toBe(0)
})

test('what is no certificate is a fault of the configuration that quotes nothing of it', async () => {
  await using bed = await graphTestbed()
  await using connector = connectorFor(bed, { credential: { certificate: secretOf('canary-no-pem') } })
  const fault = await refusal(connector.collections(never))
  expect(fault?.code).toBe('config')
  expect(`${fault?.stack} ${String(fault?.cause)}`).not.toContain('canary-no-pem')
})

test('a wrong secret is refused', async () => {
  await using bed = await graphTestbed()
  await using connector = connectorFor(bed, { credential: { clientSecret: secretOf('wrong') } })
  expect(await refusal(connector.collections(never))).toMatchObject({ code: 'auth', why: 'invalid_client AADSTS7000215' })
})

test('a token that runs out in the middle of a run is renewed before it is refused', async () => {
  const ports = testPorts()
  await using bed = await graphTestbed({ stories: false, tokenS: 3600, now: () => ports.clock.now().getTime() })
  bed.before = () => ports.advance(240_000)
  await using connector = connectorFor(bed, {}, ports)
  const pass = await readOne(connector, mailOf(bed, 'ada'))
  expect(pass.changes.at(-1)?.type).toBe('checkpoint')
  expect(bed.tokens.issued).toBeGreaterThan(2)
})

test('a token that is withdrawn is replaced once, at the request that was refused', async () => {
  await using bed = await graphTestbed({ stories: false })
  let withdrawn = false
  bed.before = (route) => {
    if (withdrawn || route !== 'mailboxSettings.get') return
    withdrawn = true
    bed.tokens.revokeAll()
  }
  await using connector = connectorFor(bed)
  expect((await readOne(connector, mailOf(bed, 'ada'))).items.size).toBeGreaterThan(0)
  expect(bed.tokens.issued).toBe(2)
})

test('a given token is read anew when it is refused, and given up when it is still the same', async () => {
  await using bed = await graphTestbed({ stories: false })
  const given = bed.tokens.issue(bed.tokens.app.roles)
  let current = 'old'
  const credential = { token: { expose: () => Promise.resolve(current) } }
  await using connector = connectorFor(bed, { credential })
  expect(await refusal(connector.collections(never))).toMatchObject({ code: 'auth' })
  current = given
  expect(await refusal(connector.collections(never))).toBeUndefined()
})

test('a permission that is missing is named before anything is read', async () => {
  await using bed = await graphTestbed({ roles: ['User.Read.All', 'Mail.Read'] })
  await using connector = connectorFor(bed)
  expect(await refusal(connector.collections(never))).toMatchObject({
    code: 'permission',
    why: 'GroupMember.Read.All, MailboxSettings.Read',
  })
})

test('roles that Exchange Online gives stand in no token, and are not asked for where the configuration says so', async () => {
  await using bed = await graphTestbed({ roles: ['User.Read.All', 'GroupMember.Read.All'] })
  await using connector = connectorFor(bed, { mailboxAccess: 'exchange' })
  expect(await refusal(connector.collections(never))).toBeUndefined()
  const permissions = (await Array.fromAsync(connector.check(never))).find(({ name }) => name === 'permissions')
  expect(permissions?.status).toBe('pass')
})

test('a link that leads to another host is not followed: the token stays', async () => {
  await using bed = await graphTestbed()
  await using stranger = await graphTestbed()
  bed.after = (route, json) =>
    route === 'users.list' ? { ...(json as object), '@odata.nextLink': `${stranger.apiUrl}users?$skiptoken=x` } : json
  await using connector = connectorFor(bed)
  expect(await refusal(connector.collections(never))).toMatchObject({ code: 'rejected', what: expect.stringContaining('away') })
  expect(stranger.calls.count()).toBe(0)
})

test.each([
  ['global', 'https://graph.microsoft.com/v1.0/users', 'https://login.microsoftonline.com/t/oauth2/v2.0/token'],
  ['us-gov', 'https://graph.microsoft.us/v1.0/users', 'https://login.microsoftonline.us/t/oauth2/v2.0/token'],
  ['us-dod', 'https://dod-graph.microsoft.us/v1.0/users', 'https://login.microsoftonline.us/t/oauth2/v2.0/token'],
  ['china', 'https://microsoftgraph.chinacloudapi.cn/v1.0/users', 'https://login.partner.microsoftonline.cn/t/oauth2/v2.0/token'],
])('the %s cloud has its own addresses, and its own name in the scope', async (cloud, users, login) => {
  const asked: string[] = []
  let scope: string | null = null
  const config = {
    ...M365Config.parse({ tenant: 't', clientId: 'c', credential: { clientSecret: { env: 'X' } }, cloud }),
    credential: { clientSecret: secretOf('s') },
  }
  const ports = testPorts()
  const fetch: typeof globalThis.fetch = async (input, init) => {
    asked.push(new Request(input).url.replace(/[?].*/, ''))
    if (init?.body instanceof URLSearchParams) {
      scope = init.body.get('scope')
      return Response.json({ access_token: 'a.e30.c', expires_in: 3600 })
    }
    return Response.json({ value: [] })
  }
  await using connector = await definition.open('x', config, { ...ports, fetch }, never)
  await Array.fromAsync(connector.collections(never))
  expect(asked.slice(0, 2)).toEqual([login, users])
  expect(scope).toBe(`${new URL(users).origin}/.default`)
})

test('says who it is and asks for immutable ids in every request', async () => {
  await using bed = await graphTestbed({ stories: false })
  const ports = testPorts()
  const agents = new Set<string | null>()
  const fetch: typeof globalThis.fetch = (input, init) => {
    if (!new Request(input).url.endsWith('/token')) agents.add(new Headers(init?.headers).get('user-agent'))
    return globalThis.fetch(input, init)
  }
  await using connector = connectorFor(bed, {}, { ...ports, fetch })
  await readOne(connector, mailOf(bed, 'ada'))
  expect([...agents]).toEqual([expect.stringMatching(/^NONISV\|fallreep\|fallreep\/\d/)])
  expect(bed.mutable).toEqual([])
})
