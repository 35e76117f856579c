import { expect, test } from 'vitest'
import { collectionId } from '../../../../src/contract/ids.ts'
import { mail, readHandle } from '../../../../connectors/m365/map/mail.ts'
import { Mail } from '../../../../src/model/mail.ts'

const mapping = { source: 'tenant', fetchedAt: '2026-11-25T03:00:00.000Z', endpoint: '/messages/delta' }
const place = { person: 'P', folder: 'F', collection: collectionId('mail/P'), built: false }
const plain = { id: 'M', receivedDateTime: '2026-03-02T07:00:00Z', subject: 'Hi', hasAttachments: false, changeKey: 'CQ1', isRead: false }
const mapped = (raw: object, built = false) => mail({ ...plain, ...raw }, 'M', { ...place, built }, mapping)
const verb = (value: unknown) => ({ singleValueExtendedProperties: [{ id: 'Integer 0x1081', value }] })

test.each([
  ['unread', {}, { seen: false, flagged: false, answered: false, forwarded: false, draft: false }, []],
  ['read', { isRead: true }, { seen: true }, []],
  ['flagged', { flag: { flagStatus: 'flagged' } }, { flagged: true }, []],
  ['flagged and done with', { flag: { flagStatus: 'complete' } }, { flagged: false }, ['flag-complete']],
  ['important', { importance: 'high' }, {}, ['importance-high']],
  ['of no weight', { importance: 'low' }, {}, ['importance-low']],
  ['in categories', { categories: ['Rot', 'Blau', 'Rot', 7] }, {}, ['Blau', 'Rot']],
  ['a draft', { isDraft: true }, { draft: true }, []],
  ['answered', verb('102'), { answered: true, forwarded: false }, []],
  ['answered to all', verb('103'), { answered: true }, []],
  ['forwarded', verb('104'), { answered: false, forwarded: true }, []],
  ['with a verb nobody knows', verb('0'), { answered: false, forwarded: false }, []],
  ['with broken fields', { flag: 7, categories: 'Rot', importance: null, singleValueExtendedProperties: [null, 3] }, {}, []],
])('a mail that is %s', (_, raw, flags, keywords) => {
  const { item, losses } = mapped(raw)
  expect(item?.body).toMatchObject({ flags, keywords, mailboxes: ['mailbox/P/F'], rfc822: 0, form: 'regenerated' })
  expect(Mail.parse(item?.body)).toEqual(item?.body)
  expect(losses).toEqual([])
})

test('a time with seven decimals keeps six, and one that is none is a loss', () => {
  expect(mapped({ receivedDateTime: '2026-03-02T07:00:00.1234567Z' }).item?.body.receivedAt).toBe('2026-03-02T07:00:00.123456Z')
  expect(mapped({ receivedDateTime: null, createdDateTime: '2026-03-01T00:00:00Z' }).item?.body.receivedAt).toBe(
    '2026-03-01T00:00:00.000000Z',
  )
  const { item, losses } = mapped({ receivedDateTime: 'yesterday' })
  expect(item?.body.receivedAt).toBe('1970-01-01T00:00:00.000000Z')
  expect(losses).toEqual([
    expect.objectContaining({ item: 'mail/P/M', code: 'invalid-at-source', effect: { type: 'degraded', field: 'receivedAt' } }),
  ])
})

const keyOf = (raw: object): string | undefined => mapped(raw).item?.blobs[0]?.key

test.each([
  ['a flag', { flag: { flagStatus: 'flagged' }, changeKey: 'CQ2' }, true],
  ['a move', { parentFolderId: 'G', changeKey: 'CQ2' }, true],
  ['a category', { categories: ['Rot'], changeKey: 'CQ2' }, true],
  ['a new subject', { subject: 'Ho' }, false],
  ['an attachment taken out', { hasAttachments: true }, false],
])('whether %s leaves the name of the bytes as it is', (_, raw, same) => {
  expect(keyOf(raw) === keyOf({})).toBe(same)
})

test('each change of a draft is a new text of it', () => {
  expect(keyOf({ isDraft: true, changeKey: 'CQ2' })).not.toBe(keyOf({ isDraft: true, changeKey: 'CQ1' }))
})

test('a handle survives any letter in an id', () => {
  const { item } = mail(plain, 'A/b=+%', { ...place, person: 'p/q' }, mapping)
  const [blob] = item?.blobs ?? []
  expect(blob?.type === 'handle' ? readHandle(blob.handle.slice('mail:'.length)) : undefined).toEqual({ person: 'p/q', native: 'A/b=+%' })
  expect(readHandle('nonsense')).toBeUndefined()
})
