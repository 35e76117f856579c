import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Filter, FilterAction, FilterCondition, MailSettings } from '../../../../src/model/mail-settings.ts'
import { sieveScript, type SieveOptions } from '../../../../targets/imap/sieve/script.ts'

const condition = (field: FilterCondition['field'], value: string, more: Partial<FilterCondition> = {}): FilterCondition => ({
  field,
  header: null,
  match: 'contains',
  values: [value],
  negated: false,
  ...more,
})
const action = (type: FilterAction['type'], more: Partial<FilterAction> = {}): FilterAction => ({
  type,
  mailbox: null,
  value: null,
  ...more,
})
const filter = (conditions: Filter['conditions'], actions: Filter['actions'], more: Partial<Filter> = {}): Filter => ({
  nativeId: '1',
  name: null,
  enabled: true,
  stop: false,
  conditions,
  exceptions: [],
  actions,
  unsupported: [],
  ...more,
})
const settings = (filters: readonly Filter[], vacation: MailSettings['vacation'] = null): MailSettings => ({
  owner: 'account/ada',
  filters: [...filters],
  vacation,
  senders: [],
  forwarding: [],
  delegates: [],
  locale: null,
  timezone: null,
})
const folders: Readonly<Record<string, string>> = { 'mailbox/ada/L1': 'Kunden/Müller & Söhne', 'mailbox/ada/L2': 'a "b" \\c' }
const options: SieveOptions = {
  places: { folder: (mailbox) => folders[mailbox], archive: 'Archive', trash: 'Trash' },
  forwards: false,
  extensions: undefined,
}
const rule = (one: Filter, how: Partial<SieveOptions> = {}) => sieveScript(settings([one]), { ...options, ...how })

describe('a Sieve script', () => {
  test('files, flags and stops; flags are set before the mail is filed', () => {
    const { text, losses } = rule(
      filter([condition('from', 'shop@x.example')], [action('move', { mailbox: 'mailbox/ada/L1' }), action('mark-seen')], { stop: true }),
    )
    expect(losses).toEqual([])
    expect(text).toBe(
      [
        'require ["fileinto", "imap4flags"];',
        '',
        '# filter 1',
        'if header :contains "from" "shop@x.example" {',
        String.raw`  addflag "\\Seen";`,
        '  fileinto "Kunden/Müller & Söhne";',
        '  stop;',
        '}',
        '',
      ].join('\r\n'),
    )
  })

  test.each([
    ['recipient', condition('recipient', 'team@x'), 'header :contains ["to", "cc", "bcc"] "team@x"'],
    ['one of several', condition('subject', '', { values: ['a', 'b'] }), 'header :contains "subject" ["a", "b"]'],
    [
      'begins, with letters that mean something',
      condition('subject', '[*?] \\', { match: 'begins' }),
      String.raw`header :matches "subject" "[\\*\\?] \\\\*"`,
    ],
    ['not', condition('from', 'x', { negated: true }), 'not header :contains "from" "x"'],
    ['a header', condition('header', 'v', { header: 'X-"A"', match: 'is' }), String.raw`header :is "X-\"A\"" "v"`],
    ['larger', condition('size-over', '5242880'), 'size :over 5242880'],
    ['a size that is none', condition('size-under', 'many'), 'size :under 0'],
    ['body', condition('body', 'invoice'), 'body :text :contains "invoice"'],
  ])('tests: %s', (_, one, expected) => {
    expect(rule(filter([one], [action('flag')])).text).toContain(`if ${expected} {`)
  })

  test('exceptions, and a filter for every mail', () => {
    const { text } = rule(
      filter([], [action('keyword', { value: 'Work' })], { exceptions: [condition('from', 'boss'), condition('to', 'me')] }),
    )
    expect(text).toContain('if not anyof(header :contains "from" "boss", header :contains "to" "me") {')
    expect(rule(filter([], [action('delete')])).text).toContain('if true {\r\n  fileinto "Trash";')
  })

  test.each([
    ['a condition without a word', filter([], [action('flag')], { unsupported: ['query: larger:5M OR x'] }), 'no-such-concept'],
    ['a folder that is not there', filter([condition('from', 'x')], [action('move', { mailbox: 'mailbox/ada/none' })]), 'no-such-concept'],
    ['sending mail on', filter([condition('from', 'x')], [action('forward', { value: 'a@b.example' })]), 'excluded-by-policy'],
    ['nothing to do', filter([condition('from', 'x')], []), 'no-such-concept'],
  ])('half a filter is no filter: %s is a comment and a loss', (_, one, code) => {
    const { text, losses } = rule(one)
    expect(losses).toMatchObject([{ code, field: 'filters' }])
    expect(text.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([])
  })

  test('a filter that is switched off stays off, readable', () => {
    const { text, losses, requires } = rule(filter([condition('from', 'x')], [action('archive')], { enabled: false, name: 'Old\r\nstop;' }))
    expect([losses, requires]).toEqual([[], []])
    expect(text.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([])
    expect(text).toContain('#   fileinto "Archive";')
  })

  test('somebody may decide to carry filters that send mail on', () => {
    const one = filter([condition('from', 'x')], [action('forward', { value: 'a@b.example' })])
    expect(rule(one, { forwards: true }).text).toContain('redirect :copy "a@b.example";')
  })

  test('what the server has no extension for is a loss, not a script it refuses', () => {
    const one = filter([condition('body', 'x')], [action('flag')])
    expect(rule(one, { extensions: new Set(['imap4flags']) })).toMatchObject({
      losses: [{ code: 'no-such-concept', detail: expect.stringContaining('"body"') }],
      requires: [],
    })
  })

  test('an automatic reply within its days; one for some people only is a loss', () => {
    const vacation = {
      enabled: true,
      subject: 'Weg',
      text: 'Bin "weg"',
      internal: null,
      from: '2026-12-24T00:00:00Z',
      until: null,
      audience: 'everyone',
    } as const
    expect(sieveScript(settings([], vacation), options).text).toContain(
      String.raw`if allof(currentdate :zone "+0000" :value "ge" "iso8601" "2026-12-24T00:00:00") { vacation :days 7 :subject "Weg" "Bin \"weg\""; }`,
    )
    expect(sieveScript(settings([], { ...vacation, audience: 'contacts' }), options).losses).toMatchObject([{ field: 'vacation' }])
    expect(sieveScript(settings([], { ...vacation, enabled: false }), options)).toMatchObject({ text: '', losses: [] })
  })

  test('no text of anybody ends a string or a comment', () => {
    assert(
      property(string({ unit: 'binary' }), string({ unit: 'binary' }), (name, value) => {
        const { text } = rule(filter([condition('subject', value)], [action('keyword', { value })], { name }))
        const outside = text.replaceAll(/^#.*\r\n/gm, '').replaceAll(/"(?:[^"\\]|\\[\s\S])*"/g, '""')
        expect(outside).toBe('require [""];\r\n\r\nif header :contains "" "" {\r\n  addflag "";\r\n}\r\n')
      }),
    )
  })
})
