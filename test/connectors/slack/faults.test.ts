import { describe, expect, test } from 'vitest'
import { definition } from '../../../connectors/slack/definition.ts'
import { type Fault, faultIn } from '../../../src/fault.ts'
import { slackTestbed, type SlackTestbedOptions } from '../../testbed/slack/testbed.ts'
import { apiConfig, apiConnector, messagesOf, never, passOver, take, testPorts, type Pass } from './world.ts'
import { openApi } from '../../../connectors/slack/session.ts'

const small: SlackTestbedOptions = { messagesPerChannel: 15 }
const faultOf = async (work: Promise<unknown>): Promise<Fault | undefined> => faultIn(await work.catch((error: unknown) => error))

describe('reading Slack', () => {
  test('resumes after a 429 in mid-page without repeating or losing a message', async () => {
    await using slack = await slackTestbed(small)
    await using whole = apiConnector(slack)
    const expected = await passOver(whole)
    await using connector = apiConnector(slack)
    const pass: Pass = { changes: [], items: new Map(), deleted: [], losses: [], resets: [], cursors: new Map() }
    const of = (await Array.fromAsync(connector.collections(never))).find(({ id }) => id === `channel/${slack.world.rooms.general.id}`)
    if (of === undefined) throw new Error('the channel is not listed')
    slack.faults.next('conversations.replies', { type: 'status', status: 429, retryAfterS: 3 })
    const attempt = async (): Promise<void> => {
      for await (const change of connector.changes(of, pass.cursors.get(of.id), never)) take(pass, of.id, change)
    }
    const fault = await faultOf(attempt())
    expect(fault).toMatchObject({ code: 'throttled', retry: { type: 'after', ms: 3000 } })
    await attempt()
    const wanted = [...expected.items.values()].filter((item) => item.collection === of.id)
    expect(new Map([...pass.items].map(([id, item]) => [id, item.revision]))).toEqual(
      new Map(wanted.map((item) => [item.id, item.revision])),
    )
    expect(slack.faults.unused).toEqual([])
  })

  test.each([
    ['a 429 that names no time', { type: 'status', status: 429 }, { code: 'throttled', retry: { type: 'backoff' } }],
    ['a 500', { type: 'status', status: 500 }, { code: 'unavailable', retry: { type: 'backoff' } }],
    ['a closed connection', { type: 'reset' }, { code: 'unavailable', retry: { type: 'backoff' } }],
    ['an answer cut short', { type: 'truncate', toBytes: 40 }, { code: 'unavailable', retry: { type: 'backoff' } }],
    ['a page in place of an answer', { type: 'html' }, { code: 'unavailable' }],
    ['a dead token', { type: 'status', status: 200, body: { ok: false, error: 'token_revoked' } }, { code: 'auth' }],
    ['an expired token', { type: 'status', status: 200, body: { ok: false, error: 'token_expired' } }, { code: 'auth' }],
    [
      'an error nobody knows',
      { type: 'status', status: 200, body: { ok: false, error: 'new_error' } },
      { code: 'rejected', why: 'new_error' },
    ],
  ] as const)('names %s, and shows no byte of it', async (_, planned, expected) => {
    await using slack = await slackTestbed(small)
    await using connector = apiConnector(slack)
    slack.faults.next('auth.test', planned)
    const fault = await faultOf(Array.fromAsync(connector.collections(never)))
    expect(fault).toMatchObject(expected)
    expect(fault?.remedy).toBeTruthy()
    expect(fault?.message).not.toMatch(/[{<]/)
    // A listing that failed is asked for again.
    expect((await Array.fromAsync(connector.collections(never))).length).toBeGreaterThan(5)
  })

  test('asks for smaller pages when Slack cannot give large ones', async () => {
    await using slack = await slackTestbed({ ...small, pages: 'full' })
    const ports = testPorts()
    await using connector = apiConnector(slack, {}, ports)
    slack.faults.next('conversations.history', { type: 'status', status: 500 }, { type: 'truncate', toBytes: 100 })
    const pass = await passOver(connector)
    expect(messagesOf(pass).length).toBeGreaterThan(100)
    expect(ports.logged.filter(({ msg }) => msg.startsWith('smaller pages'))).toHaveLength(2)
  })

  test('a token that dies half-way stops the run, and a rotated one is used at once', async () => {
    await using slack = await slackTestbed(small)
    let token = slack.token
    await using connector = openApi(
      'acme',
      apiConfig(slack.url, () => token),
      testPorts(),
    )
    const collections = await Array.fromAsync(connector.collections(never))
    slack.revokeToken()
    const of = collections[1]
    if (of === undefined) throw new Error('no channel')
    expect(await faultOf(Array.fromAsync(connector.changes(of, undefined, never)))).toMatchObject({ code: 'auth' })
    slack.issueToken({ token: 'xoxp-2-rotated', type: 'user', user: slack.world.people.ada })
    token = 'xoxp-2-rotated'
    expect((await Array.fromAsync(connector.changes(of, undefined, never))).at(-1)?.type).toBe('checkpoint')
  })

  test('a channel that is deleted while it is read is gone, and the others are not', async () => {
    await using slack = await slackTestbed(small)
    await using connector = apiConnector(slack)
    const collections = await Array.fromAsync(connector.collections(never))
    slack.world.deleteChannel(slack.world.rooms.random.id)
    const gone = collections.find(({ id }) => id === `channel/${slack.world.rooms.random.id}`)
    const other = collections.find(({ id }) => id === `channel/${slack.world.rooms.general.id}`)
    if (gone === undefined || other === undefined) throw new Error('not listed')
    expect(await faultOf(Array.fromAsync(connector.changes(gone, undefined, never)))).toMatchObject({ code: 'gone' })
    expect((await Array.fromAsync(connector.changes(other, undefined, never))).at(-1)?.type).toBe('checkpoint')
  })

  test('a thread that is not found costs its replies and nothing else', async () => {
    await using slack = await slackTestbed(small)
    await using connector = apiConnector(slack)
    slack.faults.next('conversations.replies', { type: 'status', status: 200, body: { ok: false, error: 'thread_not_found' } })
    const pass = await passOver(connector)
    expect(pass.losses).toContainEqual(
      expect.objectContaining({ code: 'withheld-by-source', effect: { type: 'degraded', field: 'replies' } }),
    )
    expect(messagesOf(pass).length).toBeGreaterThan(200)
  })

  test('cursors that expire in the middle of lists and threads do no harm', async () => {
    await using slack = await slackTestbed({ ...small, users: 40 })
    await using whole = apiConnector(slack)
    const expected = await passOver(whole)
    await using connector = apiConnector(slack)
    for (const method of ['users.list', 'conversations.list', 'conversations.members', 'conversations.replies'])
      slack.faults.next(method, { type: 'delay', ms: 0 }, { type: 'status', status: 200, body: { ok: false, error: 'invalid_cursor' } })
    const pass = await passOver(connector)
    expect(new Set(pass.items.keys())).toEqual(new Set(expected.items.keys()))
    const upserts = pass.changes.flatMap((change) => (change.type === 'upsert' ? [change.item.id] : []))
    expect(upserts.length).toBe(new Set(upserts).size)
  })

  test('is never a write', async () => {
    await using slack = await slackTestbed({ ...small, readOnly: true })
    await using connector = apiConnector(slack)
    await Array.fromAsync(connector.check(never))
    await passOver(connector)
    expect(slack.writes).toBe(0)
  })
})

describe('coverage', () => {
  const checks = async (options: SlackTestbedOptions) => {
    await using slack = await slackTestbed({ ...small, ...options })
    await using connector = apiConnector(slack)
    return new Map((await Array.fromAsync(connector.check(never))).map((check) => [check.name, check]))
  }

  test('of a bot names the channels it is not in, as a loss and in check', async () => {
    await using slack = await slackTestbed({ ...small, as: 'bot' })
    await using connector = apiConnector(slack)
    const pass = await passOver(connector)
    const { general, random } = slack.world.rooms
    expect(pass.items.has(`channel/${general.id}` as never)).toBe(true)
    expect(pass.losses).toContainEqual({
      item: `channel/${random.id}`,
      stage: 'export',
      code: 'withheld-by-source',
      effect: { type: 'dropped' },
      detail: 'the bot is not a member of this channel',
    })
    expect(pass.losses).toContainEqual(expect.objectContaining({ item: 'channel/others' }))
    const found = await Array.fromAsync(connector.check(never))
    expect(found.find(({ name }) => name === 'membership')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('not a member of') as string,
    })
  })

  test('names the scopes that are missing and what is missed without them', async () => {
    const scopes = ['channels:history', 'channels:read', 'users:read']
    const found = await checks({ scopes })
    expect(found.get('scopes')).toMatchObject({ status: 'warn' })
    for (const scope of ['groups:read', 'im:history', 'emoji:read', 'files:read', 'lists:read', 'users:read.email'])
      expect(found.get('scopes')?.detail).toContain(scope)
    expect(found.get('channels')?.detail).toContain('im (im:read is missing)')
  })

  test('reads what the scopes allow, and calls the rest a loss', async () => {
    await using slack = await slackTestbed({ ...small, scopes: ['channels:history', 'channels:read', 'users:read'] })
    await using connector = apiConnector(slack)
    const pass = await passOver(connector)
    expect([...pass.items.values()].filter((item) => item.kind === 'channel').every((item) => item.body.type === 'public')).toBe(true)
    const lost = pass.losses.map(({ item }) => item)
    expect(lost).toEqual(
      expect.arrayContaining(['channel/all-im', 'channel/all-mpim', 'channel/all-private_channel', 'group/all', 'emoji/all']),
    )
    expect([...pass.items.values()].every((item) => item.kind !== 'account' || item.body.email === null)).toBe(true)
  })

  test('of a free plan has no groups and no loss of them', async () => {
    await using slack = await slackTestbed({ ...small, plan: 'free' })
    await using connector = apiConnector(slack)
    const pass = await passOver(connector)
    expect(pass.losses.some(({ item }) => item === 'group/all')).toBe(false)
  })

  test('tells an app that Slack keeps short', async () => {
    expect((await checks({ app: 'distributed', messagesPerChannel: 40, pages: 'full' })).get('message limit')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('15 messages') as string,
    })
    expect((await checks({ messagesPerChannel: 40, pages: 'full' })).get('message limit')).toMatchObject({ status: 'pass' })
  })

  test('of a dead token fails with what to do', async () => {
    await using slack = await slackTestbed(small)
    slack.revokeToken()
    await using connector = apiConnector(slack)
    expect(await Array.fromAsync(connector.check(never))).toMatchObject([
      { name: 'token', status: 'fail', remedy: expect.stringContaining('api.slack.com/apps') as string },
    ])
  })
})

describe('the definition', () => {
  test('takes a configuration with secrets by reference, and fills in the rest', () => {
    expect(definition.config.parse({ via: 'api', token: { env: 'SLACK_TOKEN' } })).toMatchObject({
      apiUrl: 'https://slack.com/api/',
      rescanDays: 30,
      sweepDays: 7,
      channels: { include: ['*'], exclude: [] },
    })
    expect(definition.config.safeParse({ via: 'api', token: 'xoxb-1' }).success).toBe(false)
    expect(definition.config.safeParse({ via: 'export', path: 'a.zip', typo: 1 }).success).toBe(false)
  })

  test.each([
    ['https://slack.com/api/conversations.history', 'conversations.history'],
    ['http://127.0.0.1:1/x/users.list', 'users.list'],
    ['https://files.slack.com/files-pri/T1-F1/a.txt?t=1', 'files.download'],
  ])('says which budget %s draws on', (url, key) => {
    expect(definition.quotaOf(new Request(url))).toEqual([{ key, cost: 1 }])
  })

  test.each([['https://slack.com/api/chat.postMessage'], ['https://example.org/'], ['https://a.slack-edge.com/x.png']])(
    'has no budget for %s',
    (url) => {
      expect(definition.quotaOf(new Request(url))).toEqual([])
    },
  )
})
