import { describe, expect, test } from 'vitest'
import { account } from '../../../../connectors/slack/map/account.ts'
import { channel, documentIds, typeOf } from '../../../../connectors/slack/map/channel.ts'
import { emoji } from '../../../../connectors/slack/map/emoji.ts'
import { group } from '../../../../connectors/slack/map/group.ts'
import { bodySchemas } from '../../../../src/model/bodies.ts'
import { testMapping } from './mapping.ts'

const person = (raw: object, labels = new Map<string, string>()) => {
  const { item } = account({ id: 'U1', name: 'ada', ...raw }, labels, testMapping())
  return bodySchemas.account.parse(item?.body)
}

describe('account', () => {
  test('carries a profile', () => {
    const body = person(
      {
        real_name: 'Ada &amp; Co',
        tz: 'Europe/Berlin',
        locale: 'de-DE',
        profile: {
          display_name: 'Ada',
          email: 'ada@example.org',
          first_name: 'Ada',
          title: 'Head',
          phone: '+49',
          pronouns: 'she',
          status_text: 'away',
          status_emoji: ':palm_tree:',
          status_expiration: 1_700_000_000,
          fields: { X1: { value: 'Kiel' }, X2: { value: '' } },
          image_192: 'https://a.slack-edge.com/x_192.png',
          image_512: 'https://a.slack-edge.com/x_512.jpg',
          avatar_hash: 'abc',
        },
      },
      new Map([['X1', 'Office']]),
    )
    expect(body).toMatchObject({
      handle: 'ada',
      displayName: 'Ada',
      realName: 'Ada & Co',
      email: 'ada@example.org',
      firstName: 'Ada',
      lastName: null,
      jobTitle: 'Head',
      phone: '+49',
      timezone: 'Europe/Berlin',
      locale: 'de-DE',
      pronouns: 'she',
      profile: [{ label: 'Office', value: 'Kiel' }],
      avatar: 0,
      active: true,
      role: 'member',
    })
    expect(body.status).toEqual({ text: 'away', emoji: 'palm_tree', expiresAt: '2023-11-14T22:13:20.000Z' })
  })

  test('takes the largest picture, named by its hash', () => {
    const { item } = account(
      {
        id: 'U1',
        profile: { image_72: 'https://a.slack-edge.com/72.png', image_512: 'https://a.slack-edge.com/512.png', avatar_hash: 'abc' },
      },
      new Map(),
      testMapping(),
    )
    expect(item?.blobs).toMatchObject([{ key: 'avatar/U1/abc', mediaType: 'image/png', name: 'U1.png' }])
  })

  test.each([
    [{ is_primary_owner: true, is_admin: true }, 'owner'],
    [{ is_admin: true }, 'admin'],
    [{ is_restricted: true }, 'guest'],
    [{ is_restricted: true, is_ultra_restricted: true }, 'single-channel-guest'],
    [{ is_bot: true }, 'bot'],
    [{ id: 'USLACKBOT' }, 'bot'],
    [{ is_stranger: true }, 'external'],
    [{}, 'member'],
  ])('knows the role of %j: %s', (raw, role) => {
    expect(person(raw).role).toBe(role)
  })

  test.each([[{}], [{ profile: { email: '' } }], [{ profile: { email: 'no address' } }], [{ profile: null }]])(
    'has no e-mail address for %j',
    (raw) => {
      expect(person(raw)).toMatchObject({ email: null, displayName: 'ada' })
    },
  )

  test('keeps somebody who left, inactive', () => {
    expect(person({ deleted: true }).active).toBe(false)
  })

  test('loses an account without an id, and says so', () => {
    expect(account({ name: 'x' }, new Map(), testMapping())).toMatchObject({ item: undefined, losses: [{ code: 'invalid-at-source' }] })
  })
})

describe('group and emoji', () => {
  test('carries a group with its members, sorted', () => {
    const { item, losses } = group(
      { id: 'S1', handle: 'devs', name: 'Devs &amp; co', description: 'd', users: ['U2', 'U1', 'U2'], date_delete: 0 },
      testMapping(),
    )
    expect(item?.body).toEqual({ handle: 'devs', name: 'Devs & co', description: 'd', members: ['account/U1', 'account/U2'], active: true })
    expect(losses).toEqual([])
  })

  test('says that members of a group are unknown instead of none', () => {
    const { item, losses } = group({ id: 'S1', handle: 'devs', user_count: 3 }, testMapping())
    expect(item?.body.members).toBeNull()
    expect(losses).toMatchObject([{ effect: { field: 'members' } }])
  })

  test('knows images from aliases', () => {
    expect(emoji('a', 'https://emoji.slack-edge.com/T1/a/1f.png', testMapping()).item).toMatchObject({
      body: { name: 'a', aliasFor: null, image: 0 },
      blobs: [{ key: 'emoji/a/a/1f.png', mediaType: 'image/png' }],
    })
    expect(emoji('b', 'alias:a', testMapping()).item).toMatchObject({ body: { name: 'b', aliasFor: 'a', image: null }, blobs: [] })
    expect(emoji('c', 7, testMapping()).item).toBeUndefined()
  })
})

describe('channel', () => {
  const parts = { type: 'public' as const, members: ['U2', 'U1'], pins: [], bookmarks: [], documents: [] }
  const raw = {
    id: 'C1',
    name: 'general',
    is_channel: true,
    is_general: true,
    is_shared: false,
    created: 1_700_000_000,
    creator: 'U1',
    topic: { value: 'a &amp; b' },
    purpose: { value: 'p' },
  }

  test('carries what is known of it', () => {
    const { item, losses } = channel(
      raw,
      {
        ...parts,
        pins: [
          { created: 1, message: { ts: '1.000001' } },
          { created: 2, message: { ts: '2.000001' } },
        ],
        bookmarks: [{ title: 'B', link: 'https://example.org', emoji: ':book:', type: 'link' }],
      },
      testMapping(),
    )
    expect(bodySchemas.channel.parse(item?.body)).toMatchObject({
      name: 'general',
      type: 'public',
      topic: 'a & b',
      purpose: 'p',
      members: ['account/U1', 'account/U2'],
      general: true,
      archived: false,
      creator: 'account/U1',
      createdAt: '2023-11-14T22:13:20.000Z',
      pins: ['message/C1/2.000001', 'message/C1/1.000001'],
      bookmarks: [{ title: 'B', link: 'https://example.org', emoji: 'book', type: 'link' }],
    })
    expect(losses).toEqual([])
  })

  test('says null, not nobody, when members are not given', () => {
    const { item, losses } = channel(raw, { ...parts, members: undefined }, testMapping())
    expect(item?.body.members).toBeNull()
    expect(losses).toMatchObject([{ item: 'channel/C1', effect: { type: 'degraded', field: 'members' } }])
  })

  test('survives a null creator and broken headings', () => {
    const { item } = channel({ ...raw, creator: null, topic: 'x', purpose: null, created: 'then' }, parts, testMapping())
    expect(item?.body).toMatchObject({ creator: null, topic: '', purpose: '', createdAt: null })
  })

  test.each([
    [{ is_channel: true }, 'public'],
    [{ is_channel: true, is_private: true }, 'private'],
    [{ is_group: true }, 'private'],
    [{ is_im: true }, 'direct'],
    [{ is_mpim: true, is_channel: true }, 'group-direct'],
    [{}, 'private'],
  ])('knows %j as %s, and what does not say so is never public', (flags, type) => {
    expect(typeOf(flags)).toBe(type)
  })

  test('finds the canvases in the tabs of a channel', () => {
    expect(
      documentIds({
        properties: { canvas: { file_id: 'F1' }, tabs: [{ type: 'list', data: { file_id: 'F2' } }, { data: { file_id: 'F1' } }, {}] },
      }),
    ).toEqual(['F1', 'F2'])
    expect(documentIds({})).toEqual([])
  })
})
