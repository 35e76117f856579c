import { expect, test } from 'vitest'
import { clientOf, pathOf, refusalOf, walk } from './client.ts'
import { graphTestbed, type GraphTestbed } from './testbed.ts'

const adas = (bed: GraphTestbed): string => `/users/${bed.tenant.user('ada').id}`
const deltaOf = (bed: GraphTestbed, folder: string): string =>
  `${adas(bed)}/mailFolders/${encodeURIComponent(bed.tenant.mailbox('ada').folder(folder).id)}/messages/delta?$select=id,subject,isRead,parentFolderId`
const since = async (bed: GraphTestbed, link: string | undefined) => walk(bed, clientOf(bed), pathOf(bed, link ?? ''))

test('mailFolders.delta is flat, mailFolders.list and childFolders.list go one level, mailFolders.get takes words', async () => {
  await using bed = await graphTestbed()
  const client = clientOf(bed)
  const named = async (path: string): Promise<unknown[]> =>
    (await walk(bed, client, path)).pages.flat().map((folder) => folder['displayName'])
  const flat = await named(`${adas(bed)}/mailFolders/delta`)
  expect(flat).toEqual(expect.arrayContaining(['Posteingang', 'Projekte', 'A/B: Kunde', 'Ungelesen']))
  expect(flat).not.toContain('PersonMetadata')
  expect(await named(`${adas(bed)}/mailFolders/delta?includeHiddenFolders=true`)).toContain('PersonMetadata')
  const top = await named(`${adas(bed)}/mailFolders`)
  expect(top).not.toContain('A/B: Kunde')
  expect(await named(`${adas(bed)}/mailFolders/recoverableitemsroot/childFolders`)).toEqual(['Deletions', 'Purges'])
  await expect(client.api(`${adas(bed)}/mailFolders/InBox`).get()).resolves.toMatchObject({ displayName: 'Posteingang', isHidden: false })
  expect(await refusalOf(client.api(`${adas(bed)}/mailFolders/nowhere`).get())).toEqual([404, 'ErrorItemNotFound'])
})

test('messages.delta lists a folder once, then only what changed, in pages that are sometimes empty', async () => {
  await using bed = await graphTestbed({ mails: 80, stories: false })
  const box = bed.tenant.mailbox('ada')
  const first = await walk(bed, clientOf(bed), deltaOf(bed, 'inbox'))
  expect(first.pages.some((page) => page.length === 0)).toBe(true)
  expect(new Set(first.pages.flat().map(({ id }) => id))).toEqual(new Set(box.in('inbox').map(({ id }) => id)))
  const [one, two, three] = box.in('inbox').map(({ id }) => id)
  box.markRead(one ?? '')
  box.change(two ?? '', { subject: 'neu' })
  box.move(three ?? '', 'archive')
  const second = await since(bed, first.deltaLink)
  const byId = new Map(second.pages.flat().map((entry) => [entry.id, entry]))
  expect(Object.keys(byId.get(one ?? '') ?? {}).filter((name) => !name.startsWith('@'))).toEqual(['id', 'isRead'])
  expect(byId.get(two ?? '')).toMatchObject({ subject: 'neu' })
  expect(byId.get(three ?? '')).toMatchObject({ '@removed': { reason: 'deleted' } })
  expect((await since(bed, second.deltaLink)).pages.flat()).toEqual([])
})

test('messages.delta says that a mail left when it left and came back', async () => {
  await using bed = await graphTestbed({ stories: false })
  const box = bed.tenant.mailbox('ada')
  const { id } = box.deliver('inbox')
  const first = await walk(bed, clientOf(bed), deltaOf(bed, 'inbox'))
  box.move(id, 'archive')
  box.move(id, 'inbox')
  expect((await since(bed, first.deltaLink)).pages.flat()).toEqual([expect.objectContaining({ id, '@removed': { reason: 'deleted' } })])
})

test('messages.delta forgets its tokens, and refuses full mailboxes', async () => {
  await using bed = await graphTestbed({ stories: false })
  const first = await walk(bed, clientOf(bed), deltaOf(bed, 'inbox'))
  bed.expireTokens()
  expect(await refusalOf(since(bed, first.deltaLink))).toEqual([410, 'SyncStateNotFound'])
  bed.tenant.mailbox('ada').full = true
  expect(await refusalOf(walk(bed, clientOf(bed), deltaOf(bed, 'inbox')))).toEqual([403, 'ErrorQuotaExceeded'])
})

test('messages.list, messages.count and messages.get agree', async () => {
  await using bed = await graphTestbed()
  const client = clientOf(bed)
  const inbox = bed.tenant.mailbox('ada').in('inbox')
  const listed = (await walk(bed, client, `${adas(bed)}/mailFolders/inbox/messages?$select=id`)).pages.flat()
  expect(listed).toHaveLength(inbox.length)
  expect(await client.api(`${adas(bed)}/mailFolders/inbox/messages/$count`).get()).toBe(String(inbox.length))
  const id = inbox[0]?.id ?? ''
  await expect(client.api(`${adas(bed)}/messages/${encodeURIComponent(id)}`).get()).resolves.toMatchObject({
    id,
    subject: inbox[0]?.subject,
  })
  expect(await refusalOf(client.api(`${adas(bed)}/messages/${encodeURIComponent(id.toLowerCase())}`).get())).toEqual([
    404,
    'ErrorItemNotFound',
  ])
})

test('messages.value is another text at each reading; attachments.list and attachments.value give the parts', async () => {
  await using bed = await graphTestbed()
  const client = clientOf(bed)
  const { id } = [...bed.tenant.mailbox('ada').mails.values()].find(({ subject }) => subject === 'Mit Anhang') ?? { id: '' }
  const path = `${adas(bed)}/messages/${encodeURIComponent(id)}`
  const one = String(await client.api(`${path}/$value`).get())
  const two = String(await client.api(`${path}/$value`).get())
  expect(one).not.toBe(two)
  expect(one.replaceAll(/_000_\w+_|Reading: \d+/g, '')).toBe(two.replaceAll(/_000_\w+_|Reading: \d+/g, ''))
  const [file] = (await walk(bed, client, `${path}/attachments`)).pages.flat()
  expect(file).toMatchObject({ name: 'Größe.bin', size: 3000 })
  const response = await client
    .api(`${path}/attachments/${file?.id}/$value`)
    .responseType('arraybuffer' as never)
    .get()
  expect((response as ArrayBuffer).byteLength).toBe(3000)
  const { corrupt, infected } = bed.stories
  expect(await refusalOf(client.api(`${adas(bed)}/messages/${encodeURIComponent(corrupt.id)}/$value`).get())).toEqual([
    500,
    'ErrorMimeContentConversionFailed',
  ])
  expect(await refusalOf(client.api(`${adas(bed)}/messages/${encodeURIComponent(infected.id)}/$value`).get())).toEqual([
    400,
    'ErrorVirusDetected',
  ])
})

test('mailboxSettings.get, messageRules.list and masterCategories.list give what is set', async () => {
  await using bed = await graphTestbed()
  const client = clientOf(bed)
  await expect(client.api(`${adas(bed)}/mailboxSettings`).get()).resolves.toMatchObject({ timeZone: 'W. Europe Standard Time' })
  await expect(client.api(`${adas(bed)}/mailFolders/inbox/messageRules`).get()).resolves.toMatchObject({
    value: [{ id: 'RULE1' }, { id: 'RULE2' }],
  })
  await expect(client.api(`${adas(bed)}/outlook/masterCategories`).get()).resolves.toMatchObject({
    value: [{ displayName: 'Rote Kategorie' }, {}],
  })
})

test('a request that does not ask for immutable ids is noted', async () => {
  await using bed = await graphTestbed()
  await clientOf(bed)
    .api(`${adas(bed)}/mailFolders/inbox`)
    .header('prefer', 'odata.maxpagesize=5')
    .get()
  expect(bed.mutable).toEqual(['mailFolders.get'])
})

test('who has no mailbox is told so', async () => {
  await using bed = await graphTestbed()
  const frida = bed.tenant.user('frida').id
  expect(await refusalOf(clientOf(bed).api(`/users/${frida}/mailFolders`).get())).toEqual([404, 'MailboxNotEnabledForRESTAPI'])
})
