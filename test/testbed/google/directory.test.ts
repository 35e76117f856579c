import { admin, type admin_directory_v1 } from 'googleapis/build/src/apis/admin/index.js'
import { expect, test } from 'vitest'
import { refusalOf, through } from './sdk.ts'
import { googleTestbed, type GoogleTestbed } from './testbed.ts'

const api = (bed: GoogleTestbed, address = 'ada@example.org'): admin_directory_v1.Admin =>
  admin({ version: 'directory_v1', ...through(bed, address, 'admin.directory.user.readonly', 'admin.directory.group.readonly') })

test('directory.users.list gives everybody, page by page', async () => {
  await using bed = await googleTestbed({ people: 40 })
  const found: (string | null | undefined)[] = []
  let pageToken: string | undefined
  let pages = 0
  do {
    const query = { customer: 'my_customer', maxResults: 500, ...(pageToken === undefined ? {} : { pageToken }) }
    const { data } = await api(bed).users.list(query)
    found.push(...(data.users ?? []).map(({ primaryEmail }) => primaryEmail))
    pageToken = data.nextPageToken ?? undefined
    pages++
  } while (pageToken !== undefined)
  expect(found).toEqual([...bed.company.users.values()].map(({ primaryEmail }) => primaryEmail).toSorted())
  expect(pages).toBeGreaterThan(2)
})

test('directory.groups.list and directory.members.list give groups and who is in them', async () => {
  await using bed = await googleTestbed({ pages: 'full' })
  const { data } = await api(bed).groups.list({ customer: 'my_customer' })
  expect(data.groups?.map(({ email }) => email)).toEqual(['engineering@example.org', 'everybody@example.org'])
  const members = await api(bed).members.list({ groupKey: 'everybody@example.org' })
  expect(members.data.members?.map(({ type }) => type)).toEqual(['USER', 'GROUP', 'USER'])
  expect(await refusalOf(api(bed).members.list({ groupKey: 'nobody@example.org' }))).toBe('404 notFound')
})

test('directory.users.photos.get gives a picture in an alphabet of its own', async () => {
  await using bed = await googleTestbed()
  const [id = '', photo] = [...bed.company.photos][0] ?? []
  const { data } = await api(bed).users.photos.get({ userKey: id })
  expect(data.photoData).toMatch(/^[\w*-]+$/)
  expect(Buffer.from(data.photoData?.replaceAll('*', '=') ?? '', 'base64url')).toEqual(Buffer.from(photo ?? []))
})

test('only administrators may look, and not without quota', async () => {
  await using bed = await googleTestbed({ quota: 'published', quotaRefusal: 429, now: () => 1_800_000_000_000 })
  expect(await refusalOf(api(bed, 'ken.tanaka@example.org').users.list({ customer: 'my_customer' }))).toBe('403 forbidden')
  for (let units = 0; units < 2_400; units++) bed.quota.take('directory', bed.company.user('ada').id, 1)
  expect(await refusalOf(api(bed).users.list({ customer: 'my_customer' }))).toBe('429 userRateLimitExceeded')
  expect(bed.quota.violations).toHaveLength(1)
})
