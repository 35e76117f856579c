import { describe, expect, test } from 'vitest'
import { type Caller, caller, type JobSaid, importZip, runImport } from './client.ts'
import { base, bring, channel, PASSWORD, post, T, team, user, VERSION } from './parity/lines.ts'
import { channelId, directId, seenIn, userId, verdict } from './parity/look.ts'
import { type MattermostTestbed, mattermostTestbed, type MattermostTestbedOptions } from './testbed.ts'
import { VERSIONS } from './version.ts'

interface World {
  readonly world: MattermostTestbed
  readonly call: Caller
  readonly general: string
}
/** A server with the team `p`, the channel `general` and the people `pperika` and `ppbob`; then the lines given. */
async function serverWith(
  options: MattermostTestbedOptions,
  lines: readonly unknown[],
  files: Readonly<Record<string, string>> = {},
): Promise<World & { job: JobSaid } & AsyncDisposable> {
  const world = await mattermostTestbed(options)
  const call = caller(world.url, world.token)
  const job = await runImport(call, await importZip([...base('pp'), ...lines], files))
  return { world, call, job, general: await channelId(call, 'pp', 'general'), [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}
const NEW = { version: '10.11.0' } as const

describe('what newer servers import', () => {
  test('pins, edit marks, reply props and reactions, followers and archived channels arrive', async () => {
    const reply = {
      user: 'ppbob',
      message: 'r',
      create_at: T + 1,
      props: { a: 1 },
      reactions: [{ user: 'pperika', emoji_name: 'eyes', create_at: T + 2 }],
    }
    await using seen = await serverWith(NEW, [
      channel('pp', 'attic', { deleted_at: T }),
      post('pp', 'pperika', 'x', T, {
        is_pinned: true,
        edit_at: T + 5,
        thread_followers: [{ user: 'ppbob', last_viewed: T, unread_mentions: 2 }],
        replies: [reply],
      }),
      post('pp', 'pperika', 'late', T, { channel: 'attic' }),
    ])
    const [root, answer] = await seenIn(seen.call, seen.general)
    expect(seen.job.status).toBe('success')
    expect(root).toMatchObject({ pinned: true, edited: true, replies: 1 })
    expect(answer).toMatchObject({ props: { a: 1 }, reactions: [`pperika eyes ${T + 2}`] })
    expect([...seen.world.state.threadMembers.values()]).toMatchObject([
      { user_id: await userId(seen.call, 'ppbob'), last_viewed: T, unread_mentions: 2 },
    ])
    expect(seen.world.state.channels.get(await channelId(seen.call, 'pp', 'attic'))?.delete_at).toBe(T)
  })

  test('two new replies in one millisecond: only the last one keeps its reactions', async () => {
    const reply = (message: string): object => ({
      user: 'ppbob',
      message,
      create_at: T + 1,
      reactions: [{ user: 'pperika', emoji_name: message, create_at: T + 2 }],
    })
    await using seen = await serverWith(NEW, [post('pp', 'pperika', 'x', T, { replies: [reply('one'), reply('two')] })])
    const posts = await seenIn(seen.call, seen.general)
    expect(posts.map(({ message, reactions }) => [message, reactions.length])).toEqual([
      ['x', 0],
      ['one', 0],
      ['two', 1],
    ])
  })

  test('a reply older than its root is moved to it, and doubled by the next run', async () => {
    const line = post('pp', 'pperika', 'x', T, { replies: [{ user: 'ppbob', message: 'early', create_at: T - 1 }] })
    await using seen = await serverWith(NEW, [line])
    await bring(seen.call, 0, [VERSION, line])
    const posts = await seenIn(seen.call, seen.general)
    expect(posts.map(({ message, createAt }) => `${message} ${createAt - T}`)).toEqual(['early 0', 'early 0', 'x 0'])
  })

  test('a missing attachment is a warning, and takes the attachments of all replies with it', async () => {
    const reply = { user: 'ppbob', message: 'r', create_at: T + 1, attachments: [{ path: 'b.txt' }] }
    await using seen = await serverWith(
      NEW,
      [post('pp', 'pperika', 'x', T, { attachments: [{ path: 'none.txt' }, { path: 'a.txt' }], replies: [reply] })],
      { 'a.txt': 'A', 'b.txt': 'B' },
    )
    const posts = await seenIn(seen.call, seen.general)
    expect(seen.job.status).toBe('success')
    expect(posts.map(({ files }) => files.length)).toEqual([1, 0])
    expect(seen.world.state.importRuns[0]?.warnings).toHaveLength(2)
  })

  test('a file above MaxFileSize is left out', async () => {
    await using seen = await serverWith(
      { ...NEW, config: { FileSettings: { MaxFileSize: 20_000 } } },
      [post('pp', 'pperika', 'x', T, { attachments: [{ path: 'a.txt' }] })],
      { 'a.txt': 'A' },
    )
    seen.world.state.config.FileSettings.MaxFileSize = 5
    const big = await importZip([VERSION, post('pp', 'pperika', 'y', T, { attachments: [{ path: 'a.txt' }] })], { 'a.txt': 'AAAAAA' })
    seen.world.state.imports.set('big.zip', big)
    await seen.call('POST', '/jobs', { type: 'import_process', data: { import_file: 'big.zip' } })
    await expect.poll(() => seen.world.state.importRuns.at(-1)?.warnings).toEqual(['attachment a.txt is larger than MaxFileSize'])
  })

  test('names of lines may be in upper case where they are made, not where posts look them up', async () => {
    await using seen = await serverWith(NEW, [user('pUPPER'), channel('pp', 'Loud')])
    expect(seen.job.status).toBe('success')
    expect(await bring(seen.call, 0, [VERSION, post('pp', 'pUPPER', 'x', T)])).toBe('error at 0')
    expect(await bring(seen.call, 0, [VERSION, post('pp', 'pupper', 'x', T, { channel: 'Loud' })])).toBe('error at 0')
    expect(await bring(seen.call, 0, [VERSION, post('pp', 'pupper', 'x', T, { channel: 'loud' })])).toBe('success')
  })

  test('participants without scheme_user become members who cannot post', async () => {
    await using seen = await serverWith(NEW, [
      {
        type: 'direct_channel',
        direct_channel: {
          participants: [
            { username: 'pperika', last_viewed_at: T, msg_count: 3 },
            { username: 'ppbob', scheme_user: true },
          ],
        },
      },
    ])
    const id = await directId(seen.call, 'pperika', 'ppbob')
    const member = seen.world.state.channelMember(id, await userId(seen.call, 'ppbob'))
    expect(member?.scheme_user).toBe(true)
    expect(seen.job.status).toBe('success')
  })

  test('read counts of a membership are kept, and zeroed when the line is sent without them', async () => {
    const line = (more: object): object => user('pann', { teams: [{ name: 'pp', channels: [{ name: 'general', ...more }] }] })
    await using seen = await serverWith(NEW, [line({ msg_count: 7, last_viewed_at: T })])
    const member = async (): Promise<unknown> => seen.world.state.channelMember(seen.general, await userId(seen.call, 'pann'))
    expect(await member()).toMatchObject({ msg_count: 7, last_viewed_at: T })
    await bring(seen.call, 0, [VERSION, line({})])
    expect(await member()).toMatchObject({ msg_count: 0, last_viewed_at: 0 })
  })

  test('bots are made, with any owner, and delete_at is never applied', async () => {
    await using seen = await serverWith(NEW, [{ type: 'bot', bot: { username: 'pbot', owner: 'nobody-there', delete_at: T } }])
    const bot = seen.world.state.userNamed('pbot')
    expect([bot?.bot?.owner_id, bot?.delete_at]).toEqual(['nobody-there', 0])
  })

  test('guest roles must agree on system, team and channel', async () => {
    const guest = (system: string, inTeam: string, inChannel: string): object =>
      user('pguest', { roles: system, teams: [{ name: 'pp', roles: inTeam, channels: [{ name: 'general', roles: inChannel }] }] })
    await using seen = await serverWith(NEW, [guest('system_guest', 'team_guest', 'channel_guest')])
    expect(seen.job.status).toBe('success')
    expect(await bring(seen.call, 0, [VERSION, guest('system_guest', 'team_user', 'channel_guest')])).toBe('error at 2')
    expect(await bring(seen.call, 0, [VERSION, guest('system_user', 'team_user', 'channel_guest')])).toBe('error at 2')
  })

  test('a NUL in props is refused by jsonb, an emoji of the system is skipped, a large one refused', async () => {
    await using seen = await serverWith(NEW, [{ type: 'emoji', emoji: { name: 'smile', image: 'a.png' } }], { 'a.png': 'x' })
    expect(seen.job.status).toBe('success')
    expect(seen.world.state.emojis.size).toBe(0)
    expect(await bring(seen.call, 0, [VERSION, post('pp', 'pperika', 'x', T, { props: { a: 'a\u0000' } })])).toBe('error at 2')
    expect(
      await bring(seen.call, 0, [VERSION, { type: 'emoji', emoji: { name: 'big', image: 'b.png' } }], { 'b.png': 'x'.repeat(524_289) }),
    ).toBe('error at 2')
  })
})

describe('limits by version', () => {
  test.each(VERSIONS)('%s takes props up to its own limit and not one rune more', async (version) => {
    const limit = version === '5.36.1' ? 8_000 : 800_000
    await using seen = await serverWith({ version }, [post('pp', 'pperika', 'x', T, { props: { a: 'x'.repeat(limit - 8) } })])
    expect(seen.job.status).toBe('success')
    expect(await bring(seen.call, 0, [VERSION, post('pp', 'pperika', 'y', T, { props: { a: 'x'.repeat(limit - 7) } })])).toBe('error at 2')
  })

  test.each([
    ['5.36.1', 'error', 'error', 'error'],
    ['7.8.0', 'error', 'error', 'error'],
    ['9.11.0', 'success', 'success', 'error'],
    ['10.11.0', 'success', 'success', 'success'],
  ] as const)('%s: channel without display name %s, role line %s, bot line %s', async (version, nameless, role, bot) => {
    await using world = await mattermostTestbed({ version })
    const call = caller(world.url, world.token)
    const status = async (line: object): Promise<string | undefined> => (await bring(call, 0, [VERSION, team('pp'), line])).split(' ')[0]
    expect(await status({ type: 'channel', channel: { team: 'pp', name: 'nameless', type: 'O' } })).toBe(nameless)
    expect(await status({ type: 'role', role: { name: 'x' } })).toBe(role)
    expect(await status({ type: 'bot', bot: { username: 'pbot', owner: 'admin' } })).toBe(bot)
  })
})

describe('what only some servers have', () => {
  test('bookmarks need a version and a licence', async () => {
    const link = { type: 'link', display_name: 'Wiki', link_url: 'https://wiki.example.test' }
    const said: string[] = []
    for (const options of [{}, { version: '10.11.0' }, { version: '10.11.0', licence: 'professional' }] as const) {
      await using seen = await serverWith(options, [])
      said.push(await verdict(seen.call, 'POST', `/channels/${seen.general}/bookmarks`, link))
    }
    expect(said).toEqual(['404 api.context.404.app_error', '501 api.channel.bookmark.license.error', '201'])
  })

  test('custom groups need a version and a licence', async () => {
    const said: string[] = []
    for (const options of [{}, { version: '7.8.0' }, { version: '7.8.0', licence: 'professional' }] as const) {
      await using seen = await serverWith(options, [])
      const group = {
        name: 'devs',
        display_name: 'Devs',
        source: 'custom',
        allow_reference: true,
        user_ids: [await userId(seen.call, 'ppbob')],
      }
      said.push(await verdict(seen.call, 'POST', '/groups', group), await verdict(seen.call, 'POST', '/groups', group))
    }
    expect(said).toEqual([
      '404 api.context.404.app_error',
      '404 api.context.404.app_error',
      '501 api.ldap_groups.license_error',
      '501 api.ldap_groups.license_error',
      '201',
      '400 app.custom_group.unique_name',
    ])
  })

  test('include_deleted shows deleted posts to administrators of servers that know it', async () => {
    const counts: number[] = []
    for (const version of ['5.36.1', '9.11.0'] as const) {
      await using seen = await serverWith({ version }, [post('pp', 'pperika', 'x', T)])
      const list = async (): Promise<string[]> =>
        ((await seen.call('GET', `/channels/${seen.general}/posts?include_deleted=true`)).body as { order: string[] }).order
      await seen.call('DELETE', `/posts/${(await list())[0]}`)
      counts.push((await list()).length)
    }
    expect(counts).toEqual([0, 1])
  })
})

describe('bookmarks and groups of a licensed server', () => {
  const LICENSED = { version: '10.11.0', licence: 'professional' } as const

  test('bookmarks are listed in order, checked, and deleted', async () => {
    await using seen = await serverWith(LICENSED, [])
    const path = `/channels/${seen.general}/bookmarks`
    const add = (display_name: string, link_url: string): Promise<string> =>
      verdict(seen.call, 'POST', path, { type: 'link', display_name, link_url })
    expect([
      await add('One', 'https://one.example.test'),
      await add('Two', 'https://two.example.test'),
      await add('Bad', 'no link'),
    ]).toEqual(['201', '201', '400 model.channel_bookmark.is_valid.link_url.missing_or_invalid.app_error'])
    const list = async (): Promise<{ id: string; display_name: string }[]> =>
      (await seen.call('GET', path)).body as { id: string; display_name: string }[]
    expect((await list()).map((each) => each.display_name)).toEqual(['One', 'Two'])
    await seen.call('DELETE', `${path}/${(await list())[0]?.id}`)
    expect((await list()).map((each) => each.display_name)).toEqual(['Two'])
  })

  test('groups gain and lose members, are renamed and archived', async () => {
    await using seen = await serverWith(LICENSED, [])
    const [erika, bob] = [await userId(seen.call, 'pperika'), await userId(seen.call, 'ppbob')]
    const { id } = (await seen.call('POST', '/groups', { name: 'devs', display_name: 'Devs', source: 'custom', user_ids: [bob] })).body as {
      id: string
    }
    const members = async (): Promise<unknown> =>
      ((await seen.call('GET', `/groups/${id}/members`)).body as { total_member_count: number }).total_member_count
    await seen.call('POST', `/groups/${id}/members`, { user_ids: [erika] })
    expect(await members()).toBe(2)
    await seen.call('DELETE', `/groups/${id}/members`, { user_ids: [bob] })
    expect(await members()).toBe(1)
    expect((await seen.call('PUT', `/groups/${id}/patch`, { display_name: 'Developers' })).body).toMatchObject({
      display_name: 'Developers',
      member_count: 1,
    })
    await seen.call('DELETE', `/groups/${id}`)
    expect((await seen.call('GET', '/groups')).body).toEqual([])
    expect(await verdict(seen.call, 'GET', `/groups/${id}`)).toBe('404 app.group.no_rows')
  })

  test('posts are fetched by ids, and a session ends with its logout', async () => {
    await using seen = await serverWith(LICENSED, [post('pp', 'pperika', 'x', T)])
    const { order } = (await seen.call('GET', `/channels/${seen.general}/posts`)).body as { order: string[] }
    expect((await seen.call('POST', '/posts/ids', order)).body).toMatchObject([{ message: 'x' }])
    const said = await seen.call('POST', '/users/login', { login_id: 'pperika', password: PASSWORD })
    const erika = caller(seen.world.url, said.headers.get('token') ?? '')
    expect(await verdict(erika, 'POST', '/users/logout')).toBe('200')
    expect(await verdict(erika, 'GET', '/users/me')).toBe('401 api.context.session_expired.app_error')
  })
})
