import { expect, test } from 'vitest'
import { faultIn } from '../../../src/fault.ts'
import { googleTestbed, type GoogleTestbed } from '../../testbed/google/testbed.ts'
import { never, open, run } from './world.ts'

const account = (held: Awaited<ReturnType<typeof run>>, email: string) =>
  [...held.items.values()].find((item) => item.kind === 'account' && item.body.email === email)

test('lists everybody with aliases, title and state', async () => {
  await using bed = await googleTestbed()
  await using connector = await open(bed)
  const held = await run(connector, 'directory')
  expect(account(held, 'ada@example.org')?.body).toMatchObject({
    handle: 'ada',
    realName: 'Ada Weiß',
    aliases: ['ada.weiss@example.org', 'ada@example.org.test-google-a.com', 'boss@example.org'],
    role: 'admin',
    active: true,
    jobTitle: 'Head of Nearly Everything',
    locale: 'de',
    profile: [
      { label: 'Department', value: 'Everything' },
      { label: 'Staff.costCenter', value: '4711' },
      { label: 'Staff.languages', value: 'de, uk' },
    ],
  })
  expect(account(held, 'frida@example.org')?.body).toMatchObject({ active: false })
  expect(account(held, 'sam.mueller@example.org')?.body).toMatchObject({ active: false })
})

test('resolves groups inside of groups, and rings among them end', async () => {
  await using bed = await googleTestbed()
  await using connector = await open(bed)
  const held = await run(connector, 'directory')
  const groups = new Map([...held.items.values()].flatMap((item) => (item.kind === 'group' ? [[item.body.handle, item.body.members]] : [])))
  const three = ['ada', 'ken.tanaka', 'olena'].map((name) => `account/${bed.company.user(name).id}`).toSorted()
  expect(groups.get('engineering')).toEqual(three)
  expect(groups.get('everybody')).toEqual(three)
  expect(held.losses).toEqual([...held.items.values()].flatMap(({ kind, id }) => (kind === 'group' ? [`${id} no-such-concept`] : [])))
})

test('says nothing the second time, then what changed', async () => {
  await using bed = await googleTestbed()
  await using connector = await open(bed)
  const held = await run(connector, 'directory')
  await using again = await open(bed)
  await run(again, 'directory', held)
  expect(held.changes.map(({ type }) => type)).toEqual(['checkpoint'])
  bed.company.user('olena').suspended = true
  const ken = bed.company.user('ken.tanaka').id
  bed.company.users.delete(ken)
  await using later = await open(bed)
  await run(later, 'directory', held)
  expect(held.of('delete')).toEqual([{ type: 'delete', id: `account/${ken}`, evidence: 'absent-from-users.list' }])
  expect(account(held, 'olena@example.org')?.body).toMatchObject({ active: false })
})

test('groups that may not be read are a loss and delete none', async () => {
  await using bed = await googleTestbed()
  await using connector = await open(bed)
  const held = await run(connector, 'directory')
  const before = [...held.items.keys()].filter((id) => id.startsWith('group/'))
  bed.faults.next('directory.groups.list', { type: 'status', status: 403 })
  await run(connector, 'directory', held)
  expect([...held.items.keys()].filter((id) => id.startsWith('group/'))).toEqual(before)
  expect(held.losses).toContain('group/all withheld-by-source')
})

test('fetches pictures through the directory', async () => {
  await using bed = await googleTestbed()
  await using connector = await open(bed)
  const held = await run(connector, 'directory')
  const [id, photo] = [...bed.company.photos][0] ?? ['', new Uint8Array()]
  const blob = held.items.get(`account/${id}` as never)?.blobs[0]
  if (blob?.type !== 'handle') throw new Error('no handle')
  expect(Buffer.from(await new Response(await connector.blob(blob.handle, never)).arrayBuffer())).toEqual(Buffer.from(photo))
})

test('takes the people that the configuration takes', async () => {
  await using bed = await googleTestbed()
  await using connector = await open(bed, { people: { include: ['*@example.org'], exclude: ['sam*'] }, services: ['mail'] })
  const titles = (await Array.fromAsync(connector.collections(never))).map(({ title }) => title)
  expect(titles).toContain('ada@example.org mail')
  expect(titles).not.toContain('sam@example.org mail')
  expect(titles).toContain('Yusuf.Haddad@Example.org mail')
})

test('reads one account with a token of its own, under the same ids', async () => {
  await using bed = await googleTestbed()
  bed.desk.refreshTokens.set('1//canary-refresh', {
    user: 'ada@example.org',
    scopes: ['https://www.googleapis.com/auth/userinfo.email', 'https://www.googleapis.com/auth/userinfo.profile'],
  })
  process.env['FALLREEP_TEST_GOOGLE'] = bed.desk.client.secret
  process.env['FALLREEP_TEST_REFRESH'] = '1//canary-refresh'
  const auth = {
    type: 'refresh-token',
    clientId: bed.desk.client.id,
    clientSecret: { env: 'FALLREEP_TEST_GOOGLE' },
    refreshToken: { env: 'FALLREEP_TEST_REFRESH' },
  }
  await using connector = await open(bed, { auth })
  const held = await run(connector, 'directory')
  expect([...held.items.keys()]).toEqual([`account/${bed.company.user('ada').id}`])
})

test.each([
  ['a key that was deleted', ({ desk }: GoogleTestbed): void => void (desk.revoked = true), 'auth'],
  [
    'an administrator who may not be impersonated',
    ({ desk }: GoogleTestbed): void => void desk.denied.add('ada@example.org'),
    'permission',
  ],
  ['scopes that are not allowed', ({ desk }: GoogleTestbed): void => void (desk.allowed = new Set()), 'permission'],
  ['an administrator who is none any more', ({ company }: GoogleTestbed): void => void (company.user('ada').isAdmin = false), 'permission'],
] as const)('%s stops everything with a remedy', async (_, change, code) => {
  await using bed = await googleTestbed()
  change(bed)
  await using connector = await open(bed)
  const fault = faultIn(await Array.fromAsync(connector.collections(never)).catch((error: unknown) => error))
  expect([fault?.code, fault?.remedy]).toEqual([code, expect.stringMatching(/./)])
})
