import { describe, expect, test } from 'vitest'
import { itemId } from '../../../src/contract/ids.ts'
import { imageSize } from '../../../targets/mattermost/bulk/large-images.ts'
import { threadLine } from '../../../targets/mattermost/bulk/lines.ts'
import { assertAccepted } from '../../../targets/mattermost/bulk/validate.ts'
import { OLDEST, compareVersions, featuresOf } from '../../../targets/mattermost/features.ts'
import { definition } from '../../../targets/mattermost/definition.ts'
import { channelName, clip, fileName, free, username } from '../../../targets/mattermost/map/names.ts'
import type { MattermostOperation, PostOperation } from '../../../targets/mattermost/map/operations.ts'
import { split } from '../../../targets/mattermost/map/split.ts'
import { emojiName } from '../../../targets/mattermost/map/text.ts'
import { everything } from './everything.ts'
import { World, settings } from './world.ts'

describe('names', () => {
  test.each([
    ['erika', 'erika'],
    ['Erika.M', 'erika.m'],
    ['jürgen.groß', 'jurgen.gross'],
    ['Łukasz Øre', 'lukasz-ore'],
    ['日本語', undefined],
    ['channel', undefined],
    ['ALL', undefined],
    ['-_.', undefined],
    ['a'.repeat(80), 'a'.repeat(64)],
  ])('username %j becomes %j', (handle, name) => expect(username(handle)).toBe(name))
  test.each([
    ['general', 'general'],
    ['General!', 'general'],
    ['x', undefined],
    ['town-square', undefined],
    ['日本語', undefined],
    ['a.b', 'a-b'],
    ['_under_', 'under'],
    ['b'.repeat(80), 'b'.repeat(64)],
  ])('channel %j becomes %j', (title, name) => expect(channelName(title)).toBe(name))
  test('a taken name gets the id of the thing, and a number only if that is taken too', () => {
    expect(free('bob', 'u', 'u3', (name) => name === 'bob')).toBe('bob-u3')
    expect(free(undefined, 'u', 'u3', () => false)).toBe('u-u3')
    expect(free('bob', 'u', 'u3', (name) => name === 'bob' || name === 'bob-u3')).toBe('bob-u3-2')
    expect(free('c'.repeat(64), 'u', 'x'.repeat(80), (name) => name.length === 64 && !name.includes('-')).length).toBeLessThanOrEqual(64)
  })
  test.each([
    ['report.pdf', 'report.pdf'],
    ['日本語.pdf', '日本語.pdf'],
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['..', 'file'],
    ['', 'file'],
    ['nul\0.txt', 'nul.txt'],
    ['a\nb', 'a_b'],
  ])('file %j becomes %j', (name, safe) => expect(fileName(name)).toBe(safe))
  test('a file name of 300 bytes keeps its ending and whole characters', () => {
    const name = fileName(`${'日'.repeat(100)}.pdf`)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
    expect(name.endsWith('日.pdf')).toBe(true)
  })
  test('clip counts characters and cuts none in half', () => {
    expect(clip('😀'.repeat(10), 4)).toBe('😀😀😀…')
    expect(clip('a\0b\ud800', 10)).toBe('ab�')
  })
  test.each([
    ['+1', 4, '+1_medium_skin_tone'],
    ['wave', 6, 'wave_dark_skin_tone'],
    ['party', 3, 'party'],
    ['Heart', null, 'heart'],
  ])('emoji %s with tone %s is %s', (name, tone, shown) => expect(emojiName(name, tone, new Map())).toBe(shown))
  test('versions compare by number', () => {
    expect(compareVersions('10.2.0', '9.11.3')).toBeGreaterThan(0)
    expect(compareVersions('5.36.1', '5.36.1')).toBe(0)
    expect(compareVersions('5.9.0', '5.36.0')).toBeLessThan(0)
  })
})

describe('split', () => {
  test('leaves what fits', () => expect(split('short', 100)).toEqual(['short']))
  test('cuts at line ends and loses no line', () => {
    const lines = Array.from({ length: 100 }, (_, n) => `line ${n}`)
    const parts = split(lines.join('\n'), 120)
    expect(parts.every((part) => part.length <= 120)).toBe(true)
    expect(parts.flatMap((part) => part.split('\n'))).toEqual(lines)
  })
  test('closes a code block at the cut and opens it again', () => {
    const parts = split(`\`\`\`\n${'code line\n'.repeat(60)}\`\`\``, 200)
    expect(parts.length).toBeGreaterThan(2)
    for (const part of parts) {
      expect(part.split('```').length % 2).toBe(1)
      expect(Array.from(part).length).toBeLessThanOrEqual(200)
    }
  })
  test('counts characters, not halves of them', () => {
    const parts = split('😀'.repeat(1000), 100)
    expect(parts.join('')).toBe('😀'.repeat(1000))
    expect(parts.every((part) => part.isWellFormed())).toBe(true)
  })
})

const impossible = (): never => {
  throw new Error('it was just made')
}

describe('mapper', () => {
  const config = settings('https://chat.example.test', 'token')
  const mapAll = (world: World, found?: Parameters<typeof definition.mapper>[2]) => {
    const mapper = definition.mapper(world.directory, config, found)
    const mapped = world.ordered().map((item) => mapper.map(item))
    return { ops: mapped.flatMap(({ ops }) => ops), losses: mapped.flatMap(({ losses }) => losses) }
  }
  const posts = (ops: readonly MattermostOperation[]): readonly PostOperation[] => ops.filter((op) => op.type === 'post')

  test('gives the same twice, for any order of the directory', () => {
    const world = everything()
    const turned = new World()
    for (const [id, item] of [...world.items].toReversed()) turned.items.set(id, item)
    const sorted = (ops: readonly MattermostOperation[]) => ops.map((op) => JSON.stringify(op)).toSorted()
    expect(sorted(mapAll(world).ops)).toEqual(sorted(mapAll(world).ops))
    expect(sorted(mapAll(turned).ops)).toEqual(sorted(mapAll(world).ops))
  })
  test('every item gives an operation or a loss, and every loss was announced', () => {
    const world = everything()
    const mapper = definition.mapper(world.directory, config, undefined)
    for (const item of world.ordered()) {
      const { ops, losses } = mapper.map(item)
      expect(ops.length + losses.length).toBeGreaterThan(0)
      const support = definition.capabilities[item.kind]
      for (const { code } of losses)
        expect(support.level === 'none' || (support.level === 'partial' && support.loses.includes(code)), `${item.kind} ${code}`).toBe(true)
    }
  })
  test('a mention stays one, a literal at-sign does not become one, and code is left alone', () => {
    const [first] = posts(mapAll(everything()).ops).filter(({ item }) => item === 'message/C1/1700000000.000100')
    expect(first?.message).toBe('Hello @bob and ~channel-c3 @\u2060bob `@bob` @here')
  })
  test('a private channel or conversation whose members are unknown is never open', () => {
    const world = new World()
    world.account('U1')
    world.channel('C1', { type: 'public', members: null })
    world.channel('C2', { type: 'private', members: null })
    world.channel('C3', { type: 'direct', members: null })
    world.channel('C4', { type: 'group-direct', members: ['account/U1', 'account/U404'] })
    const open = mapAll(world).ops.map((op) => op.type === 'channel' && op.open)
    expect(open).toEqual(open.map(() => false))
    expect(open).toHaveLength(5)
  })
  test('a person the server knows by address keeps the name there; a stranger of the same name does not get it', () => {
    const world = new World()
    world.account('U1', { handle: 'anna', email: 'Anna@Example.test' })
    world.account('U2', { handle: 'carl', email: 'carl@elsewhere.test' })
    const survey = {
      version: '5.36.1',
      siteUrl: '',
      maxMessage: 16383,
      maxFileBytes: 1,
      overrideNames: false,
      customGroups: false,
      licensed: false,
      groups: [],
      emoji: [],
      users: [
        { username: 'anna.m', email: 'anna@example.test' },
        { username: 'carl', email: 'carl@example.test' },
      ],
    }
    expect(mapAll(world, survey).ops.map((op) => (op.type === 'user' ? op.username : ''))).toEqual(['anna.m', 'carl-u2'])
  })
  test('the reviewed people decide before anything else', () => {
    const world = new World()
    const id = world.account('U1', { handle: 'anna' })
    world.people.set(id as never, { name: 'Anna', addresses: ['a@example.test'], accounts: { mattermost: 'anna.schmidt' } })
    const [user] = mapAll(world).ops
    expect(user).toMatchObject({ username: 'anna.schmidt', email: 'a@example.test' })
  })
  test('a conversation of the same people twice is one place, and says so', () => {
    const world = new World()
    const [a, b] = [world.account('U1'), world.account('U2')]
    world.channel('D1', { type: 'direct', members: [a, b] })
    world.channel('D2', { type: 'group-direct', members: [b, a] })
    const { ops, losses } = mapAll(world)
    expect(ops.filter((op) => op.type === 'channel')).toHaveLength(1)
    expect(losses.filter(({ item }) => item === 'channel/D2')).toMatchObject([{ code: 'name-changed' }])
  })
  test('a message of an unreadable time is dropped, and its neighbours are not', () => {
    const world = new World()
    world.channel('C1', { members: [] })
    world.message('C1', '1700000000.000100', { sentAt: 'never' })
    world.message('C1', '1700000001.000100')
    const { ops, losses } = mapAll(world)
    expect(posts(ops)).toHaveLength(1)
    expect(losses.some(({ code, effect }) => code === 'invalid-at-source' && effect.type === 'dropped')).toBe(true)
  })
  test('the source JSON stays in the props when the notation changed and there is room', () => {
    const world = new World()
    const [, u1] = [world.channel('C1', { members: [] }), world.account('U1')]
    world.message('C1', '1700000000.000100', { text: ['plain'] })
    world.message('C1', '1700000001.000100', { text: ['hi ', { type: 'account', id: u1, label: null }] })
    const [plain, marked] = posts(mapAll(world).ops)
    expect(plain?.mark).toEqual({ source: 'acme', original: null })
    expect(JSON.parse(marked?.mark?.original ?? '')).toMatchObject({ vendor: 'message/C1/1700000001.000100' })
  })
  test.each([
    ['quotation marks, which take two characters each', '"'.repeat(3300), false],
    ['what fits an old server', 'x'.repeat(3300), true],
    ['what no old server takes', 'x'.repeat(6700), false],
  ])('the source JSON stays if the props hold it as text: %s', (_, text, stays) => {
    const world = new World()
    const [, u1] = [world.channel('C1', { members: [] }), world.account('U1')]
    const id = itemId('message', 'C1', '1700000001.000100')
    world.message('C1', '1700000001.000100', { text: ['hi ', { type: 'account', id: u1, label: null }] })
    const raw = { said: text, nothing: '\0', half: '\ud800' }
    world.items.set(id, { ...(world.items.get(id) ?? impossible()), raw })
    const [op] = posts(mapAll(world).ops)
    if (op === undefined) throw new Error('a message is a post')
    expect(op.mark?.original).toBe(stays ? JSON.stringify(raw) : null)
    const [features, names] = [featuresOf(OLDEST), { teams: new Set(['acme']), channels: new Set(['c1']), users: new Set([op.user]) }]
    assertAccepted(threadLine({ op, at: op.at, message: op.message }, [], 'acme', features), names, features)
  })
})

describe('imageSize', () => {
  test('reads PNG, GIF and JPEG, and nothing else', () => {
    const png = Buffer.alloc(32)
    png.writeUInt32BE(0x89504e47)
    png.writeUInt32BE(7000, 16)
    png.writeUInt32BE(5000, 20)
    const gif = Buffer.from(`GIF89a${'\0'.repeat(30)}`, 'latin1')
    gif.writeUInt16LE(12, 6)
    gif.writeUInt16LE(34, 8)
    const jpeg = Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0x10, 0, 0x20, 0]),
      Buffer.alloc(30),
    ])
    expect(imageSize(png)).toEqual({ width: 7000, height: 5000 })
    expect(imageSize(gif)).toEqual({ width: 12, height: 34 })
    expect(imageSize(jpeg)).toEqual({ width: 0x2000, height: 0x1000 })
    expect(imageSize(Buffer.alloc(64))).toBeUndefined()
  })
})
