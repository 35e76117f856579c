import { World } from './world.ts'

const PNG = Uint8Array.from(
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
)

/** A workspace with at least one of everything that Mattermost has an opinion about. */
export function everything(): World {
  const world = new World()
  const u1 = world.account('U1', { handle: 'erika', displayName: 'Erika', firstName: 'Erika', lastName: 'Mustermann', jobTitle: 'Captain' })
  const u2 = world.account('U2', { handle: 'Bob', displayName: 'Bob' })
  const u3 = world.account('U3', { handle: 'bob', displayName: 'bob', email: null })
  const u4 = world.account('U4', { handle: 'jürgen.groß', displayName: 'Jürgen' })
  world.account('U5', { handle: 'channel', displayName: '日本語', email: 'nihon@example.test' })
  const gone = world.account('U6', { handle: 'gone', active: false })
  const guest = world.account('U7', { handle: 'guest', role: 'guest' })
  world.account('B1', { handle: 'deploybot', role: 'bot', email: null })
  const many = Array.from({ length: 9 }, (_, n) => world.account(`M${n}`))
  world.emoji('party', PNG)
  world.emoji('fete', null, 'party')
  world.emoji('smile', PNG)
  world.channel('C1', {
    name: 'general',
    general: true,
    members: [u1, u2, u3, gone, guest],
    topic: 'Topic & more',
    purpose: 'Purpose',
    pins: ['message/C1/1700000000.000100', 'message/C1/1700000001.000200'],
  })
  world.channel('C2', { name: 'General!', members: [u1], createdAt: '2026-01-01T00:00:00.000000Z' })
  world.channel('C3', { name: 'x', type: 'private', members: [u1, u2] })
  world.channel('C4', { name: '日本語', members: [u4], archived: true })
  world.channel('C5', { name: 'secret', type: 'private', members: null })
  world.channel('C6', {
    name: 'town-square',
    members: [u1],
    bookmarks: [{ title: 'Wiki', link: 'https://wiki.example.test', emoji: null, type: 'link' }],
  })
  world.channel('D1', { name: '', type: 'direct', members: [u1, u2] })
  world.channel('D2', { name: '', type: 'direct', members: [u1] })
  world.channel('G1', { name: 'mpdm', type: 'group-direct', members: [u1, u2, u3] })
  world.channel('G2', { name: 'mpdm-big', type: 'group-direct', members: many })

  world.message('C1', '1700000000.000100', {
    text: [
      'Hello ',
      { type: 'account', id: u2, label: null },
      ' and ',
      { type: 'channel', id: 'channel/C3', label: null },
      ' @bob `@bob` ',
      { type: 'broadcast', scope: 'here' },
    ],
    reactions: [
      { name: '+1', tone: 4, accounts: [u1, u2], count: 2 },
      { name: 'party', tone: null, accounts: [u3, 'account/U404'], count: 3 },
    ],
  })
  world.message('C1', '1700000001.000200', {
    thread: { root: 'message/C1/1700000000.000100', broadcast: false },
    author: u2,
    reactions: [{ name: 'heart', tone: null, accounts: [u1], count: 1 }],
    text: ['a reply with a reaction'],
  })
  world.message('C1', '1700000001.000300', {
    thread: { root: 'message/C1/1700000000.000100', broadcast: true },
    author: 'account/B1',
    authorName: 'Deploys',
    type: 'bot',
    text: ['deployed'],
    cards: [
      {
        fallback: 'build',
        color: '36a64f',
        pretext: [],
        author: null,
        authorLink: null,
        title: 'Build 7',
        titleLink: 'https://ci.example.test/7',
        text: ['all *green*'],
        fields: [{ title: 'Branch', value: ['main'], short: true }],
        imageUrl: null,
        thumbUrl: null,
        footer: null,
        at: null,
      },
    ],
  })
  world.message('C1', '1700000001.000400', { text: ['same'], author: u1 })
  world.message('C1', '1700000001.000500', { text: ['same'], author: u2 })
  world.message(
    'C1',
    '1700000002.000000',
    { text: ['files'], files: Array.from({ length: 12 }, (_, n) => world.file(`日本語 ${n}.txt`, n)) },
    Array.from({ length: 12 }, (_, n) => world.blob(`file number ${n}`)),
  )
  world.message('C1', '1700000003.000000', { text: ['long '.repeat(5000)] })
  world.message('C1', '1700000004.000000', { author: 'account/U404', text: ['nobody knows me\u0000'] })
  world.message('C1', '1700000005.000000', { author: null, type: 'tombstone', text: [] })
  world.message('C1', '1700000006.000000', {
    thread: { root: 'message/C1/1700000005.000000', broadcast: false },
    text: ['below a deleted root'],
  })
  world.message('C1', '1700000007.000000', {
    thread: { root: 'message/C1/1600000000.000000', broadcast: false },
    text: ['below a root that is not there'],
  })
  world.message('C1', '1700000008.000000', {
    text: [
      'see ',
      {
        type: 'permalink',
        message: 'message/D1/1700000010.000000',
        url: 'https://acme.slack.com/archives/D1/p1700000010000000',
        label: null,
      },
    ],
  })
  world.message('C1', '1700000009.000000', { type: 'me', text: ['waves'], edited: { at: '2026-01-02T00:00:00.000000Z', by: u1 } })
  world.message(
    'C3',
    '1700000009.000000',
    { text: ['../../etc/passwd'], files: [world.file('../../etc/passwd', 0), world.file('x'.repeat(300) + '.txt', 1)] },
    [world.blob('root'), world.blob('long name')],
  )
  world.message('C4', '1700000009.000000', { text: ['archived'], author: u4 })
  world.message(
    'D1',
    '1700000010.000000',
    { text: ['direct'], files: [world.file('a.txt', 0)], reactions: [{ name: 'eyes', tone: null, accounts: [u2], count: 1 }] },
    [world.blob('direct file')],
  )
  world.message('D1', '1700000011.000000', {
    author: u2,
    thread: { root: 'message/D1/1700000010.000000', broadcast: false },
    reactions: [{ name: 'eyes', tone: null, accounts: [u1], count: 1 }],
  })
  world.message('D2', '1700000010.000000', { text: ['to myself'] })
  world.message('G1', '1700000010.000000', { author: u3, text: ['three of us'] })
  world.message('G2', '1700000010.000000', { author: 'account/M1', text: ['nine of us'] })
  return world
}
