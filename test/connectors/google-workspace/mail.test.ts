import { expect, test } from 'vitest'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import { googleTestbed, type GoogleTestbed } from '../../testbed/google/testbed.ts'
import { BROKEN } from '../../testbed/google/gmail/mime.ts'
import { Held, never, open, quickPorts, run } from './world.ts'

const mailOf = (bed: GoogleTestbed, name: string): string => `mail/${bed.company.user(name).id}`

/** One run of a connector of its own, as every night has it. */
async function night(bed: GoogleTestbed, name: string, held?: Held, change: object = {}, ports?: Ports): Promise<Held> {
  await using connector = await open(bed, change, ports)
  return await run(connector, mailOf(bed, name), held)
}
const mails = (held: Held): SourceItem<'mail'>[] => [...held.items.values()].filter((item) => item.kind === 'mail')
const ids = (held: Held): string[] => mails(held).map(({ id }) => id.split('/')[2] ?? '')
const gmailCalls = (bed: GoogleTestbed): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(bed.calls.byRoute).filter(([route]) => route.startsWith('gmail.')))

test('reads every mail, also of spam and trash, with the bytes that came', async () => {
  await using bed = await googleTestbed()
  const mailbox = bed.mail.of('ada')
  const held = await night(bed, 'ada')
  expect(ids(held).toSorted()).toEqual(mailbox.ids.filter((id) => mailbox.mail(id).bytes !== undefined).toSorted())
  for (const { body, blobs, id } of mails(held)) {
    const stored = mailbox.mail(id.split('/')[2] ?? '')
    const blob = blobs[body.rfc822 ?? -1]
    expect(blob?.type === 'inline' ? Buffer.from(blob.data).equals(stored.bytes?.() ?? new Uint8Array()) : blob).toBe(true)
    expect(blob?.key).toBe(`gmail/${bed.company.user('ada').id}/${stored.id}`)
    expect(blob?.name).toBe(`${body.receivedAt.slice(0, 10)}_${stored.id}.eml`)
  }
  expect(mails(held).length).toBeGreaterThan(Object.keys(BROKEN).length)
  expect(held.losses).toEqual([expect.stringMatching(/^mail\/\d+\/[\da-f]{16} withheld-by-source$/)])
})

test('an unchanged mailbox costs one request', async () => {
  await using bed = await googleTestbed()
  const held = await night(bed, 'ada')
  const before = held.cursor
  bed.calls.clear()
  await night(bed, 'ada', held)
  expect(gmailCalls(bed)).toEqual({ 'gmail.history.list': 1 })
  expect(held.changes.map(({ type }) => type)).toEqual(['checkpoint'])
  expect(held.cursor).toBe(before)
})

test('settings and names of labels are read again when they are due', async () => {
  await using bed = await googleTestbed()
  const held = await night(bed, 'ada')
  const mailbox = bed.mail.of('ada')
  const label = [...mailbox.labels.values()].find(({ name }) => name === 'Clients')?.id ?? ''
  mailbox.renameLabel(label, 'Customers')
  mailbox.settings.vacation = { enableAutoReply: false }
  await night(bed, 'ada', held)
  expect(held.of('upsert')).toEqual([])
  const later = quickPorts({ clock: { ...quickPorts().clock, now: () => new Date(Date.now() + 8 * 86_400_000) } })
  await using laterBed = bed
  laterBed.desk.expireTokens()
  await night(bed, 'ada', held, { auth: tokenFor(bed, 'ada') }, later)
  expect(held.of('upsert').map((change) => (change.type === 'upsert' ? change.item.id.split('/')[0] : ''))).toEqual([
    'mailbox',
    'mailbox',
    'mail-settings',
  ])
})

test('what arrives, moves and goes comes with the next night, and no bytes twice', async () => {
  await using bed = await googleTestbed()
  const mailbox = bed.mail.of('ken.tanaka')
  const held = await night(bed, 'ken.tanaka')
  const [first = '', second = '', third = ''] = mailbox.ids
  const label = mailbox.addLabel('New one')
  const fresh = mailbox.arrive({ subject: 'fresh', labels: ['INBOX', 'UNREAD', label] })
  const fleeting = mailbox.arrive({ subject: 'fleeting' })
  mailbox.remove(fleeting.id)
  mailbox.mark(first, { add: ['STARRED', label], remove: ['INBOX'] })
  mailbox.mark(second, { add: ['STARRED'] })
  mailbox.mark(second, { remove: ['STARRED'] })
  mailbox.remove(third)
  bed.calls.clear()
  await night(bed, 'ken.tanaka', held)
  const person = bed.company.user('ken.tanaka').id
  expect(held.items.get(`mail/${person}/${first}` as never)?.body).toMatchObject({
    flags: { flagged: true },
    mailboxes: [...mailbox.mail(first).labels]
      .filter((name) => name === label || /^(SENT|TRASH|SPAM)$/.test(name))
      .map((name) => `mailbox/${person}/${name}`)
      .toSorted(),
  })
  expect(ids(held)).toContain(fresh.id)
  expect(ids(held)).not.toContain(fleeting.id)
  expect(held.of('delete')).toEqual([
    { type: 'delete', id: `mail/${person}/${third}`, evidence: expect.stringMatching(/history.*answered 404/) },
  ])
  const handles = held.of('upsert').flatMap((change) => (change.type === 'upsert' ? change.item.blobs.map(({ type }) => type) : []))
  expect(handles.toSorted()).toEqual(['handle', 'handle', 'inline'])
})

test('a handle gives the same bytes', async () => {
  await using bed = await googleTestbed()
  const mailbox = bed.mail.of('ada')
  const held = await night(bed, 'ada')
  const id = mailbox.ids.find((one) => mailbox.mail(one).bytes !== undefined) ?? ''
  mailbox.mark(id, { add: ['STARRED'] })
  await using connector = await open(bed)
  await run(connector, mailOf(bed, 'ada'), held)
  const [blob] = held.items.get(`${mailOf(bed, 'ada')}/${id}` as never)?.blobs ?? []
  if (blob?.type !== 'handle') throw new Error('no handle')
  const bytes = Buffer.from(await new Response(await connector.blob(blob.handle, never)).arrayBuffer())
  expect(bytes.equals(mailbox.mail(id).bytes?.() ?? new Uint8Array())).toBe(true)
})

test('a mailbox that grows and shrinks while it is listed loses nothing', async () => {
  await using bed = await googleTestbed({ mailsPerPerson: 60 })
  const mailbox = bed.mail.of('olena')
  const gone = mailbox.ids.at(-1) ?? ''
  const arrived: string[] = []
  for (let page = 0; page < 4; page++) bed.hooks.before('gmail.messages.list', () => void arrived.push(mailbox.arrive().id))
  // Listed, and gone before it is asked for.
  bed.hooks.before('gmail.messages.get', () => mailbox.remove(mailbox.ids[1] ?? ''))
  bed.hooks.before('gmail.messages.get', () => mailbox.remove(gone))
  const held = await night(bed, 'olena')
  expect(ids(held).toSorted()).toEqual(mailbox.ids.toSorted())
  expect(arrived.some((id) => ids(held).includes(id))).toBe(true)
  expect(held.losses).toEqual([])
})

test('killed in its first night, it continues where it was and fetches nothing twice', async () => {
  await using bed = await googleTestbed({ mailsPerPerson: 80 })
  const mailbox = bed.mail.of('erika')
  const held = new Held()
  await using connector = await open(bed)
  const collection = { id: mailOf(bed, 'erika') as never, title: '', kinds: [] }
  let checkpoints = 0
  for await (const change of connector.changes(collection, undefined, never)) {
    held.take(change)
    if (change.type === 'checkpoint' && ++checkpoints === 4) break
  }
  const stored = mails(held).length
  expect(stored).toBeGreaterThan(5)
  expect(stored).toBeLessThan(80)
  mailbox.arrive()
  bed.calls.clear()
  await night(bed, 'erika', held)
  expect(ids(held).toSorted()).toEqual(mailbox.ids.toSorted())
  expect(bed.calls.count('gmail.messages.get')).toBe(81 - stored)
})

test('page tokens of an earlier night may have ended', async () => {
  await using bed = await googleTestbed({ mailsPerPerson: 80 })
  const mailbox = bed.mail.of('erika')
  const held = new Held()
  await using connector = await open(bed)
  for await (const change of connector.changes({ id: mailOf(bed, 'erika') as never, title: '', kinds: [] }, undefined, never)) {
    held.take(change)
    if (change.type === 'checkpoint' && mails(held).length > 20) break
  }
  const stored = mails(held).length
  bed.expirePageTokens()
  bed.calls.clear()
  await night(bed, 'erika', held)
  expect(ids(held).toSorted()).toEqual(mailbox.ids.toSorted())
  expect(bed.calls.count('gmail.messages.get')).toBe(80 - stored)
})

test('a forgotten point of history is made good by lists: no reset, no bytes, a request only for what differs', async () => {
  await using bed = await googleTestbed({ mailsPerPerson: 50, pages: 'full' })
  const mailbox = bed.mail.of('ada')
  const held = await night(bed, 'ada')
  const [a = '', b = '', c = ''] = mailbox.ids.filter((id) => mailbox.mail(id).bytes !== undefined)
  const label = mailbox.addLabel('Meanwhile')
  mailbox.mark(a, { add: [label] })
  mailbox.mark(b, { add: ['STARRED'] })
  mailbox.remove(c)
  const fresh = mailbox.arrive()
  mailbox.forgetHistory()
  bed.calls.clear()
  await night(bed, 'ada', held)
  expect(held.of('reset')).toEqual([])
  expect(bed.calls.count('gmail.messages.get')).toBe(4)
  const labels = mailbox.labels.size
  expect(gmailCalls(bed)).toMatchObject({ 'gmail.history.list': 2, 'gmail.messages.list': labels + 1 })
  expect(held.of('delete')).toEqual([
    expect.objectContaining({ id: `${mailOf(bed, 'ada')}/${c}`, evidence: expect.stringContaining('404') }),
  ])
  expect(ids(held)).toContain(fresh.id)
  const again = await night(bed, 'ada')
  expect(new Map(mails(held).map(({ id, revision }) => [id, revision]))).toEqual(
    new Map(mails(held).map(({ id }) => [id, again.items.get(id)?.revision])),
  )
  expect(mails(held)).toHaveLength(mails(again).length)
})

test.each([true, false])('a label that is deleted is taken off its mails (told by the history: %s)', async (told) => {
  await using bed = await googleTestbed()
  const mailbox = bed.mail.of('ada')
  const held = await night(bed, 'ada')
  const acme = [...mailbox.labels.values()].find(({ name }) => name === 'Clients/Acme')?.id ?? ''
  mailbox.removeLabel(acme, told)
  await night(bed, 'ada', held, { settingsDays: 0 })
  const id = `mailbox/${bed.company.user('ada').id}/${acme}`
  expect(held.of('delete')).toEqual([{ type: 'delete', id, evidence: 'absent-from-labels.list' }])
  expect(mails(held).filter(({ body }) => body.mailboxes.includes(id))).toEqual([])
})

test('says aloud if Gmail counts more mails than it lists', async () => {
  await using bed = await googleTestbed()
  const counting: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (!String(input instanceof Request ? input.url : input).includes('/profile')) return response
    return Response.json({ ...((await response.json()) as object), messagesTotal: 40 })
  }
  const held = await night(bed, 'erika', undefined, {}, quickPorts({ fetch: counting }))
  expect(held.losses).toEqual([`mail/${bed.company.user('erika').id}/unlisted withheld-by-source`])
  expect(mails(held)).toHaveLength(12)
})

test('settings that may not be read are a loss, each by itself', async () => {
  await using bed = await googleTestbed()
  const auth = tokenFor(bed, 'ada', true)
  bed.faults.next('gmail.settings.filters', { type: 'status', status: 403 })
  const held = await night(bed, 'ada', undefined, { auth })
  const id = `mail-settings/${bed.company.user('ada').id}`
  const fields = held.changes.flatMap((change) => (change.type === 'loss' && change.loss.item === id ? [change.loss.effect] : []))
  expect(fields).toEqual(['filters', 'delegates'].map((field) => ({ type: 'degraded', field })))
  expect(held.items.get(id as never)?.body).toMatchObject({
    filters: [],
    delegates: [],
    vacation: { enabled: true, text: 'Back on Monday & rested.\n\nGrüße', audience: 'organisation' },
    senders: [
      { address: 'ada@example.org', primary: true },
      { address: 'boss@example.org', replyTo: 'ada@example.org' },
    ],
    forwarding: [{ address: 'archive@example.org', enabled: true, keep: true }],
  })
  await night(bed, 'ada', held, { auth })
  expect(held.changes.map(({ type }) => type)).toEqual(['checkpoint'])
})

/** A token of the person's own, for clocks that no assertion would be believed by. */
function tokenFor(bed: GoogleTestbed, name: string, byHand = false): object {
  const scopes = ['gmail.readonly', 'userinfo.email'].map((scope) => `https://www.googleapis.com/auth/${scope}`)
  process.env['FALLREEP_TEST_TOKEN'] = bed.desk.issue(`${name}@example.org`, scopes, { byHand })
  return { type: 'access-token', token: { env: 'FALLREEP_TEST_TOKEN' } }
}
