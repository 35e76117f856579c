import { expect, test } from 'vitest'
import { collectionId, itemId } from '../../../src/contract/ids.ts'
import { graphTestbed, type GraphTestbed } from '../../testbed/graph/testbed.ts'
import { never, testPorts } from '../slack/world.ts'
import { connectorFor, readOne } from './world.ts'

const directory = collectionId('directory')
const accountIn = (bed: GraphTestbed, name: string) => itemId('account', bed.tenant.user(name).id)

test('lists people, guests, shared mailboxes and groups with everybody in them, groups inside groups included', async () => {
  await using bed = await graphTestbed()
  await using connector = connectorFor(bed)
  const pass = await readOne(connector, directory)
  const accounts = [...pass.items.values()].flatMap((item) => (item.kind === 'account' ? [item.body] : []))
  expect(accounts).toHaveLength(bed.tenant.users.size)
  expect(accounts.find(({ handle }) => handle === 'ada')).toMatchObject({
    displayName: 'Ada Weiß',
    email: 'ada@example.org',
    aliases: ['ada@alias.example.org'],
    role: 'member',
    active: true,
    locale: 'de-DE',
  })
  expect(accounts.find(({ handle }) => handle === 'gast')).toMatchObject({ role: 'guest', email: 'gisela@partner.example', aliases: [] })
  expect(accounts.find(({ handle }) => handle === 'frida')?.active).toBe(false)
  const groups = [...pass.items.values()].flatMap((item) => (item.kind === 'group' ? [item.body] : []))
  expect(groups.map(({ handle }) => handle).toSorted()).toEqual(['devs', 'empty', 'oldies'])
  // Each is in the other; nobody is in them twice.
  const both = [accountIn(bed, 'erika'), accountIn(bed, 'ken.tanaka')].toSorted()
  expect(groups.filter(({ handle }) => handle !== 'oldies').map(({ members }) => members)).toEqual([both, both])
})

test('only those with an address in Exchange have collections, and those that the configuration takes', async () => {
  await using bed = await graphTestbed()
  await using connector = connectorFor(bed, { people: { include: ['*@example.org'], exclude: ['SAM*', bed.tenant.user('info').id] } })
  const titles = (await Array.fromAsync(connector.collections(never))).map(({ title }) => title)
  expect(titles).toEqual([
    'People and groups',
    ...['ada', 'erika', 'ken.tanaka', 'olena', 'Yusuf.Haddad'].map(
      (name) => `Mail of ${name}@${name.startsWith('Y') ? 'Example' : 'example'}.org`,
    ),
    'Mail of frida@example.org',
  ])
})

test('says the next night only what changed, and whose entry is gone', async () => {
  await using bed = await graphTestbed()
  await using connector = connectorFor(bed)
  const first = await readOne(connector, directory)
  expect((await readOne(connector, directory, first.cursors)).changes.map(({ type }) => type)).toEqual(['checkpoint'])
  const erika = bed.tenant.user('erika')
  erika.wire = { ...erika.wire, jobTitle: 'CFO' }
  const gone = accountIn(bed, 'olena')
  bed.tenant.users.delete(bed.tenant.user('olena').id)
  const second = await readOne(connector, directory, first.cursors)
  expect([...second.items.keys()]).toEqual([accountIn(bed, 'erika')])
  expect(second.deleted).toEqual([gone])
})

test('pictures of people are read once, and again when they change', async () => {
  await using bed = await graphTestbed()
  await using connector = connectorFor(bed)
  const person = [...bed.tenant.users.values()].find(({ photo, mailbox }) => photo !== undefined && mailbox !== undefined)
  if (person === undefined) throw new Error('nobody has a picture')
  const id = itemId('account', person.id)
  const bytes = new Map<string, Uint8Array>()
  const first = await readOne(connector, directory, new Map(), { bytes })
  const key = first.items.get(id)?.blobs[0]?.key ?? ''
  expect(Buffer.from(bytes.get(key) ?? []).equals(person.photo ?? Buffer.alloc(0))).toBe(true)
  person.photo = Buffer.from('another picture')
  const second = await readOne(connector, directory, first.cursors)
  expect([...second.items.keys()]).toEqual([id])
  expect(second.items.get(id)?.blobs[0]?.key).not.toBe(key)
  person.photo = undefined
  expect((await readOne(connector, directory, second.cursors)).items.get(id)?.body).toMatchObject({ avatar: null })
})

test('a part of a batch that fails is asked again by itself, and no member is lost', async () => {
  await using bed = await graphTestbed()
  await using connector = connectorFor(bed)
  const whole = await readOne(connector, directory)
  bed.faults.next('batch.groups.transitiveMembers', { type: 'status', status: 503 }, { type: 'status', status: 429 })
  bed.calls.clear()
  const again = await readOne(connector, directory)
  expect(bed.faults.unused).toEqual([])
  expect(bed.calls.count('groups.transitiveMembers')).toBe(2)
  expect([...again.items].map(([id, { revision }]) => [id, revision])).toEqual([...whole.items].map(([id, { revision }]) => [id, revision]))
})

test('members that the app may not see are a loss and no empty group', async () => {
  await using bed = await graphTestbed()
  bed.faults.next('batch.groups.transitiveMembers', { type: 'status', status: 403 })
  await using connector = connectorFor(bed)
  const pass = await readOne(connector, directory)
  const [loss] = pass.losses
  expect(loss).toMatchObject({ code: 'withheld-by-source', effect: { type: 'degraded', field: 'members' } })
  expect(pass.items.get(loss?.item ?? itemId('group'))?.body).toMatchObject({ members: null })
})

test('doctor names what is missing, how far the clocks are apart, and whose things are not read', async () => {
  const ports = testPorts()
  await using bed = await graphTestbed({
    roles: ['User.Read.All', 'GroupMember.Read.All', 'Mail.Read'],
    now: () => ports.clock.now().getTime() + 300_000,
  })
  await using connector = connectorFor(bed, {}, ports)
  const checks = Object.fromEntries((await Array.fromAsync(connector.check(never))).map((check) => [check.name, check]))
  expect(checks['permissions']).toMatchObject({ status: 'fail', detail: expect.stringContaining('MailboxSettings.Read') })
  expect(checks['clock']).toMatchObject({ status: 'warn', detail: expect.stringMatching(/(?:299|300) s behind/) })
  expect(checks['coverage']).toMatchObject({ status: 'pass', detail: expect.stringMatching(/1 have no mailbox; 2 are guests/) })
  expect(checks['reach']).toMatchObject({ status: 'pass' })
})

test('doctor says that the token was refused, and asks nothing more', async () => {
  await using bed = await graphTestbed()
  bed.tokens.app.secrets = []
  await using connector = connectorFor(bed)
  const checks = await Array.fromAsync(connector.check(never))
  expect(checks).toEqual([{ name: 'token', status: 'fail', detail: expect.stringContaining('AADSTS7000215'), remedy: expect.any(String) }])
})
