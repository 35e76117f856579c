import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { openBlob, type BlobSource } from '../../../connectors/slack/blob.ts'
import { slackClient } from '../../../connectors/slack/client.ts'
import { encodeHandle } from '../../../connectors/slack/map/handle.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import { type Fault, faultIn } from '../../../src/fault.ts'
import { serve } from '../../testbed/kit/serve.ts'
import { slackTestbed, type SlackTestbed } from '../../testbed/slack/testbed.ts'
import { apiConnector, messagesOf, never, passOver, secretOf, testPorts } from './world.ts'

const faultOf = async (work: Promise<unknown>): Promise<Fault | undefined> => faultIn(await work.catch((error: unknown) => error))
const bytesOf = async (stream: ReadableStream<Uint8Array>): Promise<Buffer> => Buffer.concat(await Array.fromAsync(stream))

async function filesIn(
  slack: SlackTestbed,
): Promise<{ readonly read: (name: string) => Promise<Buffer>; readonly items: readonly SourceItem[] } & AsyncDisposable> {
  const connector = apiConnector(slack)
  const pass = await passOver(connector)
  const handles = new Map(
    [...pass.items.values()].flatMap((item) =>
      item.blobs.flatMap((blob) => (blob.type === 'handle' ? [[blob.name, blob.handle] as const] : [])),
    ),
  )
  return {
    items: [...pass.items.values()],
    read: async (name) => bytesOf(await connector.blob(handles.get(name) ?? '', never)),
    [Symbol.asyncDispose]: () => connector[Symbol.asyncDispose](),
  }
}

describe('bytes', () => {
  test('arrive as they are: files, snippets, pages, lists, pictures of people and emoji', async () => {
    await using slack = await slackTestbed({ messagesPerChannel: 2 })
    await using files = await filesIn(slack)
    const { demo } = slack.world
    for (const [name, id] of [
      ['team.png', demo.picture.id],
      ['日本語の資料 2026.pdf', demo.japanese.id],
      ['deploy.sh', demo.snippet.id],
      ['really-html.html', demo.html.id],
      ['empty.txt', demo.empty.id],
      ['How_we_work.html', demo.post.id],
      ['Onboarding.html', demo.canvas.id],
      ['shared-from-other-ltd.txt', demo.checkAccess.id],
    ] as const)
      expect([name, (await files.read(name)).equals(slack.world.files.get(id)?.bytes ?? Buffer.from('missing'))]).toEqual([name, true])
    expect(JSON.parse((await files.read('Umzug.json')).toString())).toMatchObject({ items: expect.any(Array) as unknown[] })
    expect((await files.read('fallreep.png')).equals(slack.world.emoji.get('fallreep')?.image ?? Buffer.from('missing'))).toBe(true)
    expect((await files.read(`${slack.world.people.erika}.png`)).subarray(1, 4).toString()).toBe('PNG')
    expect(slack.leaks).toEqual([])
  })

  test('of every message are there or in a loss', async () => {
    await using slack = await slackTestbed({ messagesPerChannel: 2 })
    await using connector = apiConnector(slack)
    const pass = await passOver(connector)
    for (const item of messagesOf(pass))
      for (const file of item.body.files) {
        const explained = pass.losses.some(
          (loss) => loss.item === item.id && loss.effect.type === 'degraded' && loss.effect.field === 'files',
        )
        expect([file.nativeId, file.blob !== null || file.state === 'link' || explained]).toEqual([file.nativeId, true])
      }
  })

  test.each([
    ['a sign-in page in place of a file', 'files.download', { type: 'html' }, 'permission'],
    ['a connection that breaks off', 'cdn', { type: 'cut', afterBytes: 20 }, 'unavailable'],
    ['a 404', 'files.download', { type: 'status', status: 404 }, 'gone'],
    ['a 410', 'files.download', { type: 'status', status: 410 }, 'gone'],
    ['a 403', 'files.download', { type: 'status', status: 403 }, 'permission'],
    ['a 503', 'files.download', { type: 'status', status: 503 }, 'unavailable'],
    ['a 429', 'files.download', { type: 'status', status: 429, retryAfterS: 2 }, 'throttled'],
    ['a closed connection', 'files.download', { type: 'reset' }, 'unavailable'],
  ] as const)('know %s', async (_, route, planned, code) => {
    await using slack = await slackTestbed({ messagesPerChannel: 2 })
    await using files = await filesIn(slack)
    slack.faults.next(route, planned)
    const fault = await faultOf(files.read('team.png'))
    expect(fault?.code).toBe(code)
    expect(fault?.remedy).toBeTruthy()
    expect((await files.read('team.png')).equals(slack.world.files.get(slack.world.demo.picture.id)?.bytes ?? Buffer.from('missing'))).toBe(
      true,
    )
  })

  test.each([
    ['fewer', 20],
    ['more', 200],
  ])('are not taken when %s come than the file has', async (_, bytes) => {
    const app = new Hono().get('/files-pri/x', (c) => c.body(new Uint8Array(bytes)))
    await using slack = await serve(app)
    const blob = { ports: testPorts(), apiUrl: `${slack.url}/api/`, client: undefined, linkTokens: new Set<string>() }
    const url = `${slack.url}/files-pri/x`
    const opened = openBlob(blob, encodeHandle({ type: 'url', url, html: false, auth: false, bytes: 100 }), never)
    expect(await faultOf(opened.then(bytesOf))).toMatchObject({ code: 'corrupt', retry: { type: 'backoff' } })
  })

  test('are not called lost when it is the token that died, or has no scope for files', async () => {
    await using slack = await slackTestbed({ messagesPerChannel: 2 })
    await using files = await filesIn(slack)
    slack.setToken({ scopes: ['users:read'] })
    expect(await faultOf(files.read('team.png'))).toMatchObject({ code: 'auth', why: 'the scope files:read is missing' })
    slack.revokeToken()
    expect(await faultOf(files.read('team.png'))).toMatchObject({ code: 'auth' })
  })
})

describe('the token', () => {
  const source = (apiUrl: string, linkTokens = new Set<string>()): BlobSource => {
    const ports = testPorts()
    return { ports, apiUrl, client: slackClient(apiUrl, secretOf('xoxb-canary'), ports), linkTokens }
  }
  const handle = (url: string): string => encodeHandle({ type: 'url', url, html: false, auth: true, bytes: null })

  test('is shown to no other host, and to no host a message names', async () => {
    const seen: (string | undefined)[] = []
    const other = new Hono().get('/file', (c) => {
      seen.push(c.req.header('authorization'))
      return c.body('bytes')
    })
    await using away = await serve(other)
    const redirect = new Hono().get('/files-pri/x', (c) => c.redirect(`${away.url.replace('127.0.0.1', 'localhost')}/file`))
    await using slack = await serve(redirect)
    const stream = await openBlob(source(`${slack.url}/api/`), handle(`${slack.url}/files-pri/x`), never)
    expect((await bytesOf(stream)).toString()).toBe('bytes')
    expect(seen).toEqual([undefined])
    for (const url of [
      'http://169.254.169.254/latest/meta-data',
      'https://evil.example/x',
      'http://files.slack.com/x',
      'https://slack.com.evil.example/x',
      'https://notslack.com/x',
    ])
      expect([url, (await faultOf(openBlob(source('https://slack.com/api/'), handle(url), never)))?.code]).toEqual([url, 'permission'])
  })

  test('of a link is put back only to follow the link', async () => {
    const asked: string[] = []
    const app = new Hono().get('/files-pri/x', (c) => {
      asked.push(c.req.query('t') ?? '', c.req.header('authorization') ?? 'none')
      return c.body('bytes')
    })
    await using slack = await serve(app)
    await bytesOf(await openBlob(source(`${slack.url}/api/`, new Set(['xoxe-live'])), handle(`${slack.url}/files-pri/x?t=redacted`), never))
    expect(asked).toEqual(['xoxe-live', 'none'])
    await bytesOf(await openBlob(source(`${slack.url}/api/`), handle(`${slack.url}/files-pri/x?t=redacted`), never))
    expect(asked.slice(2)).toEqual(['', 'Bearer xoxb-canary'])
  })

  test('redirects without end are given up', async () => {
    const app = new Hono().get('/files-pri/x', (c) => c.redirect('/files-pri/x'))
    await using slack = await serve(app)
    expect(await faultOf(openBlob(source(`${slack.url}/api/`), handle(`${slack.url}/files-pri/x`), never))).toMatchObject({
      code: 'unavailable',
    })
  })

  test('a handle of nobody is gone', async () => {
    expect(await faultOf(openBlob(source('https://slack.com/api/'), 'not a handle', never))).toMatchObject({ code: 'gone' })
  })
})

test('a large file flows through without being held', async () => {
  const chunk = new Uint8Array(2 ** 20).fill(7)
  const count = 96
  const app = new Hono().get('/files-pri/big', (c) => {
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === count) return controller.close()
        sent += 1
        controller.enqueue(chunk)
      },
    })
    return c.body(body)
  })
  await using slack = await serve(app)
  const ports = testPorts()
  const blob = { ports, apiUrl: `${slack.url}/api/`, client: undefined, linkTokens: new Set<string>() }
  const stream = await openBlob(
    blob,
    encodeHandle({ type: 'url', url: `${slack.url}/files-pri/big`, html: false, auth: false, bytes: count * 2 ** 20 }),
    never,
  )
  let total = 0
  let most = 0
  for await (const part of stream) {
    total += part.byteLength
    most = Math.max(most, part.byteLength)
  }
  expect(total).toBe(count * 2 ** 20)
  expect(most).toBeLessThan(4 * 2 ** 20)
})
