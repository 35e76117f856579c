import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mrkdwn } from '../../../../connectors/slack/map/text.ts'
import { Text } from '../../../../src/model/message.ts'
import { readable } from './readable.ts'

const account = (id: string, label: string | null = null) => ({ type: 'account', id: `account/${id}`, label })
const channel = (id: string, label: string | null = null) => ({ type: 'channel', id: `channel/${id}`, label })
const group = (id: string, label: string | null = null) => ({ type: 'group', id: `group/${id}`, label })
const emoji = (name: string, tone: number | null = null) => ({ type: 'emoji', name, tone })

const table: readonly (readonly [name: string, source: string, expected: readonly unknown[]])[] = [
  ['plain words', 'hello there', ['hello there']],
  ['nothing', '', []],
  ['the three entities', '1 &lt; 2 &amp;&amp; 3 &gt; 2', ['1 \\< 2 && 3 > 2']],
  ['an entity that was typed', '&amp;amp; &amp;copy; &amp;', ['\\&amp; \\&copy; &']],
  ['bold, italic, strike', '*a* _b_ ~c~', ['**a** _b_ ~~c~~']],
  ['emphasis of more than one word', '*two words* end', ['**two words** end']],
  ['nested emphasis', '*bold _and italic_*', ['**bold _and italic_**']],
  ['crossed emphasis', '*a _b* c_', ['**a \\_b** c\\_']],
  ['marks inside words', '2*3*4 snake_case_name a~b~c', ['2\\*3\\*4 snake_case_name a\\~b\\~c']],
  ['doubled marks', '**a** ~~b~~ __c__', ['\\*\\*a\\*\\* \\~\\~b\\~\\~ \\_\\_c\\_\\_']],
  ['a mark that is not closed', '*open', ['\\*open']],
  ['emphasis around a mention', '*<@U1>*', ['**', account('U1'), '**']],
  ['mentions of people', '<@U1> <@W2|bob> <@U9|ghost>', [account('U1'), ' ', account('W2', 'bob'), ' ', account('U9', 'ghost')]],
  ['two channels on one line', '<#C1|general> <#C2>', [channel('C1', 'general'), ' ', channel('C2')]],
  ['a channel without a name', '<#C1|>', [channel('C1')]],
  ['groups', '<!subteam^S1|@devs> <!subteam^S2>', [group('S1', 'devs'), ' ', group('S2')]],
  [
    'special mentions',
    '<!here> <!channel> <!everyone> <!here|here>',
    [
      { type: 'broadcast', scope: 'here' },
      ' ',
      { type: 'broadcast', scope: 'channel' },
      ' ',
      { type: 'broadcast', scope: 'everyone' },
      ' ',
      { type: 'broadcast', scope: 'here' },
    ],
  ],
  ['an unknown special mention', '<!new^thing|new *thing*> <!odd>', ['new \\*thing\\* \\<!odd>']],
  ['a date with a fallback', '<!date^1392734382^{date}|Feb 18>', ['Feb 18']],
  ['a date with a link', '<!date^1392734382^{date}^https://example.org/|Feb 18>', ['[Feb 18](https://example.org/)']],
  ['a date without a fallback', '<!date^1392734382^{date}>', ['2014-02-18 14:39 UTC']],
  ['a bare link', '<https://example.org/a_b?x=1&amp;y=2>', ['<https://example.org/a_b?x=1&y=2>']],
  ['a link with a label', '<https://example.org/(x)|one &amp; [two]>', ['[one & \\[two\\]](https://example.org/%28x%29)']],
  ['mail and telephone', '<mailto:a@b.org|a@b.org> <tel:+4930|call>', ['[a@b.org](mailto:a@b.org) [call](tel:+4930)']],
  ['an address of no known sort', '<javascript:alert(1)|click>', ['click (javascript:alert(1))']],
  [
    'a permalink',
    '<https://acme.slack.com/archives/C123/p1700000000000100?thread_ts=1.2&amp;cid=C123|look>',
    [
      {
        type: 'permalink',
        message: 'message/C123/1700000000.000100',
        url: 'https://acme.slack.com/archives/C123/p1700000000000100?thread_ts=1.2&cid=C123',
        label: 'look',
      },
    ],
  ],
  ['brackets that hold nothing known', '<odd thing> <> <', ['\\<odd thing> \\<> \\<']],
  ['code with a mention', '`<@U1> *x* :y:`', ['`<@U1> *x* :y:`']],
  ['code with a link', '`curl <https://example.org/?a=1&amp;b=2>`', ['`curl https://example.org/?a=1&b=2`']],
  ['a backtick alone', 'a ` b', ['a \\` b']],
  ['two backticks', 'a `` b', ['a \\`\\` b']],
  ['a block of code', 'see ```a &lt; b\n<@U1>``` there', ['see \n```\na < b\n<@U1>\n```\n there']],
  ['a block on its own lines', 'x\n```\ncode\n```\ny', ['x\n```\ncode\n```\ny']],
  ['a block that is not closed', '```a', ['\\`\\`\\`a']],
  ['a quote and what follows', '&gt; quoted\nafter', ['> quoted\n\nafter']],
  ['a quote of two lines', '&gt; a\n&gt; b', ['> a\n> b']],
  ['a quote to the end', '&gt;&gt;&gt; a\nb', ['> a\n> b']],
  ['code in a quote', '&gt; x ```y```', ['> x \n> ```\n> y\n> ```']],
  ['a heading that is none', '# a\n## b\n#c', ['\\# a\n\\## b\n\\#c']],
  ['lists that are none', '1. a\n2) b\n- c\n+ d\n* e', ['1\\. a\n2\\) b\n\\- c\n\\+ d\n\\* e']],
  ['rules and underlines that are none', '---\n===\n***', ['\\---\n\\===\n\\*\\*\\*']],
  ['a table that is none', '| a | b |', ['\\| a \\| b \\|']],
  ['indentation that is no code', '    four', ['\u00a0\u00a0\u00a0\u00a0four']],
  ['a literal sign of a quote', ' &gt; x', [' \\> x']],
  ['backslashes', 'C:\\dir \\*', ['C:\\\\dir \\\\\\*']],
  ['emoji', ':tada: :wave::skin-tone-3: :büro:', [emoji('tada'), ' ', emoji('wave', 3), ' ', emoji('büro')]],
  ['colons that are no emoji', '12:30:45 a:b:c ::', ['12:30:45 a:b:c ::']],
  ['an emoji with underscores', ':white_check_mark:', [emoji('white_check_mark')]],
]

describe('mrkdwn', () => {
  test.each(table)('reads %s', (_, source, expected) => {
    expect(mrkdwn(source)).toEqual(expected)
  })

  test('gives valid text for anything at all', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '*',
        '_',
        '~',
        '`',
        '```',
        '<',
        '>',
        '&lt;',
        '&gt;',
        '&amp;',
        '<@U1|',
        '<#C1>',
        '<!',
        '|',
        ':',
        ':a:',
        '\n',
        ' ',
        '\\',
        '#',
        '1.',
        '-',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(Text.safeParse(mrkdwn(pieces.join(''))).success).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('keeps every character of a text without notation', () => {
    const escaped = (literal: string) => literal.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    const letter = fc.constantFrom(...'ab1 .,!?#|()[]{}<>&;\\+-=/"\'éß日'.split(''))
    fc.assert(
      fc.property(fc.array(fc.array(letter, { maxLength: 12 }), { maxLength: 4 }), (lines) => {
        // A `>` that begins a line is a quote in Slack, and blanks at the ends of lines mean nothing in Markdown.
        const literal = lines
          .map((line) => line.join('').trim().replace(/^>+/, ''))
          .map((line) => line.trim())
          .join('\n')
        expect(readable(mrkdwn(escaped(literal)))).toBe(literal)
      }),
      { numRuns: 500 },
    )
  })

  test.each(['*a ', '<', '`', '```', '_x*y~', '&gt;', '<@U', ':a:', '&', ':a', '<a|', '* '])(
    'needs time that grows with the length alone for %j',
    (unit) => {
      // A quadratic scan of a million characters would outlast the runner's own limit.
      const text = mrkdwn(unit.repeat(300_000))
      const length = text.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0)
      expect(length).toBeGreaterThanOrEqual(300_000)
    },
  )
})
