import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Message } from '../world/wire.ts'
import { writeLargeExport } from './export/large.ts'
import { readZip } from './read-zip.ts'

const SIZE = { messages: 5000, users: 40, channels: 30, seed: 3 }

test('has exactly as many messages as asked, in threads that know their replies', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'slack-large-'))
  const path = join(folder.path, 'large.zip')
  const facts = await writeLargeExport(path, SIZE)
  const zip = await readZip(path)
  const days = [...zip].filter(([name]) => name.includes('/'))
  const messages = days.flatMap(([, day]) => JSON.parse(day) as Message[])
  expect(messages).toHaveLength(5000)
  expect(days).toHaveLength(facts.dayFiles)
  expect([...zip.values()].reduce((sum, day) => sum + Buffer.byteLength(day), 0)).toBe(facts.rawBytes)
  const replies = messages.filter(({ parent_user_id }) => parent_user_id !== undefined)
  expect(replies).toHaveLength(facts.replies)
  expect(
    messages.reduce((sum, { reply_count = 0, replies: listed = [] }) => sum + (reply_count === listed.length ? reply_count : NaN), 0),
  ).toBe(facts.replies)
  expect(messages.some(({ reactions }) => reactions !== undefined)).toBe(true)
  expect(messages.some(({ text = '' }) => text.startsWith('<@U'))).toBe(true)
})

test('timestamps are unique in a channel and grow, file by file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'slack-large-'))
  const path = join(folder.path, 'large.zip')
  await writeLargeExport(path, SIZE)
  const general = [...(await readZip(path))]
    .filter(([name]) => name.startsWith('general/'))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  const stamps = general.flatMap(([, day]) => (JSON.parse(day) as Message[]).map(({ ts }) => ts))
  expect(stamps).toEqual([...new Set(stamps)].toSorted())
})

test('the same seed gives the same bytes', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'slack-large-'))
  const paths = [join(folder.path, 'one.zip'), join(folder.path, 'two.zip')]
  for (const path of paths) await writeLargeExport(path, SIZE)
  const [one, two] = await Promise.all(paths.map((path) => readFile(path)))
  expect(one?.equals(two ?? Buffer.alloc(0))).toBe(true)
})
