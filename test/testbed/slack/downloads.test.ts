import { expect, test } from 'vitest'
import { addFile } from '../world/files.ts'
import type { FileWire } from '../world/wire.ts'
import { clientOf } from './client.ts'
import { slackTestbed, type SlackTestbed } from './testbed.ts'

const withToken = (bed: SlackTestbed, more: Record<string, string> = {}) => ({ headers: { authorization: `Bearer ${bed.token}`, ...more } })
async function addressOf(bed: SlackTestbed, { id }: FileWire): Promise<string> {
  const { file } = await clientOf(bed).files.info({ file: id ?? '' })
  return file?.url_private_download ?? ''
}

test('every hosted file arrives whole, by way of a store that never sees the token', async () => {
  await using bed = await slackTestbed()
  const client = clientOf(bed)
  const { files = [] } = await client.files.list({ count: 1000 })
  const hosted = files.filter(({ url_private_download }) => url_private_download !== undefined)
  for (const { id, size, url_private_download } of hosted) {
    const answer = await fetch(url_private_download ?? '', withToken(bed))
    const bytes = new Uint8Array(await answer.arrayBuffer())
    expect(bytes.byteLength).toBe(size)
    expect(bytes).toEqual(Uint8Array.from(bed.world.files.get(id ?? '')?.bytes ?? []))
    expect(new URL(answer.url).hostname).toBe('localhost')
  }
  expect(hosted.length).toBeGreaterThan(20)
  expect(bed.leaks).toEqual([])
  expect(bed.calls.count('files.download')).toBe(hosted.length)
})

test('a token that is carried on to the store is recorded as a leak', async () => {
  await using bed = await slackTestbed()
  const first = await fetch(await addressOf(bed, bed.world.demo.picture), { ...withToken(bed), redirect: 'manual' })
  expect(first.status).toBe(302)
  await fetch(first.headers.get('location') ?? '', withToken(bed))
  expect(bed.leaks).toHaveLength(1)
})

test.each(['no token', 'a wrong token', 'a revoked token', 'no scope'])('with %s the answer is 200 and a sign-in page', async (how) => {
  await using bed = await slackTestbed()
  const url = await addressOf(bed, bed.world.demo.picture)
  if (how === 'a revoked token') bed.revokeToken()
  if (how === 'no scope') bed.setToken({ scopes: ['users:read'] })
  const init = how === 'no token' ? {} : how === 'a wrong token' ? { headers: { authorization: 'Bearer xoxp-wrong' } } : withToken(bed)
  const answer = await fetch(url, init)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toContain('text/html')
  expect(await answer.text()).toContain('Sign in to your workspace')
})

test('a range with the right validator continues, with another starts again', async () => {
  await using bed = await slackTestbed()
  const url = await addressOf(bed, bed.world.demo.picture)
  const whole = await fetch(url, withToken(bed))
  const etag = whole.headers.get('etag') ?? ''
  const all = new Uint8Array(await whole.arrayBuffer())
  const rest = await fetch(url, withToken(bed, { range: 'bytes=10-', 'if-range': etag }))
  expect(rest.status).toBe(206)
  expect(rest.headers.get('content-range')).toBe(`bytes 10-${all.byteLength - 1}/${all.byteLength}`)
  expect(new Uint8Array(await rest.arrayBuffer())).toEqual(all.slice(10))
  const other = await fetch(url, withToken(bed, { range: 'bytes=10-', 'if-range': '"another"' }))
  expect(other.status).toBe(200)
  expect((await fetch(url, withToken(bed, { range: `bytes=${all.byteLength}-` }))).status).toBe(416)
})

test('a download cut by the store ends in an error, not in a short file', async () => {
  await using bed = await slackTestbed()
  const url = await addressOf(bed, bed.world.demo.picture)
  bed.faults.next('cdn', { type: 'cut', afterBytes: 20 })
  await expect(fetch(url, withToken(bed)).then((answer) => answer.arrayBuffer())).rejects.toThrow('terminated')
})

test('files without bytes have no download: external, tombstoned, hidden, from another company', async () => {
  await using bed = await slackTestbed({ pages: 'full' })
  const { messages = [] } = await clientOf(bed).conversations.history({ channel: bed.world.rooms.general.id, limit: 999 })
  const carried = new Map(messages.flatMap(({ files = [] }) => files).map((file) => [file.id, file]))
  const { external, tombstone, hidden } = bed.world.demo
  expect(carried.get(external.id)).toMatchObject({ is_external: true, url_private: 'https://docs.example.org/d/1' })
  expect(carried.get(tombstone.id)).toEqual({ id: tombstone.id, mode: 'tombstone' })
  expect(carried.get(hidden.id)).toMatchObject({ mode: 'hidden_by_limit' })
  for (const { id } of [external, tombstone, hidden]) expect(carried.get(id)).not.toHaveProperty('url_private_download')
  const { messages: shared = [] } = await clientOf(bed).conversations.history({ channel: bed.world.rooms.shared.id, limit: 999 })
  const stub = shared.flatMap(({ files = [] }) => files).find(({ id }) => id === bed.world.demo.checkAccess.id)
  expect(stub).toMatchObject({ file_access: 'check_file_info' })
  expect(await addressOf(bed, stub ?? {})).toContain('/download/')
})

test('a file of a gigabyte is made as it is read, and a range of it begins anywhere', async () => {
  await using bed = await slackTestbed({ messagesPerChannel: 0, filesHost: 'localhost' })
  const block = Uint8Array.from({ length: 1_000_003 }, (_, i) => i % 251)
  const big = addFile(bed.world, { name: 'big.bin', user: bed.world.people.ada, bytes: block, repeats: 1100 })
  const url = await addressOf(bed, big)
  expect(new URL(url).hostname).toBe('localhost')
  const head = await fetch(url, withToken(bed))
  expect(head.headers.get('content-length')).toBe(String(1_000_003 * 1100))
  await head.body?.cancel()
  const part = await fetch(url, withToken(bed, { range: `bytes=${1_000_003 * 700 - 5}-${1_000_003 * 700 + 4}` }))
  expect([...new Uint8Array(await part.arrayBuffer())]).toEqual([...block.slice(-5), ...block.slice(0, 5)])
})

test('pictures of people are open to all', async () => {
  await using bed = await slackTestbed()
  const { user } = await clientOf(bed).users.info({ user: bed.world.people.ada })
  const answer = await fetch(user?.profile?.image_48 ?? '')
  expect(answer.headers.get('content-type')).toBe('image/png')
  expect(bed.calls.count('images')).toBe(1)
  expect(new Uint8Array(await answer.arrayBuffer()).slice(1, 4)).toEqual(Uint8Array.from(Buffer.from('PNG')))
})
