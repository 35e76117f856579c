import { expect, test } from 'vitest'
import { collectionId, itemId } from '../../../../src/contract/ids.ts'
import { filterOf } from '../../../../connectors/m365/map/filter.ts'
import { mailSettings } from '../../../../connectors/m365/map/mail-settings.ts'
import { MailSettings } from '../../../../src/model/mail-settings.ts'

const person = { id: 'P', address: 'ada@example.org', name: 'Ada Weiß', account: itemId('account', 'P') }
const mapping = { source: 'tenant', fetchedAt: '2026-11-25T03:00:00.000Z', endpoint: '/mailboxSettings' }
const mapped = (settings: Record<string, unknown>, rules: readonly Record<string, unknown>[] = []) =>
  mailSettings({ settings, rules, categories: [] }, person, new Set(['F']), collectionId('mail/P'), mapping)
const vacationOf = (replies: object) => mapped({ automaticRepliesSetting: replies }).item?.body.vacation
const to = (...all: string[]) => all.map((address) => ({ emailAddress: { address, name: 'x' } }))

test('gives zone, language and sender, and says that signatures are not given', () => {
  const { item, losses } = mapped({ timeZone: 'W. Europe Standard Time', language: { locale: 'de-DE' } })
  expect(item?.body).toEqual({
    owner: 'account/P',
    filters: [],
    vacation: null,
    senders: [{ address: 'ada@example.org', name: 'Ada Weiß', replyTo: null, signature: null, primary: true }],
    forwarding: [],
    delegates: [],
    locale: 'de-DE',
    timezone: 'Europe/Berlin',
  })
  expect(MailSettings.parse(item?.body)).toEqual(item?.body)
  expect(losses).toEqual([expect.objectContaining({ code: 'withheld-by-source', effect: { type: 'degraded', field: 'senders' } })])
})

test.each([
  ['Tokyo Standard Time', 'Asia/Tokyo'],
  ['Europe/Vienna', 'Europe/Vienna'],
  ['tzone://Microsoft/Custom', null],
  [7, null],
])('the zone %s is %s', (timeZone, expected) => {
  expect(mapped({ timeZone }).item?.body.timezone).toBe(expected)
})

test.each([
  ['off, and never written', { status: 'disabled', internalReplyMessage: '', externalReplyMessage: null }, null],
  [
    'off, with a text',
    { status: 'disabled', externalAudience: 'all', internalReplyMessage: '<p>weg</p>', externalReplyMessage: '<p>weg</p>' },
    { enabled: false, text: 'weg', internal: null, audience: 'everyone', from: null },
  ],
  [
    'on, two texts',
    { status: 'alwaysEnabled', externalAudience: 'contactsOnly', internalReplyMessage: 'drin', externalReplyMessage: 'draußen' },
    { enabled: true, text: 'draußen', internal: 'drin', audience: 'contacts' },
  ],
  [
    'on, nobody outside',
    { status: 'alwaysEnabled', externalAudience: 'none', internalReplyMessage: 'drin', externalReplyMessage: 'draußen' },
    { text: 'drin', internal: null, audience: 'organisation' },
  ],
  [
    'for some days',
    {
      status: 'scheduled',
      externalAudience: 'all',
      internalReplyMessage: 'x',
      externalReplyMessage: 'x',
      scheduledStartDateTime: { dateTime: '2026-12-24T00:00:00.0000000', timeZone: 'UTC' },
      scheduledEndDateTime: { dateTime: '2027-01-02T00:00:00.0000000', timeZone: 'W. Europe Standard Time' },
    },
    { enabled: true, from: '2026-12-24T00:00:00Z', until: '2027-01-01T23:00:00Z' },
  ],
  ['broken', { status: 'perhaps' }, null],
])('automatic replies that are %s', (_, replies, expected) => {
  expect({ vacation: vacationOf(replies) }).toMatchObject({ vacation: expected })
})

const condition = (conditions: object) => filterOf({ id: 'R', conditions }, 'P', new Set(['F']))?.filter
const action = (actions: object) => filterOf({ id: 'R', actions }, 'P', new Set(['F']))?.filter

test.each([
  ['subjectContains', { subjectContains: ['a', 'b'] }, { field: 'subject', match: 'contains', values: ['a', 'b'] }],
  ['bodyContains', { bodyContains: ['a'] }, { field: 'body', match: 'contains', values: ['a'] }],
  ['senderContains', { senderContains: ['a'] }, { field: 'from', match: 'contains', values: ['a'] }],
  ['recipientContains', { recipientContains: ['a'] }, { field: 'recipient', match: 'contains', values: ['a'] }],
  ['fromAddresses', { fromAddresses: to('a@x', 'b@x') }, { field: 'from', match: 'is', values: ['a@x', 'b@x'] }],
  ['sentToAddresses', { sentToAddresses: to('a@x') }, { field: 'recipient', match: 'is', values: ['a@x'] }],
  ['importance', { importance: 'high' }, { field: 'importance', match: 'is', values: ['high'] }],
  ['hasAttachments', { hasAttachments: true }, { field: 'has-attachment', negated: false }],
  ['no attachments', { hasAttachments: false }, { field: 'has-attachment', negated: true }],
  ['withinSizeRange', { withinSizeRange: { minimumSize: 0, maximumSize: 2 } }, { field: 'size-under', values: ['2048'] }],
])('a rule that looks at %s', (_, given, expected) => {
  expect(condition(given)?.conditions).toEqual([expect.objectContaining(expected)])
  expect(condition(given)?.unsupported).toEqual([])
})

test.each(['isMeetingRequest', 'sentToMe', 'bodyOrSubjectContains', 'headerContains', 'sensitivity', 'isVoicemail'])(
  'a rule that looks at %s is never switched on elsewhere',
  (name) => {
    const filter = condition({ [name]: name.endsWith('Contains') ? ['x'] : true, subjectContains: null, isSigned: false })
    expect(filter?.unsupported).toEqual([`conditions.${name}`])
    expect(filter?.conditions).toEqual([])
  },
)

test.each([
  ['moveToFolder', { moveToFolder: 'F' }, [{ type: 'move', mailbox: 'mailbox/P/F', value: null }]],
  ['copyToFolder', { copyToFolder: 'F' }, [{ type: 'copy', mailbox: 'mailbox/P/F', value: null }]],
  ['markAsRead', { markAsRead: true }, [{ type: 'mark-seen', mailbox: null, value: null }]],
  ['delete', { delete: true }, [{ type: 'delete', mailbox: null, value: null }]],
  ['assignCategories', { assignCategories: ['Rot'] }, [{ type: 'keyword', mailbox: null, value: 'Rot' }]],
  ['forwardTo', { forwardTo: to('a@x') }, [{ type: 'forward', mailbox: null, value: 'a@x' }]],
  ['redirectTo', { redirectTo: to('a@x') }, [{ type: 'redirect', mailbox: null, value: 'a@x' }]],
])('a rule that does %s', (_, given, expected) => {
  expect(action(given)).toMatchObject({ actions: expected, unsupported: [], stop: false })
})

test('what a rule does and we have no word for is named: permanent deletion, a folder that is not there', () => {
  expect(action({ permanentDelete: true, moveToFolder: 'NOT-THERE', markImportance: 'high', stopProcessingRules: true })).toMatchObject({
    actions: [],
    stop: true,
    unsupported: ['actions.permanentDelete', 'actions.moveToFolder', 'actions.markImportance'],
  })
})

test('rules come in the order in which they are tried; exceptions and errors of theirs are kept', () => {
  const { item } = mapped({}, [
    { id: 'B', sequence: 2, isEnabled: false, hasError: true },
    { id: 'A', sequence: 1, displayName: 'first', exceptions: { subjectContains: ['x'] } },
    { no: 'rule' },
  ])
  expect(item?.body.filters).toMatchObject([
    { nativeId: 'A', name: 'first', enabled: true, exceptions: [{ field: 'subject' }] },
    { nativeId: 'B', name: null, enabled: false, unsupported: ['hasError'] },
  ])
})
