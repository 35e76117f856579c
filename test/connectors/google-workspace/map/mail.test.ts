import { expect, test } from 'vitest'
import type { GooglePerson } from '../../../../connectors/google-workspace/google.ts'
import { mail } from '../../../../connectors/google-workspace/map/mail.ts'
import { isMailbox, mailbox } from '../../../../connectors/google-workspace/map/mailbox.ts'
import { Message, Label } from '../../../../connectors/google-workspace/mail/wire.ts'
import { collectionId, itemId } from '../../../../src/contract/ids.ts'
import { Mail } from '../../../../src/model/mail.ts'
import { Mailbox } from '../../../../src/model/mailbox.ts'

const person: GooglePerson = { id: '108', address: 'ada@example.org', account: itemId('account', '108') }
const collection = collectionId('mail/108')
const provenance = { source: 'acme', nativeId: 'x', fetchedAt: '2026-11-25T00:00:00.000Z', endpoint: 'gmail' }
const mailboxes = new Map([
  ['INBOX', ''],
  ['SENT', ''],
  ['DRAFT', ''],
  ['TRASH', ''],
  ['SPAM', ''],
  ['Label_7', ''],
])
const around = { person, collection, mailboxes, provenance }
const bytes = Buffer.from('Subject: x\r\n\r\n')

const mapped = (message: object, data: Uint8Array | null = bytes, how: 'inline' | 'handle' = 'inline') =>
  mail({ message: Message.parse({ id: '18c5', internalDate: '1772000000123', ...message }), raw: message, bytes: data, how }, around)

test.each([
  ['in the inbox, unread', ['INBOX', 'UNREAD'], { mailboxes: ['mailbox/108/INBOX'], seen: false }],
  ['read', ['INBOX'], { mailboxes: ['mailbox/108/INBOX'], seen: true }],
  ['archived: in no place', [], { mailboxes: [], seen: true }],
  ['with a star', ['STARRED', 'SENT'], { mailboxes: ['mailbox/108/SENT'], flagged: true }],
  ['a draft', ['DRAFT'], { mailboxes: ['mailbox/108/DRAFT'], draft: true }],
  ['in several places, in the order of ids', ['Label_7', 'INBOX'], { mailboxes: ['mailbox/108/INBOX', 'mailbox/108/Label_7'] }],
  ['important, in a category', ['IMPORTANT', 'CATEGORY_SOCIAL'], { mailboxes: [], keywords: ['CATEGORY_SOCIAL', 'IMPORTANT'] }],
  ['with a star of another colour', ['YELLOW_STAR'], { keywords: ['YELLOW_STAR'] }],
  ['with a label that was deleted a moment ago', ['Label_99'], { mailboxes: [], keywords: [] }],
  ['in the trash', ['TRASH'], { mailboxes: ['mailbox/108/TRASH'] }],
] as const)('%s', (_, labelIds, expected) => {
  const { item, losses } = mapped({ labelIds })
  const { flags, ...body } = item.body
  expect({ ...body, ...flags }).toMatchObject(expected)
  expect(Mail.safeParse(item.body).success).toBe(true)
  expect(losses).toEqual([])
})

test('a mail without labels has no list of them', () => {
  expect(mapped({}).item.body).toMatchObject({ mailboxes: [], flags: { seen: true }, keywords: [] })
})

test('says when the server took it in, with six decimals, and names its bytes by day and id', () => {
  const { item } = mapped({ threadId: '18c4' })
  expect(item.body).toMatchObject({ receivedAt: '2026-02-25T06:13:20.123000Z', thread: '18c4', rfc822: 0, form: 'original' })
  expect(item.blobs).toEqual([
    { type: 'inline', data: bytes, mediaType: 'message/rfc822', name: '2026-02-25_18c5.eml', key: 'gmail/108/18c5' },
  ])
})

test('has the same revision with its bytes and with a handle on them', () => {
  expect(mapped({ labelIds: ['INBOX'] }, null, 'handle').item.revision).toBe(mapped({ labelIds: ['INBOX'] }).item.revision)
  expect(mapped({ labelIds: ['INBOX'] }, null, 'handle').item.blobs).toMatchObject([{ type: 'handle', handle: 'mail/108/18c5' }])
})

test('an empty mail has bytes, none of them', () => {
  expect(mapped({}, new Uint8Array()).item.body.rfc822).toBe(0)
})

test.each(['', 'yesterday', '99999999999999999', '-99999999999999'])('a time that cannot be read (%j) is a loss', (internalDate) => {
  const { item, losses } = mapped({ internalDate })
  expect(item.body.receivedAt).toBe('1970-01-01T00:00:00.000000Z')
  expect(losses).toMatchObject([{ code: 'invalid-at-source', effect: { type: 'degraded', field: 'receivedAt' } }])
})

test('a mail before 1970 keeps its time', () => {
  expect(mapped({ internalDate: '-86400000' }).item.body.receivedAt).toBe('1969-12-31T00:00:00.000000Z')
})

test('a mail whose bytes Gmail does not give says so', () => {
  const { item, losses } = mapped({}, null)
  expect([item.body.rfc822, item.blobs]).toEqual([null, []])
  expect(losses).toMatchObject([{ code: 'withheld-by-source', effect: { type: 'degraded', field: 'rfc822' } }])
})

const names = new Set(['Clients', 'Clients/Acme', 'a'])
test.each([
  ['Clients', ['Clients']],
  ['Clients/Acme', ['Clients', 'Acme']],
  ['Clients/Acme/2026', ['Clients', 'Acme', '2026']],
  ['Clients/Other/2026', ['Clients', 'Other/2026']],
  ['I/O', ['I/O']],
  ['a//b', ['a', '/b']],
  ['a/', ['a/']],
  ['/a', ['/a']],
])('nests %j by the labels there are', (name, path) => {
  const { body } = mailbox(Label.parse({ id: 'Label_1', name }), names, person, collection, provenance)
  expect(body.path).toEqual(path)
  expect(Mailbox.safeParse(body).success).toBe(true)
})

test.each([
  [
    { id: 'INBOX', name: 'INBOX', type: 'system' },
    { role: 'inbox', hidden: false, color: null },
  ],
  [
    { id: 'SPAM', name: 'SPAM', type: 'system', labelListVisibility: 'labelHide' },
    { role: 'junk', hidden: true },
  ],
  [
    { id: 'Label_3', name: 'INBOX', type: 'user', color: { backgroundColor: '#16a765' } },
    { role: null, color: '#16a765' },
  ],
])('%j', (label, expected) => {
  const item = mailbox(Label.parse(label), names, person, collection, provenance)
  expect(item.body).toMatchObject({ type: 'label', ...expected })
  expect(item.id).toBe(`mailbox/108/${label.id}`)
})

test.each(['UNREAD', 'STARRED', 'IMPORTANT', 'CHAT', 'CATEGORY_UPDATES', 'BLUE_STAR'])('%s is no place', (id) => {
  expect(isMailbox(Label.parse({ id, name: id, type: 'system' }))).toBe(false)
})
