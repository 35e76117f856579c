import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { richText } from '../../../../connectors/slack/map/rich-text.ts'
import { Text } from '../../../../src/model/message.ts'

const section = (...elements: object[]) => ({ type: 'rich_text_section', elements })
const words = (text: string, style?: object) => ({ type: 'text', text, ...(style === undefined ? {} : { style }) })
const list = (style: string, indent: number, items: object[][], more: object = {}) => ({
  type: 'rich_text_list',
  style,
  indent,
  elements: items.map((elements) => section(...elements)),
  ...more,
})
const block = (...elements: object[]) => ({ type: 'rich_text', elements })

const table: readonly (readonly [string, object, readonly unknown[]])[] = [
  ['plain text, literal', block(section(words('a & b <c> *d*'))), ['a & b \\<c> \\*d\\*']],
  [
    'styles',
    block(
      section(
        words('b', { bold: true }),
        words(' '),
        words('i', { italic: true }),
        words(' '),
        words('s', { strike: true }),
        words(' '),
        words('c*', { code: true }),
      ),
    ),
    ['**b** _i_ ~~s~~ `c*`'],
  ],
  ['several styles at once', block(section(words('x', { bold: true, italic: true }))), ['_**x**_']],
  ['a style inside a word', block(section(words('un'), words('believ', { italic: true }), words('able'))), ['un*believ*able']],
  ['blanks at the ends of a style', block(section(words('a'), words(' b ', { bold: true }), words('c'))), ['a **b** c']],
  ['neighbours of one style', block(section(words('a', { bold: true }), words('b', { bold: true }))), ['**ab**']],
  ['a style over two lines', block(section(words('a\nb', { bold: true }))), ['**a**\n**b**']],
  ['code with backticks', block(section(words('a`b', { code: true }))), ['``a`b``']],
  ['a style that could not be read as one', block(section(words('a'), words('"b"', { bold: true }), words('c'))), ['a"b"c']],
  [
    'mentions',
    block(
      section(
        { type: 'user', user_id: 'U1' },
        { type: 'usergroup', usergroup_id: 'S1' },
        { type: 'channel', channel_id: 'C1' },
        { type: 'broadcast', range: 'here' },
      ),
    ),
    [
      { type: 'account', id: 'account/U1', label: null },
      { type: 'group', id: 'group/S1', label: null },
      { type: 'channel', id: 'channel/C1', label: null },
      { type: 'broadcast', scope: 'here' },
    ],
  ],
  [
    'emoji with tones, in both spellings',
    block(section({ type: 'emoji', name: 'wave', skin_tone: 3 }, { type: 'emoji', name: '+1::skin-tone-6' })),
    [
      { type: 'emoji', name: 'wave', tone: 3 },
      { type: 'emoji', name: '+1', tone: 6 },
    ],
  ],
  [
    'links',
    block(
      section(
        { type: 'link', url: 'https://example.org/?a=1&b=2', text: 'one' },
        words(' '),
        { type: 'link', url: 'https://example.org' },
        words(' '),
        { type: 'link', url: 'https://example.org', text: 'b', style: { bold: true } },
      ),
    ),
    ['[one](https://example.org/?a=1&b=2) <https://example.org> **[b](https://example.org)**'],
  ],
  [
    'a permalink',
    block(section({ type: 'link', url: 'https://a.slack.com/archives/C1/p1700000000000100' })),
    [{ type: 'permalink', message: 'message/C1/1700000000.000100', url: 'https://a.slack.com/archives/C1/p1700000000000100', label: null }],
  ],
  [
    'a date and a colour',
    block(
      section({ type: 'date', timestamp: 1392734382, format: '{date}', fallback: 'Feb 18' }, words(' '), {
        type: 'color',
        value: '#FF0000',
      }),
    ),
    ['Feb 18 #FF0000'],
  ],
  ['an element nobody knows', block(section({ type: 'novelty', text: 'shown' })), ['shown']],
  ['a list', block(list('bullet', 0, [[words('a')], [words('b')]])), ['- a\n- b']],
  ['a numbered list that goes on', block(list('ordered', 0, [[words('c')]], { offset: 2 })), ['3. c']],
  [
    'lists in lists',
    block(list('bullet', 0, [[words('a')]]), list('ordered', 1, [[words('b')]]), list('bullet', 0, [[words('c')]])),
    ['- a\n    1. b\n- c'],
  ],
  ['a list that begins indented', block(list('bullet', 2, [[words('a')]])), ['- a']],
  ['two lines in an entry', block(list('bullet', 0, [[words('a\nb')]])), ['- a\n  b']],
  [
    'text around a list',
    block(section(words('before\n')), list('bullet', 0, [[words('a')]]), section(words('after'))),
    ['before\n\n- a\n\nafter'],
  ],
  ['a quote', block({ type: 'rich_text_quote', elements: [words('a\nb')] }, section(words('c'))), ['> a\n> b\n\nc']],
  [
    'preformatted text',
    block({ type: 'rich_text_preformatted', elements: [words('*x* '), { type: 'link', url: 'https://example.org' }] }),
    ['```\n*x* https://example.org\n```'],
  ],
  [
    'preformatted text with fences',
    block({ type: 'rich_text_preformatted', elements: [words('```\nx\n```')] }),
    ['````\n```\nx\n```\n````'],
  ],
  ['signs at the start of lines', block(section(words('# a\n- b\n1. c\n> d'))), ['\\# a\n\\- b\n1\\. c\n\\> d']],
  ['an empty block', block(section()), []],
]

describe('richText', () => {
  test.each(table)('reads %s', (_, source, expected) => {
    expect(richText(source as { [key: string]: unknown })).toEqual(expected)
  })

  test('gives valid text for any JSON', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.object({ key: fc.constantFrom('type', 'elements', 'text', 'url', 'style', 'name', 'indent', 'user_id', 'bold'), maxDepth: 4 }),
        ),
        fc.constantFrom('rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted'),
        (elements, type) => {
          expect(Text.safeParse(richText({ type: 'rich_text', elements: [{ type, elements, indent: 1 }] })).success).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})
