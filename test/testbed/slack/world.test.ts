import { expect, test } from 'vitest'
import { demoWorld, type WorldOptions } from '../world/demo.ts'

const everyMessage = (options: WorldOptions = {}) => [...demoWorld(options).channels.values()].flatMap(({ messages }) => messages)

test('the same seed gives the same world, another seed another', () => {
  const written = (seed: number) => JSON.stringify([...demoWorld({ seed }).channels.values(), ...demoWorld({ seed }).users.values()])
  expect(written(4)).toBe(written(4))
  expect(written(5)).not.toBe(written(4))
})

test('the demo company is a small one', () => {
  const world = demoWorld()
  expect(world.users.size).toBe(15)
  expect(world.channels.size).toBe(16)
  expect(world.messageKeys.length).toBeGreaterThan(300)
  expect(world.messageKeys.length).toBeLessThan(600)
})

test('timestamps are unique in each channel and in order', () => {
  for (const { messages } of demoWorld().channels.values()) {
    const stamps = messages.map(({ ts }) => ts)
    expect(stamps).toEqual([...new Set(stamps)].toSorted())
    expect(stamps.every((ts) => /^\d{10}\.\d{6}$/.test(ts))).toBe(true)
  }
})

test.each([
  ['a text of more than 16383 characters', 'text', (text: string) => text.length > 17_000],
  ['a NUL', 'text', (text: string) => text.includes('\u0000')],
  ['two channel links on one line', 'text', (text: string) => (text.match(/<#C/g) ?? []).length === 2],
  ['an unknown subtype', 'subtype', (subtype: string) => subtype === 'quantum_entanglement'],
  ['a tombstone', 'subtype', (subtype: string) => subtype === 'tombstone'],
  ['a thread shown aloud', 'subtype', (subtype: string) => subtype === 'thread_broadcast'],
  ['a huddle', 'subtype', (subtype: string) => subtype === 'huddle_thread'],
] as const)('somebody wrote %s', (_what, field, has) => {
  expect(everyMessage().some((message) => typeof message[field] === 'string' && has(message[field]))).toBe(true)
})

test('some message has blocks and no text, some reaction more people than names, some message twelve files', () => {
  const messages = everyMessage()
  expect(messages.some(({ blocks = [], text }) => blocks.length > 3 && text === '')).toBe(true)
  expect(messages.some(({ reactions = [] }) => reactions.some(({ count = 0, users = [] }) => count > users.length))).toBe(true)
  expect(messages.some(({ files = [] }) => files.length === 12)).toBe(true)
})

test('some posts share their millisecond, and some of those their text', () => {
  const { townSquare } = demoWorld().rooms
  const keys = townSquare.messages.map(({ ts, text }) => `${ts.slice(0, -3)} ${text}`)
  expect(new Set(keys).size).toBeLessThan(keys.length)
})

test('a reply to a deleted root stays, and so does its tombstone', () => {
  const { random } = demoWorld().rooms
  const stone = random.messages.find(({ subtype }) => subtype === 'tombstone')
  expect(random.messages.filter(({ thread_ts, ts }) => thread_ts === stone?.ts && ts !== stone?.ts)).toHaveLength(2)
})

test('a taken moment moves on by a microsecond', () => {
  const world = demoWorld({ stories: false, messagesPerChannel: 0 })
  const at = { ts: '1772442000.000100', text: 'at once' }
  const stamps = [1, 2, 3].map(() => world.postMessage('random', at).ts)
  expect(stamps).toEqual(['1772442000.000100', '1772442000.000101', '1772442000.000102'])
  expect(world.rooms.random.messages.map(({ ts }) => ts)).toEqual(stamps)
})

test('a message written into the past finds its place and leaves the present alone', () => {
  const world = demoWorld()
  const { now } = world
  const old = world.postMessage('general', { ts: '1700000000.000001', text: 'imported' })
  expect(world.rooms.general.messages[0]).toBe(old)
  expect(world.now).toEqual(now)
})

test('reactions come and go with their counts', () => {
  const world = demoWorld({ stories: false, messagesPerChannel: 0 })
  const { ada, erika } = world.people
  const { ts } = world.postMessage('random', { text: 'x' })
  for (const user of [ada, erika, erika]) world.react('random', ts, 'tada', user)
  expect(world.message('random', ts).reactions).toEqual([{ name: 'tada', users: [ada, erika], count: 2 }])
  world.unreact('random', ts, 'tada', ada)
  expect(world.message('random', ts).reactions).toEqual([{ name: 'tada', users: [erika], count: 1 }])
  world.unreact('random', ts, 'tada', erika)
  expect(world.message('random', ts)).not.toHaveProperty('reactions')
})

test('people join, leave and are deactivated; channels are archived; a file can be deleted and a pin removed', () => {
  const world = demoWorld()
  const { sam, ken } = world.people
  world.joinChannel('town-square', sam)
  expect(world.rooms.townSquare.members).toContain(sam)
  expect(world.rooms.townSquare.messages.at(-1)).toMatchObject({ subtype: 'channel_join', user: sam })
  world.leaveChannel('town-square', sam)
  expect(world.rooms.townSquare.members).not.toContain(sam)
  const before = world.user(ken).wire.updated ?? 0
  world.deactivateUser(ken)
  expect(world.user(ken).wire.deleted).toBe(true)
  expect(world.user(ken).wire.updated).toBeGreaterThan(before)
  world.archiveChannel('random')
  expect(world.rooms.random.archived).toBe(true)
  const [pin] = world.rooms.general.pins
  world.unpin('general', pin?.ts ?? '')
  expect(world.rooms.general.pins).toEqual([])
  world.deleteFile(world.demo.picture.id)
  expect(world.files.get(world.demo.picture.id)?.deleted).toBe(true)
})

test('size knobs make it bigger without touching the story', () => {
  const world = demoWorld({ users: 30, channels: 5, messagesPerChannel: 50 })
  expect(world.users.size).toBe(45)
  expect(world.channels.size).toBe(21)
  expect(world.messageKeys.length).toBeGreaterThan(900)
})
