import { base, bring, channel, member, PASSWORD, post, type Scenario, T, team, user, VERSION } from './lines.ts'
import { channelId, seenIn, teamId } from './look.ts'

/** Lines that end a run, and what is left of the lines around them. `lines` come after `base`. */
const REFUSED: readonly (readonly [name: string, lines: (p: string) => readonly unknown[], files?: Readonly<Record<string, string>>])[] = [
  ['an unknown author', (p) => [post(p, 'nobody-there', 'x', T)]],
  ['an author in upper case', (p) => [post(p, `${p}Erika`, 'x', T)]],
  ['a NUL in a message', (p) => [post(p, `${p}erika`, 'a\u0000b', T)]],
  ['a NUL in a reply', (p) => [post(p, `${p}erika`, 'x', T, { replies: [{ user: `${p}bob`, message: 'a\u0000b', create_at: T + 1 }] })]],
  ['a NUL in props', (p) => [post(p, `${p}erika`, 'x', T, { props: { a: 'a\u0000b' } })]],
  ['a NUL in a nickname', (p) => [user(`${p}nul`, { nickname: 'a\u0000b' })]],
  ['a NUL in a header', (p) => [channel(p, 'nul', { header: 'a\u0000b' })]],
  ['an unknown line type', (p) => [{ type: 'bot', bot: { username: `${p}bot`, owner: 'admin' } }]],
  ['a role line', () => [{ type: 'role', role: { name: 'x' } }]],
  ['no JSON', () => ['{"type":']],
  ['an empty line', (p) => ['', post(p, `${p}erika`, 'x', T)]],
  ['a fraction of a millisecond', (p) => [post(p, `${p}erika`, 'x', T + 0.5)]],
  ['a number for a text', (p) => [post(p, `${p}erika`, 'x', T, { user: 7 })]],
  ['create_at zero', (p) => [post(p, `${p}erika`, 'x', 0)]],
  ['create_at below zero', (p) => [post(p, `${p}erika`, 'x', -5)]],
  ['a message of 16384 characters', (p) => [post(p, `${p}erika`, 'x'.repeat(16_384), T)]],
  ['a message of 16383 characters', (p) => [post(p, `${p}erika`, 'ä'.repeat(16_383), T)]],
  ['props of 8001 characters', (p) => [post(p, `${p}erika`, 'x', T, { props: { a: 'x'.repeat(8_001 - 8) } })]],
  ['props of 8000 characters', (p) => [post(p, `${p}erika`, 'x', T, { props: { a: 'x'.repeat(8_000 - 8) } })]],
  ['an unknown team in a post', (p) => [post(`${p}no`, `${p}erika`, 'x', T)]],
  ['an unknown channel in a post', (p) => [post(p, `${p}erika`, 'x', T, { channel: 'nowhere' })]],
  ['a channel in upper case', (p) => [post(p, `${p}erika`, 'x', T, { channel: 'General' })]],
  ['an unknown channel in a membership', (p) => [user(`${p}new`, member(p, 'nowhere'))]],
  ['an unknown team in a membership', (p) => [user(`${p}new`, member(`${p}no`, 'general'))]],
  ['a reply before its root', (p) => [post(p, `${p}erika`, 'x', T, { replies: [{ user: `${p}bob`, message: 'r', create_at: T - 1 }] })]],
  [
    'an unknown author of a reply',
    (p) => [post(p, `${p}erika`, 'x', T, { replies: [{ user: 'nobody-there', message: 'r', create_at: T + 1 }] })],
  ],
  [
    'a reaction before its post',
    (p) => [post(p, `${p}erika`, 'x', T, { reactions: [{ user: `${p}bob`, emoji_name: 'x', create_at: T - 1 }] })],
  ],
  [
    'a reaction of nobody',
    (p) => [post(p, `${p}erika`, 'x', T, { reactions: [{ user: 'nobody-there', emoji_name: 'x', create_at: T + 1 }] })],
  ],
  [
    'a reaction with a bad name',
    (p) => [post(p, `${p}erika`, 'x', T, { reactions: [{ user: `${p}bob`, emoji_name: 'bad name', create_at: T + 1 }] })],
  ],
  ['a missing attachment', (p) => [post(p, `${p}erika`, 'x', T, { attachments: [{ path: 'none.txt' }] })]],
  ['ten attachments', (p) => [post(p, `${p}erika`, 'x', T, { attachments: tenth(10) })], tenFiles(10)],
  ['eleven attachments', (p) => [post(p, `${p}erika`, 'x', T, { attachments: tenth(11) })], tenFiles(11)],
  ['a reserved team name', () => [team('api-people')]],
  ['a team name in upper case', (p) => [team(`${p}Up`)]],
  ['a channel name of one letter', (p) => [channel(p, 'x')]],
  ['a channel name in upper case', (p) => [channel(p, 'Up')]],
  ['a channel without display name', (p) => [{ type: 'channel', channel: { team: p, name: 'nameless', type: 'O' } }]],
  ['a header of 1025 characters', (p) => [channel(p, 'long', { header: 'x'.repeat(1025) })]],
  ['a username in upper case', (p) => [user(`${p}UP`)]],
  ['a reserved username', () => [user('channel', { email: 'channel@example.test' })]],
  ['a username of 65 characters', (p) => [user(p + 'x'.repeat(65 - p.length))]],
  ['an address twice', (p) => [user(`${p}two`, { email: `${p}erika@example.test` })]],
  ['no address', (p) => [{ type: 'user', user: { username: `${p}two` } }]],
  ['an address that is none', (p) => [user(`${p}two`, { email: 'none' })]],
  ['a weak password', (p) => [user(`${p}two`, { password: 'weak' })]],
  ['password and auth_data', (p) => [user(`${p}two`, { password: PASSWORD, auth_data: 'x', auth_service: 'gitlab' })]],
  ['auth_data without service', (p) => [user(`${p}two`, { auth_data: 'x' })]],
  ['an unknown auth service', (p) => [user(`${p}two`, { auth_data: `${p}x`, auth_service: 'myspace' })]],
  ['a position of 129 characters', (p) => [user(`${p}two`, { position: 'x'.repeat(129) })]],
  [
    'a direct channel of nine',
    (p) => [{ type: 'direct_channel', direct_channel: { members: Array.from({ length: 9 }, () => `${p}bob`) } }],
  ],
  ['a direct channel with a stranger', (p) => [{ type: 'direct_channel', direct_channel: { members: [`${p}bob`, 'nobody-there'] } }]],
  [
    'a direct post of one member',
    (p) => [{ type: 'direct_post', direct_post: { channel_members: [`${p}bob`], user: `${p}bob`, message: 'x', create_at: T } }],
  ],
  [
    'a direct post of an outsider',
    (p) => [
      { type: 'direct_post', direct_post: { channel_members: [`${p}bob`, `${p}bob`], user: `${p}erika`, message: 'x', create_at: T } },
    ],
  ],
  ['an emoji named like a system emoji', () => [{ type: 'emoji', emoji: { name: 'smile', image: 'a.png' } }], { 'a.png': 'x' }],
  ['an emoji with a plus', (p) => [{ type: 'emoji', emoji: { name: `${p}+x`, image: 'a.png' } }], { 'a.png': 'x' }],
  ['an emoji without its picture', (p) => [{ type: 'emoji', emoji: { name: `${p}gone`, image: 'none.png' } }]],
  ['a missing profile image', (p) => [user(`${p}two`, { profile_image: 'none.png' })]],
  ['a second version line', () => [VERSION]],
  ['a type without its object', () => [{ type: 'team' }]],
]

function tenth(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({ path: `f${index}.txt` }))
}
function tenFiles(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}.txt`, `${index}`]))
}

/** Each kind of line that might end a run, with what is left of the lines around it. */
export const refusalScenarios: readonly Scenario[] = REFUSED.map(([name, lines, files]) => ({
  name: `import of ${name}`,
  play: async (call, p, pause) => {
    const job = await bring(call, pause, [...base(p), ...lines(p)], files)
    return { job, seen: await seenIn(call, await channelId(call, p, 'general')) }
  },
}))

/** Files that are wrong, or right, as a whole. */
export const fileScenarios: readonly Scenario[] = [
  { name: 'a file that does not begin with a version', play: (call, p, pause) => bring(call, pause, [team(p)]) },
  { name: 'a file of version 2', play: (call, p, pause) => bring(call, pause, [{ type: 'version', version: 2 }, team(p)]) },
  { name: 'an empty file', play: (call, _, pause) => bring(call, pause, []) },
  {
    name: 'a line of more than 16 MiB',
    play: (call, p, pause) => bring(call, pause, [...base(p), post(p, `${p}erika`, 'x', T, { x: 'x'.repeat(16 * 1024 * 1024) })]),
  },
  {
    name: 'more people than MaxUsersPerTeam',
    play: async (call, p, pause) => {
      const people = Array.from({ length: 51 }, (_, index) => user(`${p}u${index}`, { teams: [{ name: p }] }))
      const job = await bring(call, pause, [VERSION, team(p), ...people])
      const members = (await call('GET', `/teams/${await teamId(call, p)}/members?per_page=200`)).body as unknown[]
      return { job: job.split(' ')[0], members: members.length }
    },
  },
  {
    name: 'interleaved types',
    play: async (call, p, pause) => {
      const job = await bring(call, pause, [
        ...base(p),
        post(p, `${p}erika`, 'one', T),
        channel(p, 'second'),
        post(p, `${p}erika`, 'two', T + 1),
      ])
      return { job, seen: await seenIn(call, await channelId(call, p, 'general')) }
    },
  },
  {
    name: 'posts and memberships of an archived channel',
    play: async (call, p, pause) => {
      await bring(call, pause, base(p))
      await call('DELETE', `/channels/${await channelId(call, p, 'general')}`)
      return [
        await bring(call, pause, [VERSION, post(p, `${p}erika`, 'x', T)]),
        await bring(call, pause, [VERSION, user(`${p}bob`, member(p, 'general'))]),
        await bring(call, pause, [VERSION, channel(p, 'general', { header: 'still' })]),
        ((await call('GET', `/channels/${await channelId(call, p, 'general')}`)).body as Record<string, unknown>).header,
      ]
    },
  },
]
