import { describe, expect, test } from 'vitest'
import { blocks } from '../../../../connectors/slack/map/blocks.ts'

const plain = (text: string) => ({ type: 'plain_text', text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })

const table: readonly (readonly [string, readonly object[], readonly unknown[]])[] = [
  [
    'a section with fields',
    [{ type: 'section', text: mrkdwn('*a*'), fields: [mrkdwn('*k*\nv'), plain('no *marks*')] }],
    ['**a**\n**k**\nv\nno \\*marks\\*'],
  ],
  [
    'a header',
    [{ type: 'header', text: plain('Big &amp; bold :tada:') }],
    ['### Big & bold ', { type: 'emoji', name: 'tada', tone: null }],
  ],
  [
    'a context',
    [{ type: 'context', elements: [{ type: 'image', image_url: 'https://example.org/i.png', alt_text: 'i' }, mrkdwn('by'), plain('x')] }],
    ['by x'],
  ],
  [
    'buttons',
    [
      {
        type: 'actions',
        elements: [
          { type: 'button', text: plain('Go'), url: 'https://example.org' },
          { type: 'button', text: plain('Stop') },
          { type: 'static_select', placeholder: plain('Pick') },
        ],
      },
    ],
    ['[Go](https://example.org) \\[Stop\\] \\[Pick\\]'],
  ],
  ['an input', [{ type: 'input', label: plain('Name'), hint: plain('yours') }], ['Name\nyours']],
  [
    'a video',
    [
      {
        type: 'video',
        title: plain('Film'),
        title_url: 'https://example.org/f',
        thumbnail_url: 'https://example.org/t.png',
        alt_text: 'f',
        video_url: 'https://example.org/v',
      },
    ],
    ['[Film](https://example.org/f)'],
  ],
  ['Markdown', [{ type: 'markdown', text: '**as** it is' }], ['**as** it is']],
  ['a remote file', [{ type: 'file', external_id: 'ABC-1', source: 'remote' }], ['ABC-1']],
  [
    'a table',
    [
      {
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'a|b' },
            { type: 'raw_text', text: 'c' },
          ],
          [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'two\nlines' }] }] }],
        ],
      },
    ],
    ['| a\\|b | c |\n| --- | --- |\n| two lines |  |'],
  ],
  [
    'a divider between two',
    [{ type: 'section', text: plain('a') }, { type: 'divider' }, { type: 'section', text: plain('b') }],
    ['a\n\n---\n\nb'],
  ],
  [
    'a block nobody knows',
    [{ type: 'hologram', deep: { title: 'seen', parts: [{ text: 'and *read*' }] }, id: 'not shown' }],
    ['seen\nand \\*read\\*'],
  ],
  ['no blocks', [], []],
]

describe('blocks', () => {
  test.each(table)('reads %s', (_, source, expected) => {
    expect(blocks(source).text).toEqual(expected)
  })

  test('carries pictures as cards', () => {
    const { cards } = blocks([
      { type: 'image', image_url: 'https://example.org/i.png', alt_text: 'alt', title: plain('Load') },
      { type: 'section', text: plain('x'), accessory: { type: 'image', image_url: 'https://example.org/a.png', alt_text: 'acc' } },
    ])
    expect(cards).toMatchObject([
      { imageUrl: 'https://example.org/i.png', title: 'Load', fallback: 'alt' },
      { thumbUrl: 'https://example.org/a.png', fallback: 'acc' },
    ])
  })

  test.each([[undefined], ['x'], [[1, null, 'a']], [{}]])('reads nothing from %j', (broken) => {
    expect(blocks(broken)).toEqual({ text: [], cards: [] })
  })
})
