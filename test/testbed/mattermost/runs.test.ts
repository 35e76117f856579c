import { describe, expect, test } from 'vitest'
import { awaitJob, type Caller, caller, importZip, runImport, startImport } from './client.ts'
import { base, bring, channel, PASSWORD, post, T, team, user, VERSION } from './parity/lines.ts'
import { channelId, login, seenIn, userId, verdict } from './parity/look.ts'
import { mattermostTestbed } from './testbed.ts'

async function uploaded(call: Caller, lines: readonly unknown[]): Promise<string> {
  const zip = await importZip(lines)
  const { id } = (await call('POST', '/uploads', { type: 'import', filename: 'x.zip', file_size: zip.byteLength })).body as { id: string }
  await call('POST', `/uploads/${id}`, zip)
  return `${id}_x.zip`
}

describe('the import job', () => {
  test('goes from pending over in_progress to success, and its file is gone afterwards', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    const file = await uploaded(call, base('pp'))
    const id = await startImport(call, file)
    const status = async (): Promise<string> => ((await call('GET', `/jobs/${id}`)).body as { status: string }).status
    expect([await status(), await status()]).toEqual(['pending', 'in_progress'])
    expect((await awaitJob(call, id)).status).toBe('success')
    expect((await call('GET', '/imports')).body).toEqual([])
  })

  test('keeps what came before the first error, says why and where, and keeps its file', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    const job = await runImport(call, await importZip([...base('pp'), channel('pp', 'x'), post('pp', 'pperika', 'never', T)]))
    expect(job).toMatchObject({ status: 'error', line: '6' })
    expect(job.error).not.toBe('')
    expect(await login(call, 'pperika', PASSWORD)).toBe('200')
    expect(await seenIn(call, await channelId(call, 'pp', 'general'))).toEqual([])
    expect((await call('GET', '/imports')).body).toHaveLength(1)
  })

  test('names the lost people the way the real one does', async () => {
    await using world = await mattermostTestbed()
    const job = await runImport(caller(world.url, world.token), await importZip([...base('pp'), post('pp', 'nobody', 'x', T)]))
    expect(job).toEqual({ status: 'error', error: 'Some users not found', line: '0' })
  })

  test('one bad post spoils the batch of its worker, not that of the other', async () => {
    await using world = await mattermostTestbed({ limits: { workers: 2 } })
    const call = caller(world.url, world.token)
    const posts = ['a', 'b', 'c', 'd'].map((message, index) => post('pp', 'pperika', message, index === 1 ? 0 : T + index))
    expect(await bring(call, 0, [...base('pp'), ...posts])).toBe('error at 7')
    expect((await seenIn(call, await channelId(call, 'pp', 'general'))).map(({ message }) => message)).toEqual(['a', 'c'])
  })

  test('counts how often the type of the lines changed', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    await bring(call, 0, [...base('pp'), post('pp', 'pperika', 'one', T), channel('pp', 'second'), post('pp', 'pperika', 'two', T + 1)])
    const [run] = world.state.importRuns
    expect([run?.linesByType, run?.typeChanges]).toEqual([{ team: 1, channel: 2, user: 2, post: 2 }, 6])
  })

  test('does not keep the order of attachments', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`f${index}.txt`, `${index}`]))
    const attachments = Object.keys(files).map((path) => ({ path }))
    await bring(call, 0, [...base('pp'), post('pp', 'pperika', 'x', T, { attachments })], files)
    const [row] = world.state.postsOf(await channelId(call, 'pp', 'general'))
    const names = row?.file_ids.map((id) => world.state.files.get(id)?.name)
    expect(names).not.toEqual(Object.keys(files))
    expect(names?.toSorted()).toEqual(Object.keys(files))
  })

  test.each([
    ['no zip', (): Promise<Uint8Array> => Promise.resolve(Buffer.from('not a zip at all'))],
    [
      'a zip without jsonl',
      (): Promise<Uint8Array> => importZip([]).then((zip) => Buffer.from(zip.toString('latin1').replaceAll('.jsonl', '.jsonx'), 'latin1')),
    ],
  ])('refuses %s', async (_, zip) => {
    await using world = await mattermostTestbed()
    expect((await runImport(caller(world.url, world.token), await zip())).status).toBe('error')
  })

  test('stops at MaxUsersPerTeam and MaxChannelsPerTeam as configured', async () => {
    await using world = await mattermostTestbed({ config: { TeamSettings: { MaxUsersPerTeam: 2, MaxChannelsPerTeam: 3 } } })
    const call = caller(world.url, world.token)
    const people = ['a', 'b', 'c'].map((name) => user(`p${name}`, { teams: [{ name: 'pp' }] }))
    expect(await bring(call, 0, [VERSION, team('pp'), channel('pp', 'one'), channel('pp', 'two')])).toBe('error at 4')
    expect(await bring(call, 0, [VERSION, ...people])).toBe('error at 4')
    await call('PUT', '/config/patch', { TeamSettings: { MaxUsersPerTeam: 3 } })
    expect(await bring(call, 0, [VERSION, ...people])).toBe('success')
  })

  test('notifies nobody, and posting through the API does', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    await bring(call, 0, [...base('pp'), post('pp', 'pperika', 'Hello @ppbob and @channel', T)])
    expect(world.notifications).toEqual([])
    const channel_id = await channelId(call, 'pp', 'general')
    await call('POST', '/posts', { channel_id, message: 'Hello @ppbob and @channel' })
    const bob = await userId(call, 'ppbob')
    expect(world.notifications).toEqual(expect.arrayContaining([expect.objectContaining({ user_id: bob, reason: 'mention' })]))
    expect(world.notifications).toHaveLength(2)
  })

  test('mails people whom somebody adds to a channel, unless mails are off or they are deactivated', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    await bring(call, 0, [...base('pp'), channel('pp', 'late')])
    const [late, erika, bob] = [await channelId(call, 'pp', 'late'), await userId(call, 'pperika'), await userId(call, 'ppbob')]
    expect((await call('POST', `/channels/${late}/members`, { user_id: erika })).status).toBe(201)
    await call('PUT', '/config/patch', { EmailSettings: { SendEmailNotifications: false } })
    expect((await call('POST', `/channels/${late}/members`, { user_id: bob })).status).toBe(201)
    expect(world.notifications.map(({ user_id, reason }) => [user_id, reason])).toEqual([[erika, 'added']])
  })

  test('keeps what its environment says, and tells what that is', async () => {
    await using world = await mattermostTestbed({ environment: { TeamSettings: { MaxUsersPerTeam: 7 } } })
    const call = caller(world.url, world.token)
    expect((await call('PUT', '/config/patch', { TeamSettings: { MaxUsersPerTeam: 9, MaxChannelsPerTeam: 9 } })).status).toBe(200)
    expect(world.state.config.TeamSettings).toMatchObject({ MaxUsersPerTeam: 7, MaxChannelsPerTeam: 9 })
    expect((await call('GET', '/config/environment')).body).toEqual({ TeamSettings: { MaxUsersPerTeam: true } })
  })

  test('forgets preferences it is asked to delete', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    const preference = { user_id: 'me', category: 'own', name: 'thing', value: '1' }
    await call('PUT', '/users/me/preferences', [preference])
    expect(world.state.preferences.size).toBe(1)
    expect((await call('POST', '/users/me/preferences/delete', [preference])).status).toBe(200)
    expect(world.state.preferences.size).toBe(0)
  })

  test('gives the same ids to the same requests', async () => {
    const ids = async (seed: string): Promise<unknown> => {
      await using world = await mattermostTestbed({ seed, clock: () => T })
      await bring(caller(world.url, world.token), 0, [...base('pp'), post('pp', 'pperika', 'x', T)])
      return [...world.state.posts.keys(), ...world.state.users.keys()]
    }
    expect(await ids('one')).toEqual(await ids('one'))
    expect(await ids('one')).not.toEqual(await ids('two'))
  })
})

describe('the server going away', () => {
  test('in the middle of an import: what was stored stays, the job never ends, a second run completes it', async () => {
    await using world = await mattermostTestbed({ limits: { workers: 1, batchLines: 2 } })
    const call = caller(world.url, world.token)
    const lines = [
      ...base('pp'),
      ...Array.from({ length: 5 }, (_, index) => post('pp', 'pperika', `m${index}`, T + index)),
      channel('pp', 'last'),
    ]
    const file = await uploaded(call, lines)
    world.outage.duringImport(4)
    const id = await startImport(call, file).catch(() => '')
    await expect.poll(() => world.outage.down).toBe(true)
    await expect(call('GET', '/system/ping')).rejects.toThrow('fetch failed')
    world.outage.end()
    expect((await call('GET', '/system/ping')).status).toBe(200)
    expect(world.state.users.size).toBe(3)
    expect(world.state.posts.size).toBe(0)
    await expect(awaitJob(call, id === '' ? ([...world.state.jobs.keys()][0] ?? '') : id, 0, 5)).rejects.toThrow('did not end')
    expect((await awaitJob(call, await startImport(call, file))).status).toBe('success')
    expect(await seenIn(call, await channelId(call, 'pp', 'general'))).toHaveLength(5)
  })
})

describe('planned faults', () => {
  test('are named by route and met once each', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    world.faults.next('GET /users/{user_id}', { type: 'status', status: 429, retryAfterS: 1 }, { type: 'html' }, { type: 'reset' })
    const limited = await call('GET', '/users/me')
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1'])
    expect((await call('GET', '/users/me')).body).toContain('<!DOCTYPE html>')
    await expect(call('GET', '/users/me')).rejects.toThrow('fetch failed')
    expect((await call('GET', '/users/me')).status).toBe(200)
    expect(world.faults.unused).toEqual([])
    expect(world.calls.count('GET /users/{user_id}')).toBe(4)
  })

  test('a lost answer to a post has stored the post', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    await bring(call, 0, base('pp'))
    world.faults.next('POST /posts', { type: 'lost-answer' })
    await expect(call('POST', '/posts', { channel_id: await channelId(call, 'pp', 'general'), message: 'said' })).rejects.toThrow(
      'fetch failed',
    )
    expect((await seenIn(call, await channelId(call, 'pp', 'general'))).map(({ message }) => message)).toEqual(['said'])
  })
})

describe('accounts', () => {
  test('a token can be made, used and revoked', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    const { id, token } = (await call('POST', '/users/me/tokens', { description: 'x' })).body as { id: string; token: string }
    expect(await verdict(caller(world.url, token), 'GET', '/users/me')).toBe('200')
    await call('POST', '/users/tokens/revoke', { token_id: id })
    expect(await verdict(caller(world.url, token), 'GET', '/users/me')).toBe('401 api.context.session_expired.app_error')
  })

  test('deletion for ever works once the configuration allows it', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    await bring(call, 0, [...base('pp'), post('pp', 'pperika', 'x', T)])
    await call('PUT', '/config/patch', {
      ServiceSettings: { EnableAPITeamDeletion: true, EnableAPIUserDeletion: true, EnableAPIChannelDeletion: true },
    })
    const teamRow = [...world.state.teams.values()][0]
    expect(await verdict(call, 'DELETE', `/channels/${await channelId(call, 'pp', 'general')}?permanent=true`)).toBe('200')
    expect(await verdict(call, 'DELETE', `/users/${await userId(call, 'ppbob')}?permanent=true`)).toBe('200')
    expect(await verdict(call, 'DELETE', `/teams/${teamRow?.id}?permanent=true`)).toBe('200')
    expect([world.state.teams.size, world.state.channels.size, world.state.posts.size, world.state.users.size]).toEqual([0, 0, 0, 2])
  })
})
