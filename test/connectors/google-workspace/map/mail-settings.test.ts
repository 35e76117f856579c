import { expect, test } from 'vitest'
import { filter } from '../../../../connectors/google-workspace/map/filter.ts'
import { htmlToText } from '../../../../connectors/google-workspace/map/html-text.ts'
import { mailSettings } from '../../../../connectors/google-workspace/map/mail-settings.ts'
import { Filters, type Settings } from '../../../../connectors/google-workspace/mail/settings-wire.ts'
import { collectionId, itemId } from '../../../../src/contract/ids.ts'
import { MailSettings } from '../../../../src/model/mail-settings.ts'

const person = { id: '108', address: 'ada@example.org', account: itemId('account', '108') }
const provenance = { source: 'acme', nativeId: 'x', fetchedAt: '2026-11-25T00:00:00.000Z', endpoint: 'gmail' }
const nothing: Settings = {
  filters: undefined,
  sendAs: undefined,
  vacation: undefined,
  forwardings: undefined,
  autoForwarding: undefined,
  delegates: undefined,
  language: undefined,
}
const body = (settings: Partial<Settings>) => mailSettings({ ...nothing, ...settings }, person, collectionId('mail/108'), provenance).body
const filterOf = (criteria: object, action: object = {}) => {
  const [given] = Filters.parse({ filter: [{ id: 'f', criteria, action }] }).filter
  if (given === undefined) throw new Error('no filter')
  return filter(given, '108')
}
const contains = (field: string, ...values: string[]) => ({ field, header: null, match: 'contains', values, negated: false })

test.each([
  ['one address', { from: 'a@example.net' }, [contains('from', 'a@example.net')]],
  ['either of two', { from: 'a@example.net OR b@example.net' }, [contains('from', 'a@example.net', 'b@example.net')]],
  ['braces', { to: '{a@x b@y}' }, [contains('recipient', 'a@x', 'b@y')]],
  ['words in a subject', { subject: 'your invoice' }, [contains('subject', 'your invoice')]],
  ['words in quotes', { subject: '"your invoice"' }, [contains('subject', 'your invoice')]],
  ['an attachment', { hasAttachment: true }, [contains('has-attachment')]],
  ['larger', { size: 1024, sizeComparison: 'larger' }, [contains('size-over', '1024')]],
  ['smaller', { size: 1024, sizeComparison: 'smaller' }, [contains('size-under', '1024')]],
] as const)('a filter for %s', (_, criteria, conditions) => {
  expect(filterOf(criteria)).toMatchObject({ conditions, unsupported: [], enabled: true, stop: false })
})

test.each([
  [{ query: 'list:(x@y)' }, 'query: list:(x@y)'],
  [{ negatedQuery: 'urgent' }, 'negatedQuery: urgent'],
  [{ from: 'a@x AND -b@y' }, 'from:(a@x AND -b@y)'],
  [{ subject: 'invoice*' }, 'subject:(invoice*)'],
])('%j is kept in the words of Gmail', (criteria, unsupported) => {
  expect(filterOf(criteria)).toMatchObject({ conditions: [], unsupported: [unsupported] })
})

test.each([
  [{ removeLabelIds: ['INBOX'] }, [{ type: 'archive', mailbox: null, value: null }]],
  [{ addLabelIds: ['Label_1'] }, [{ type: 'copy', mailbox: 'mailbox/108/Label_1', value: null }]],
  [{ addLabelIds: ['TRASH'] }, [{ type: 'delete', mailbox: null, value: null }]],
  [{ addLabelIds: ['STARRED'] }, [{ type: 'flag', mailbox: null, value: null }]],
  [{ addLabelIds: ['IMPORTANT'] }, [{ type: 'keyword', mailbox: null, value: 'IMPORTANT' }]],
  [{ removeLabelIds: ['UNREAD'] }, [{ type: 'mark-seen', mailbox: null, value: null }]],
  [{ removeLabelIds: ['SPAM'] }, [{ type: 'never-junk', mailbox: null, value: null }]],
  [{ forward: 'b@x' }, [{ type: 'redirect', mailbox: null, value: 'b@x' }]],
])('%j', (action, actions) => {
  expect(filterOf({ from: 'a' }, action).actions).toEqual(actions)
})

test('what a filter takes away and the model has no word for is said', () => {
  expect(filterOf({ from: 'a' }, { removeLabelIds: ['IMPORTANT'] }).unsupported).toEqual(['remove label IMPORTANT'])
})

test('an account that never changed anything', () => {
  const settings = body({})
  expect(settings).toEqual({
    owner: 'account/108',
    filters: [],
    vacation: null,
    senders: [],
    forwarding: [],
    delegates: [],
    locale: null,
    timezone: null,
  })
  expect(MailSettings.safeParse(settings).success).toBe(true)
})

test.each([
  [
    { enableAutoReply: true, responseBodyPlainText: 'Away' },
    { enabled: true, text: 'Away', audience: 'everyone', from: null },
  ],
  [{ enableAutoReply: true, responseBodyHtml: '<p>A</p><p>B</p>', responseBodyPlainText: 'x' }, { text: 'A\n\nB' }],
  [
    { responseSubject: 'S', restrictToContacts: true },
    { enabled: false, subject: 'S', audience: 'contacts' },
  ],
  [
    { enableAutoReply: true, startTime: '1772000000000', endTime: '0' },
    { from: '2026-02-25T06:13:20.000Z', until: null },
  ],
])('an absence notice %j', (vacation, expected) => {
  expect(body({ vacation }).vacation).toMatchObject(expected)
})

test('an absence notice that was never written is none', () => {
  expect(body({ vacation: { enableAutoReply: false } }).vacation).toBeNull()
})

test('forwards to one address at most, and keeps the others that were confirmed', () => {
  const forwardings = {
    forwardingAddresses: [
      { forwardingEmail: 'b@x', verificationStatus: 'accepted' },
      { forwardingEmail: 'a@x', verificationStatus: 'accepted' },
    ],
  }
  expect(body({ forwardings, autoForwarding: { enabled: true, emailAddress: 'b@x', disposition: 'trash' } }).forwarding).toEqual([
    { address: 'a@x', enabled: false, keep: true },
    { address: 'b@x', enabled: true, keep: false },
  ])
})

test('delegates count once they accepted', () => {
  const delegates = [
    { delegateEmail: 'b@x', verificationStatus: 'pending' },
    { delegateEmail: 'a@x', verificationStatus: 'accepted' },
  ]
  expect(body({ delegates: { delegates } }).delegates).toEqual(['a@x'])
})

test.each([
  ['one<br>two', 'one\ntwo'],
  ['<div dir="ltr">Hi,<div><br></div><div>A &amp; B&nbsp;&lt;3</div></div>', 'Hi,\n\nA & B\u00a0<3'],
  ['Hi,<div>A</div><div>B</div>', 'Hi,\nA\nB'],
  ['<style>p{}</style><p>x</p><ul><li>a<li>b</ul>', 'x\n\n- a\n- b'],
  ['&#8364; &#x20AC; &euro; &unknown; &#99999999;', '€ € € &unknown; &#99999999;'],
  ['<!-- no --> a\n   b', 'a b'],
])('%j in words', (html, text) => {
  expect(htmlToText(html)).toBe(text)
})
