import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { message } from '../../../../connectors/slack/map/message.ts'
import { Message } from '../../../../src/model/message.ts'
import { testMapping } from './mapping.ts'

const ts = '1700000000.000100'
const map = (raw: object) => message({ type: 'message', ts, ...raw }, 'C1', testMapping())
const body = (raw: object): Message => {
  const { item } = map(raw)
  if (item === undefined) throw new Error('no item')
  return Message.parse(item.body)
}

describe('message', () => {
  test('names a message by channel and time, and its collection', () => {
    const { item } = map({ user: 'U1', text: 'hi' })
    expect(item).toMatchObject({ id: 'message/C1/1700000000.000100', collection: 'channel/C1', kind: 'message' })
    expect(item?.provenance).toEqual({
      source: 'acme',
      nativeId: 'C1/1700000000.000100',
      fetchedAt: '2026-11-23T00:00:00.000Z',
      endpoint: 'test',
    })
    expect(item?.body).toMatchObject({
      author: 'account/U1',
      authorName: null,
      sentAt: '2023-11-14T22:13:20.000100Z',
      type: 'message',
      text: ['hi'],
    })
  })

  test.each([
    ['me_message', 'me'],
    ['bot_message', 'bot'],
    ['channel_join', 'join'],
    ['group_leave', 'leave'],
    ['channel_topic', 'topic'],
    ['group_purpose', 'purpose'],
    ['channel_name', 'rename'],
    ['channel_archive', 'archive'],
    ['group_unarchive', 'unarchive'],
    ['pinned_item', 'pin'],
    ['huddle_thread', 'call'],
    ['tombstone', 'tombstone'],
    ['file_share', 'message'],
    ['thread_broadcast', 'message'],
    ['something_new', 'event'],
    ['constructor', 'event'],
  ])('knows subtype %s as %s', (subtype, type) => {
    expect(body({ subtype, text: 'x' })).toMatchObject({ type, subtype, text: ['x'] })
  })

  test('says the name of an unknown event that says nothing itself', () => {
    expect(body({ subtype: 'something_new', text: '' }).text).toEqual(['something new'])
  })

  test('takes rich text before text, and text where blocks show nothing', () => {
    const rich = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'rich' }] }] }
    expect(body({ text: 'plain', blocks: [rich] }).text).toEqual(['rich'])
    expect(body({ text: 'plain', blocks: [{ type: 'divider' }] }).text).toEqual(['---'])
    expect(body({ text: 'plain', blocks: [{ type: 'image', image_url: 'https://example.org/i.png', alt_text: 'i' }] })).toMatchObject({
      text: ['plain'],
      cards: [{ imageUrl: 'https://example.org/i.png' }],
    })
    expect(body({ text: 'plain', blocks: 'broken' }).text).toEqual(['plain'])
  })

  test('is not empty for a bot that speaks in blocks alone', () => {
    expect(
      body({ subtype: 'bot_message', bot_id: 'B1', text: '', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*all* green' } }] })
        .text,
    ).toEqual(['**all** green'])
  })

  test.each([
    ['a bot with a name of its own', { bot_id: 'B1', username: 'Deploy' }, { author: null, authorName: 'Deploy', type: 'bot' }],
    ['a bot with a profile', { bot_id: 'B1', bot_profile: { name: 'Build' } }, { author: null, authorName: 'Build' }],
    ['a bot that is a user', { bot_id: 'B1', user: 'U7', bot_profile: { name: 'Build' } }, { author: 'account/U7', authorName: null }],
    ['a bot known by its id alone', { bot_id: 'B1' }, { author: null, authorName: 'B1' }],
    ['nobody', {}, { author: null, authorName: null }],
    ['a user that is no id', { user: 'not an id' }, { author: null }],
  ])('says who spoke: %s', (_, raw, expected) => {
    expect(body({ text: 'x', ...raw })).toMatchObject(expected)
  })

  test('reads threads: a root, a reply, a reply that is shown in the channel', () => {
    expect(body({ thread_ts: ts, reply_count: 2, user: 'U1', reply_users: ['U3', 'U2', 'B9'] })).toMatchObject({
      thread: null,
      followers: ['account/U1', 'account/U2', 'account/U3'],
    })
    expect(body({ thread_ts: '1600000000.000100' })).toMatchObject({
      thread: { root: 'message/C1/1600000000.000100', broadcast: false },
      followers: [],
    })
    expect(body({ thread_ts: '1600000000.000100', subtype: 'thread_broadcast' })).toMatchObject({ thread: { broadcast: true } })
  })

  test('reads reactions with their tones, and says when people behind one are missing', () => {
    const { item, losses } = map({
      reactions: [
        { name: '+1::skin-tone-3', users: ['U1', 'U1', 'U2'], count: 2 },
        { name: 'tada', users: ['U1'], count: 9 },
        { users: ['U1'] },
      ],
    })
    expect(item?.body.reactions).toEqual([
      { name: '+1', tone: 3, accounts: ['account/U1', 'account/U2'], count: 2 },
      { name: 'tada', tone: null, accounts: ['account/U1'], count: 9 },
    ])
    expect(losses).toMatchObject([{ code: 'withheld-by-source', effect: { type: 'degraded', field: 'reactions' } }])
  })

  test('reads an edit', () => {
    expect(body({ edited: { user: 'U1', ts: '1700000001.000000' } }).edited).toEqual({
      at: '2023-11-14T22:13:21.000000Z',
      by: 'account/U1',
    })
  })

  test.each([['NaN'], [''], ['12:30'], [null], [{}], ['17000000000000000000.1']])(
    'loses a message whose time is %j, by name, and throws nothing',
    (broken) => {
      const { item, losses } = message({ ts: broken, text: 'x' }, 'C1', testMapping())
      expect(item).toBeUndefined()
      expect(losses).toMatchObject([{ code: 'invalid-at-source', effect: { type: 'dropped' } }])
    },
  )

  test('reads a time that some tool wrote as a number or with fewer decimals', () => {
    expect(message({ ts: 1_700_000_000.0001, text: 'x' }, 'C1', testMapping()).item?.id).toBe('message/C1/1700000000.000100')
    expect(message({ ts: '1700000000.0001', text: 'x' }, 'C1', testMapping()).item?.id).toBe('message/C1/1700000000.000100')
  })

  test('takes tokens out of links in everything it keeps', () => {
    const tokens: string[] = []
    const { item } = message(
      {
        ts,
        text: 'x',
        files: [{ id: 'F1', name: 'a.txt', url_private_download: 'https://files.slack.com/files-pri/T1-F1/a.txt?t=xoxe-12-canary' }],
      },
      'C1',
      testMapping(tokens),
    )
    expect(tokens).toEqual(['xoxe-12-canary'])
    expect(JSON.stringify(item)).not.toContain('canary')
  })

  test('keeps its revision when only volatile parts of the raw message change', () => {
    const one = map({
      text: 'x',
      blocks: [{ type: 'rich_text', block_id: 'a', elements: [] }],
      user_profile: { name: 'a' },
      subscribed: true,
    })
    const two = map({ text: 'x', blocks: [{ type: 'rich_text', block_id: 'b', elements: [] }], client_msg_id: 'z', last_read: '1' })
    expect(one.item?.revision).toBe(two.item?.revision)
    expect(map({ text: 'y' }).item?.revision).not.toBe(one.item?.revision)
  })

  test('maps any JSON without throwing, to a body that its schema accepts', () => {
    const keys = fc.constantFrom(
      'text',
      'user',
      'subtype',
      'blocks',
      'attachments',
      'files',
      'reactions',
      'edited',
      'thread_ts',
      'reply_users',
      'type',
      'elements',
      'id',
      'name',
      'mode',
      'fields',
      'title',
      'users',
      'count',
      'ts',
      'bot_profile',
    )
    fc.assert(
      fc.property(fc.object({ key: keys, maxDepth: 4 }), (raw) => {
        const { item } = map({ ...raw, ts })
        expect(item === undefined || Message.safeParse(item.body).success).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('cards of messages', () => {
  test('carries an attachment with all its parts', () => {
    const { cards } = body({
      attachments: [
        {
          fallback: 'f &amp; g',
          color: 'good',
          pretext: '*p*',
          author_name: 'A',
          author_link: 'https://example.org/a',
          title: 'T &lt;1&gt;',
          title_link: 'https://example.org/?a=1&amp;b=2',
          text: '<@U1>',
          fields: [{ title: 'F', value: '_v_', short: true }],
          image_url: 'https://example.org/i.png',
          thumb_url: 'https://example.org/t.png',
          footer: 'foot',
          ts: 1_700_000_000,
        },
      ],
    })
    expect(cards).toEqual([
      {
        fallback: 'f & g',
        color: '#2eb67d',
        pretext: ['**p**'],
        author: 'A',
        authorLink: 'https://example.org/a',
        title: 'T <1>',
        titleLink: 'https://example.org/?a=1&b=2',
        text: [{ type: 'account', id: 'account/U1', label: null }],
        fields: [{ title: 'F', value: ['_v_'], short: true }],
        imageUrl: 'https://example.org/i.png',
        thumbUrl: 'https://example.org/t.png',
        footer: 'foot',
        at: '2023-11-14T22:13:20.000000Z',
      },
    ])
  })

  test('carries the blocks of an attachment and of a shared message, with files of the latter', () => {
    const said = { type: 'section', text: { type: 'plain_text', text: 'inside' } }
    expect(body({ attachments: [{ blocks: [said] }] }).cards[0]?.text).toEqual(['inside'])
    const shared = body({
      attachments: [
        {
          is_msg_unfurl: true,
          from_url: 'https://a.slack.com/x',
          message_blocks: [{ message: { blocks: [said] } }],
          files: [{ id: 'F1', name: 'a', url_private: 'https://files.slack.com/files-pri/T-F1/a' }],
        },
      ],
    })
    expect(shared.cards[0]).toMatchObject({ text: ['inside'], titleLink: 'https://a.slack.com/x' })
    expect(shared.files).toMatchObject([{ nativeId: 'F1', blob: 0 }])
  })

  test('carries the words on old-style buttons', () => {
    expect(
      body({
        attachments: [
          {
            text: 'Deploy?',
            actions: [
              { type: 'button', text: 'Yes' },
              { type: 'button', text: 'No' },
            ],
          },
        ],
      }).cards[0]?.text,
    ).toEqual(['Deploy?\n\\[Yes\\] \\[No\\]'])
  })
})
