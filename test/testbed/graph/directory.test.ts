import { expect, test } from 'vitest'
import { type Answered, clientOf, refusalOf, walk } from './client.ts'
import { graphTestbed } from './testbed.ts'

test('users.list, groups.list, groups.members and groups.transitiveMembers come in short pages that add up', async () => {
  await using bed = await graphTestbed({ people: 40 })
  const client = clientOf(bed)
  const { pages } = await walk(bed, client, '/users?$select=id,mail&$top=999')
  expect(pages.length).toBeGreaterThan(3)
  expect(new Set(pages.flat().map(({ id }) => id))).toEqual(new Set(bed.tenant.users.keys()))
  expect(Object.keys(pages[0]?.[0] ?? {}).toSorted()).toEqual(['id', 'mail'])
  const groups = (await walk(bed, client, '/groups')).pages.flat()
  expect(groups).toHaveLength(bed.tenant.groups.size)
  const devs = groups.find(({ displayName }) => displayName === 'Entwicklung & Betrieb')?.id ?? ''
  const direct = (await walk(bed, client, `/groups/${devs}/members`)).pages.flat()
  const all = (await walk(bed, client, `/groups/${devs}/transitiveMembers`)).pages.flat()
  expect(direct.map((member) => member['@odata.type'])).toContain('#microsoft.graph.group')
  expect(all.length).toBeGreaterThanOrEqual(direct.length)
  expect(await refusalOf(client.api('/users?$top=1000').get())).toEqual([400, 'Request_BadRequest'])
})

test('users.get gives one', async () => {
  await using bed = await graphTestbed()
  const { id } = bed.tenant.user('ada')
  await expect(clientOf(bed).api(`/users/${id}?$select=mail`).get()).resolves.toEqual({ id, mail: 'ada@example.org' })
})

test('photo.get names the picture by its bytes, photo.value gives them, and who has none is told so', async () => {
  await using bed = await graphTestbed()
  const client = clientOf(bed)
  const users = [...bed.tenant.users.values()]
  const withOne = users.find(({ photo }) => photo !== undefined)
  const without = users.find(({ photo }) => photo === undefined)
  await expect(client.api(`/users/${withOne?.id}/photo`).get()).resolves.toMatchObject({
    '@odata.mediaEtag': expect.stringMatching(/^W\//),
  })
  const bytes = (await client.api(`/users/${withOne?.id}/photo/$value`).get()) as Blob
  expect(bytes.size).toBe(withOne?.photo?.byteLength)
  expect(await refusalOf(client.api(`/users/${without?.id}/photo`).get())).toEqual([404, 'ImageNotFound'])
})

test('batch answers each part with a status of its own, in another order, at most twenty', async () => {
  await using bed = await graphTestbed()
  const client = clientOf(bed)
  bed.faults.next('batch.users.get', { type: 'status', status: 503 })
  const { id } = bed.tenant.user('ada')
  const requests = [`/users/${id}`, `/users/${id}`, '/groups/nobody/members', '/nowhere'].map((url, at) => ({
    id: String(at),
    method: 'GET',
    url,
  }))
  const { responses } = (await client.api('/$batch').post({ requests })) as { responses: { id: string; status: number }[] }
  expect(responses.map((response) => [response.id, response.status])).toEqual([
    ['3', 400],
    ['2', 404],
    ['1', 200],
    ['0', 503],
  ])
  const many = Array.from({ length: 21 }, (_, at) => ({ id: String(at), method: 'GET', url: '/users' }))
  expect(await refusalOf(client.api('/$batch').post({ requests: many }))).toEqual([400, 'BadRequest'])
})

test('three hundred people with their mailboxes are made in a moment, the same each time', async () => {
  await using bed = await graphTestbed({ people: 300, mails: 5 })
  await using other = await graphTestbed({ people: 300, mails: 5 })
  expect([...bed.tenant.users.keys()]).toEqual([...other.tenant.users.keys()])
  expect([...bed.tenant.mailbox('person300').mails.keys()]).toEqual([...other.tenant.mailbox('person300').mails.keys()])
  const page = (await clientOf(bed).api('/users').get()) as Answered
  expect(page['@odata.nextLink']).toBeDefined()
})
