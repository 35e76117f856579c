import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Composer } from '../../../targets/mattermost/bulk/compose.ts'
import type { ComposeOptions } from '../../../targets/mattermost/bulk/compose-options.ts'
import { composeImportZip } from '../../../targets/mattermost/bulk/bundle.ts'
import { failedLine } from '../../../targets/mattermost/bulk/failed-line.ts'
import type { ImportLine } from '../../../targets/mattermost/bulk/lines.ts'
import { parts } from '../../../targets/mattermost/bulk/parts.ts'
import { refusal } from '../../../targets/mattermost/bulk/validate.ts'
import { definition } from '../../../targets/mattermost/definition.ts'
import { featuresOf } from '../../../targets/mattermost/features.ts'
import type { MattermostOperation } from '../../../targets/mattermost/map/operations.ts'
import { mattermostTestbed } from '../../testbed/mattermost/testbed.ts'
import { everything } from './everything.ts'
import { World, memoryLedger, run, settings, signal } from './world.ts'

const config = settings('https://chat.example.test', 'token')
const nobody = new Set<string>()
const options = (workDir: string, version = '5.36.1'): ComposeOptions => ({
  team: 'acme',
  teamTitle: 'Acme',
  teamOpen: false,
  features: featuresOf(version),
  workDir,
  standing: { team: false, users: nobody, channels: nobody, archived: nobody, emoji: nobody },
})
async function* allNew(world: World): AsyncGenerator<{ state: 'new'; op: MattermostOperation }> {
  const mapper = definition.mapper(world.directory, config, undefined)
  for (const item of world.ordered()) for (const op of mapper.map(item).ops) yield { state: 'new', op }
}
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fallreep-compose-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
const linesOf = (world: World, version?: string, more: Partial<ComposeOptions> = {}): Promise<readonly ImportLine[]> =>
  inFolder(async (folder) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of new Composer({ ...options(folder, version), ...more }).lines(allNew(world), signal)) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ImportLine)
  })

/** Messages as a hostile source would have them. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('', '@all', '@erika `@erika`', '\u0000', '\ud800', '```\n', 'x'.repeat(40_000), '😀'.repeat(20_000)),
)
const anyMessage = fc.record({
  channel: fc.constantFrom('C1', 'C2', 'D1', 'G1'),
  second: fc.integer({ min: 0, max: 3 }),
  micros: fc.integer({ min: 0, max: 3000 }),
  author: fc.constantFrom('account/U1', 'account/U2', 'account/U404', null),
  text: anyText,
  root: fc.option(fc.integer({ min: 0, max: 40 }), { nil: null }),
  emoji: fc.constantFrom('+1', 'party', 'not a name', '日本', 'A+B'),
  reacts: fc.subarray(['account/U1', 'account/U2', 'account/U405']),
  files: fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 13 }),
})
const anyWorld = fc.array(anyMessage, { minLength: 1, maxLength: 30 }).map((messages) => {
  const world = new World()
  world.account('U1', { handle: 'erika' })
  world.account('U2', { handle: 'ERIKA', email: 'not an address' })
  world.channel('C1', { members: ['account/U1'] })
  world.channel('C2', { name: '\u0000', type: 'private', members: null, topic: 't'.repeat(2000), purpose: '\ud800' })
  world.channel('D1', { type: 'direct', members: ['account/U1', 'account/U2'] })
  world.channel('G1', { type: 'group-direct', members: ['account/U2', 'account/U1'] })
  const at = (message: (typeof messages)[number], n: number) =>
    `${1_700_000_000 + message.second}.${String(message.micros * 100 + n).padStart(6, '0')}`
  for (const [n, message] of messages.entries()) {
    const root = message.root === null ? undefined : messages[message.root % messages.length]
    const rootAt = root === undefined || message.root === null ? undefined : at(root, message.root % messages.length)
    const thread =
      rootAt === undefined || root === undefined || root.channel !== message.channel || root === message || root.root !== null
        ? null
        : { root: `message/${root.channel}/${rootAt}`, broadcast: false }
    world.message(
      message.channel,
      at(message, n),
      {
        author: message.author,
        text: [message.text],
        thread,
        reactions: [{ name: message.emoji, tone: 3, accounts: message.reacts, count: 3 }],
        files: message.files.map((name, index) => world.file(name, index)),
      },
      message.files.map((name, index) => world.blob(`${index} ${name}`)),
    )
  }
  return world
})

describe('composer', () => {
  test('whatever it emits passes the validator, and times are unique in a place and later than the root', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, async (world) => {
        const lines = await linesOf(world)
        const known = { teams: new Set<string>(), channels: new Set<string>(), users: new Set<string>() }
        const times = new Map<string, Set<string>>()
        for (const line of lines) {
          if (line.type === 'team') known.teams.add(line.team.name)
          if (line.type === 'channel') known.channels.add(line.channel.name)
          if (line.type === 'user') known.users.add(line.user.username)
          expect(refusal(line, known, featuresOf('5.36.1'))).toBeUndefined()
          const post = line.type === 'post' ? line.post : line.type === 'direct_post' ? line.direct_post : undefined
          if (post === undefined) continue
          const place = 'channel' in post ? post.channel : post.channel_members.join()
          const seen = times.get(place) ?? new Set()
          times.set(place, seen)
          for (const reply of post.replies ?? []) expect(reply.create_at).toBeGreaterThan(post.create_at)
          for (const { create_at, message } of [post, ...(post.replies ?? [])])
            seen.add(`${create_at} ${createHash('sha1').update(message).digest('hex')}`)
        }
        for (const seen of times.values()) expect(new Set([...seen].map((one) => one.split(' ')[0])).size).toBe(seen.size)
      }),
      { numRuns: 60, seed: 20_261_123 },
    )
  })

  test('whatever it emits is imported by the server and found again as expected, twice', async () => {
    await using bed = await mattermostTestbed()
    let count = 0
    await fc.assert(
      fc.asyncProperty(anyWorld, async (world) => {
        const scratch = `f${++count}`
        const here = { ...settings(bed.url, bed.token, { adjustLimits: true }), team: `team-${scratch}`, scratch }
        const ledger = memoryLedger()
        expect((await run(world, here, ledger)).wrong).toEqual([])
        expect((await run(world, here, ledger)).applied.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([])
      }),
      { numRuns: 8, seed: 7 },
    )
  })

  test('types of lines are grouped, references come first', async () => {
    const order: string[] = []
    for (const { type } of await linesOf(everything())) if (order.at(-1) !== type) order.push(type)
    expect(order.slice(0, 5)).toEqual(['version', 'emoji', 'team', 'channel', 'user'])
    expect(order).toEqual([
      'version',
      'emoji',
      'team',
      'channel',
      'user',
      'post',
      'direct_channel',
      'direct_post',
      'user',
      'post',
      'direct_channel',
      'post',
      'direct_post',
    ])
  })

  test.each(['5.36.1', '11.5.0'])('says the same of places that do not fit into memory (%s)', async (version) => {
    expect(await linesOf(everything(), version, { mostInMemory: 1 })).toEqual(await linesOf(everything(), version))
  })

  test('names are lower-case throughout', async () => {
    const names = (await linesOf(everything())).flatMap((line) => {
      if (line.type === 'post') return [line.post.channel, line.post.user, ...(line.post.replies ?? []).map(({ user }) => user)]
      return line.type === 'user' ? [line.user.username, line.user.email] : []
    })
    expect(names.length).toBeGreaterThan(50)
    expect(names.filter((name) => name !== name.toLowerCase())).toEqual([])
  })

  test('newer servers get reactions, props, pins and edit times in the line itself, and no second line', async () => {
    const lines = await linesOf(everything(), '11.5.0')
    const root = lines.find((line) => line.type === 'post' && line.post.message.startsWith('Hello '))
    expect(root).toMatchObject({
      post: { is_pinned: true, replies: [{ is_pinned: true, reactions: [{ emoji_name: 'heart' }] }, { props: { attachments: [{}] } }] },
    })
    const messages = lines.flatMap((line) => (line.type === 'post' ? [`${line.post.channel}${line.post.create_at}`] : []))
    expect(new Set(messages).size).toBe(messages.length)
  })

  test('a thread of more replies than one line holds continues in later lines below the same root', () => {
    const replies = Array.from({ length: 7001 }, (_, n) => ({ user: 'a', message: 'm', create_at: n + 2 }))
    const made = [...parts(replies)]
    expect(made.map(({ lines, later }) => [lines.length, later])).toEqual([
      [3000, false],
      [3000, true],
      [1001, true],
    ])
    const big = Array.from({ length: 700 }, (_, n) => ({ user: 'a', message: 'x'.repeat(16_000), create_at: n + 2 }))
    for (const { lines } of parts(big)) expect(JSON.stringify(lines).length).toBeLessThan(8 * 1024 * 1024)
  })

  test('the zip is the same twice, and a line number leads back to its item', async () => {
    await inFolder(async (folder) => {
      const world = everything()
      const hashes: string[] = []
      for (const name of ['a.zip', 'b.zip']) {
        await composeImportZip(join(folder, name), allNew(world), world.blobs, options(folder), signal)
        hashes.push(
          createHash('sha256')
            .update(await readFile(join(folder, name)))
            .digest('hex'),
        )
      }
      expect(hashes[0]).toBe(hashes[1])
      const lines = await linesOf(world)
      const number = lines.findIndex((line) => line.type === 'post' && line.post.message === 'files') + 1
      expect(await failedLine(join(folder, 'a.zip'), number, signal)).toMatch(/^post message\/C1\/1700000002\.000000 in general-c1 at \d+$/)
    })
  })

  test('via: file writes the zip and asks no server', async () => {
    await inFolder(async (folder) => {
      const world = everything()
      const out = join(folder, 'import.zip')
      const offline = { ...settings('http://127.0.0.1:9', 'token', { via: 'file', out }) }
      await using target = await definition.open(
        'mattermost',
        offline,
        { ...(await import('./world.ts')).ports, fetch: () => Promise.reject(new Error('asked the network')) },
        signal,
      )
      const applied = []
      for await (const one of target.apply(
        allNew(world),
        { ledger: memoryLedger(), blobs: world.blobs, workDir: folder, progress: () => undefined },
        signal,
      ))
        applied.push(one)
      expect(applied.length).toBeGreaterThan(40)
      expect((await readFile(out)).subarray(0, 2).toString()).toBe('PK')
    })
  })
})
