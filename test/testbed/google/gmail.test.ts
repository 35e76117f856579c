import { gmail, type gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js'
import { expect, test } from 'vitest'
import { BROKEN } from './gmail/mime.ts'
import { refusalOf, through } from './sdk.ts'
import { googleTestbed, type GoogleTestbed } from './testbed.ts'

const api = (bed: GoogleTestbed, address = 'ada@example.org'): gmail_v1.Resource$Users =>
  gmail({ version: 'v1', ...through(bed, address, 'gmail.readonly') }).users
const userId = 'ada@example.org'

async function listed(bed: GoogleTestbed, query: Omit<gmail_v1.Params$Resource$Users$Messages$List, 'userId'>): Promise<string[]> {
  const ids: string[] = []
  let pageToken: string | undefined
  do {
    const { data } = await api(bed).messages.list({ userId, ...query, ...(pageToken === undefined ? {} : { pageToken }) })
    ids.push(...(data.messages ?? []).map(({ id }) => id ?? ''))
    pageToken = data.nextPageToken ?? undefined
  } while (pageToken !== undefined)
  return ids
}

test('gmail.messages.list gives the newest first, by labels, and spam and trash only if asked', async () => {
  await using bed = await googleTestbed()
  const mailbox = bed.mail.of('ada')
  mailbox.arrive({ labels: ['SPAM'] })
  const all = await listed(bed, { includeSpamTrash: true })
  expect(all).toEqual(mailbox.ids)
  const hidden = (id: string): boolean => ['SPAM', 'TRASH'].some((label) => mailbox.mail(id).labels.has(label))
  expect(await listed(bed, {})).toEqual(all.filter((id) => !hidden(id)))
  expect(await listed(bed, { labelIds: ['DRAFT'] })).toEqual(all.filter((id) => mailbox.mail(id).labels.has('DRAFT')))
  expect(await refusalOf(api(bed).messages.list({ userId, pageToken: 'nonsense' }))).toBe('400 invalidArgument')
})

test('gmail.messages.get gives every broken mail byte by byte', async () => {
  await using bed = await googleTestbed()
  const mailbox = bed.mail.of('ada')
  for (const [name, bytes] of Object.entries(BROKEN)) {
    const { id } = mailbox.arrive({ bytes })
    const { data } = await api(bed).messages.get({ userId, id, format: 'raw' })
    expect([name, Buffer.from(data.raw ?? '', 'base64url').equals(bytes())]).toEqual([name, true])
  }
})

test('gmail.messages.get knows formats, partial answers, Chat, and what is gone', async () => {
  await using bed = await googleTestbed()
  const mailbox = bed.mail.of('ada')
  const { id } = mailbox.arrive({ labels: [] })
  expect((await api(bed).messages.get({ userId, id, format: 'minimal' })).data).not.toHaveProperty('raw')
  expect((await api(bed).messages.get({ userId, id, format: 'raw', fields: 'id,labelIds' })).data).toEqual({ id })
  const chat = mailbox.arrive({ labels: ['CHAT'] })
  expect((await api(bed).messages.get({ userId, id: chat.id, format: 'raw' })).data).not.toHaveProperty('raw')
  mailbox.remove(id)
  expect(await refusalOf(api(bed).messages.get({ userId, id }))).toBe('404 notFound')
})

test('gmail.history.list tells what happened, has pages without records, and forgets', async () => {
  await using bed = await googleTestbed()
  const mailbox = bed.mail.of('ada')
  const start = (await api(bed).getProfile({ userId })).data.historyId ?? ''
  expect((await api(bed).history.list({ userId, startHistoryId: start })).data).toEqual({ historyId: start })
  const fresh = mailbox.arrive()
  mailbox.mark(fresh.id, { add: ['STARRED'] })
  mailbox.remove(fresh.id)
  for (let n = 0; n < 20; n++) mailbox.arrive()
  const records: gmail_v1.Schema$History[] = []
  let blank = 0
  let pageToken: string | undefined
  do {
    const { data } = await api(bed).history.list({ userId, startHistoryId: start, ...(pageToken === undefined ? {} : { pageToken }) })
    if (data.history === undefined) blank++
    records.push(...(data.history ?? []))
    pageToken = data.nextPageToken ?? undefined
  } while (pageToken !== undefined)
  expect(records.slice(0, 3).map((record) => Object.keys(record)[2])).toEqual(['messagesAdded', 'labelsAdded', 'messagesDeleted'])
  expect(records).toHaveLength(23)
  expect(blank).toBeGreaterThan(0)
  mailbox.forgetHistory()
  expect(await refusalOf(api(bed).history.list({ userId, startHistoryId: start }))).toBe('404 notFound')
})

test("gmail.getProfile and gmail.labels.list: a mailbox is its own person's", async () => {
  await using bed = await googleTestbed()
  expect((await api(bed).getProfile({ userId: 'me' })).data).toMatchObject({ emailAddress: userId, messagesTotal: bed.mail.of('ada').size })
  expect((await api(bed).labels.list({ userId })).data.labels?.map(({ name }) => name)).toContain('Clients/Acme')
  expect(await refusalOf(api(bed, 'ken.tanaka@example.org').getProfile({ userId }))).toBe('403 forbidden')
  bed.company.user('ada').isMailboxSetup = false
  expect(await refusalOf(api(bed).getProfile({ userId }))).toBe('400 failedPrecondition')
})

test('settings are given part by part, delegates to service accounts only', async () => {
  await using bed = await googleTestbed()
  const { settings } = api(bed)
  const parts: Readonly<Record<string, () => Promise<{ data: object }>>> = {
    'gmail.settings.filters': () => settings.filters.list({ userId }),
    'gmail.settings.sendAs': () => settings.sendAs.list({ userId }),
    'gmail.settings.vacation': () => settings.getVacation({ userId }),
    'gmail.settings.forwardingAddresses': () => settings.forwardingAddresses.list({ userId }),
    'gmail.settings.autoForwarding': () => settings.getAutoForwarding({ userId }),
    'gmail.settings.language': () => settings.getLanguage({ userId }),
    'gmail.settings.imap': () => settings.getImap({ userId }),
  }
  for (const [route, ask] of Object.entries(parts)) {
    expect(Object.keys((await ask()).data).length).toBeGreaterThan(0)
    expect(bed.calls.count(route)).toBe(1)
  }
  expect(await refusalOf(settings.delegates.list({ userId }))).toBe('403 forbidden')
  expect(bed.calls.count('gmail.settings.delegates')).toBe(1)
})

test('a project has units to spend, and a person too', async () => {
  await using bed = await googleTestbed({ quota: 'published', now: () => 1_800_000_000_000 })
  const [id = ''] = bed.mail.of('ada').ids
  for (let mails = 0; mails < 300; mails++) bed.quota.take('gmail', bed.company.user('ada').id, 20)
  expect(await refusalOf(api(bed).messages.get({ userId, id }))).toBe('403 userRateLimitExceeded')
  expect(bed.quota.spent['gmail']).toBe(6_020)
})

test('three hundred people and twenty thousand mails are made when they are looked at', async () => {
  await using bed = await googleTestbed({ people: 300, mailsPerPerson: 20_000, stories: false })
  expect(bed.company.users.size).toBeGreaterThan(300)
  expect(bed.mail.of('person7').size).toBe(20_000)
})
