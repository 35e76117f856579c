import { expect, test } from 'vitest'
import { faultIn } from '../../../src/fault.ts'
import { googleTestbed, type GoogleTestbed } from '../../testbed/google/testbed.ts'
import { never, open, quickPorts } from './world.ts'

async function checks(bed: GoogleTestbed, change: object = {}, ports = quickPorts()): Promise<ReadonlyMap<string, string>> {
  await using connector = await open(bed, change, ports)
  const found = await Array.fromAsync(connector.check(never))
  expect(found.filter(({ status, remedy }) => status !== 'pass' && remedy === undefined)).toEqual([])
  return new Map(found.map(({ name, status, detail }) => [name, `${status}: ${detail}`]))
}
const scope = (name: string): string => `https://www.googleapis.com/auth/${name}`
const directory = ['admin.directory.user.readonly', 'admin.directory.group.readonly'].map(scope)

test('says who will be read, and that mail answers', async () => {
  await using bed = await googleTestbed({ people: 3 })
  const found = await checks(bed, { people: { exclude: ['person1@*'] }, services: ['mail'] })
  expect(found.get('directory')).toMatch(
    /^warn: \d+ people will be read, 1 are left out by the configuration, 0 have no Gmail; 2 are suspended or archived/,
  )
  expect(found.get('scopes (mail)')).toBe('pass: all are allowed')
  expect(found.get('mail')).toMatch(/^pass: \S+@example\.org: \d+ mails$/i)
  expect(found.get('clock')).toBe('pass: agrees with Google')
})

test('names the scopes that are missing, one by one', async () => {
  await using bed = await googleTestbed()
  bed.desk.allowed = new Set(directory.slice(0, 1))
  const found = await checks(bed, { services: ['mail'] })
  expect(found.get('directory')).toMatch(/^fail: Google refused the list of people/)
  expect(found.get('scopes (directory)')).toBe(`fail: not allowed: ${directory[1]}`)
  bed.desk.allowed = new Set(directory)
  const later = await checks(bed, { services: ['mail'] })
  expect(later.get('scopes (mail)')).toBe(`fail: not allowed: ${scope('gmail.readonly')}`)
})

test('a run without the scopes of a service fails once and aloud, before anybody loses anything', async () => {
  await using bed = await googleTestbed()
  bed.desk.allowed = new Set(directory)
  await using connector = await open(bed, { services: ['mail'] })
  const fault = faultIn(await Array.fromAsync(connector.collections(never)).catch((error: unknown) => error))
  expect([fault?.code, fault?.message]).toEqual([
    'permission',
    `The service account may not read mail: not allowed in the Admin console: ${scope('gmail.readonly')}`,
  ])
})

test('notices a clock that is wrong', async () => {
  await using bed = await googleTestbed({ now: () => Date.now() + 20 * 60_000 })
  expect((await checks(bed)).get('clock')).toMatch(/^fail: (?:1199|1200) seconds behind Google$/)
})

test('says whose the one account is', async () => {
  await using bed = await googleTestbed()
  process.env['FALLREEP_TEST_TOKEN'] = bed.desk.issue('ken.tanaka@example.org', ['gmail.readonly', 'userinfo.email'].map(scope))
  const found = await checks(bed, { auth: { type: 'access-token', token: { env: 'FALLREEP_TEST_TOKEN' } }, services: ['mail'] })
  expect(found.get('token')).toBe('pass: the token belongs to ken.tanaka@example.org')
  expect(found.get('mail')).toMatch(/^pass: ken\.tanaka@example\.org: \d+ mails$/)
})

test('a token that is no good is said to be', async () => {
  await using bed = await googleTestbed()
  process.env['FALLREEP_TEST_TOKEN'] = 'ya29.canary-of-nobody'
  const found = await checks(bed, { auth: { type: 'access-token', token: { env: 'FALLREEP_TEST_TOKEN' } } })
  expect([...found.keys()]).toEqual(['token'])
  expect(found.get('token')).toMatch(/^fail: /)
})
