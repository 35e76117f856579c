import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openExport } from '../../../connectors/slack/export/session.ts'
import type { ExportConfig } from '../../../connectors/slack/config.ts'
import { itemId } from '../../../src/contract/ids.ts'
import { faultIn } from '../../../src/fault.ts'
import { HOSTILE, writeHostileExport } from '../../testbed/slack/export/hostile.ts'
import { RawZip } from '../../testbed/slack/export/raw-zip.ts'
import { writeExport } from '../../testbed/slack/export/write.ts'
import { slackTestbed } from '../../testbed/slack/testbed.ts'
import { apiConnector, messagesOf, never, passOver, secretOf, testPorts, type Pass } from './world.ts'

let folder = ''
let serial = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fallreep-slack-'))
})
afterAll(() => rm(folder, { recursive: true }))
const fresh = (): string => join(folder, `${(serial += 1)}.zip`)

const config = (path: string, more: Partial<ExportConfig> = {}): ExportConfig => ({
  via: 'export',
  path,
  apiUrl: 'http://127.0.0.1:9/',
  channels: { include: ['*'], exclude: [] },
  ...more,
})
async function readExport(path: string, more: Partial<ExportConfig> = {}): Promise<Pass> {
  await using connector = await openExport('acme', config(path, more), testPorts())
  return await passOver(connector)
}
async function zipOf(files: Readonly<Record<string, unknown>>): Promise<string> {
  const path = fresh()
  await using zip = await RawZip.create(path)
  for (const [name, content] of Object.entries(files))
    await zip.add({ name, content: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) })
  await zip.finish()
  return path
}
const good = { type: 'message', user: 'U1', ts: '1772442000.000100', text: 'hi' }

describe('an export', () => {
  test('gives the same items as the API, apart from what it does not hold', async () => {
    await using bed = await slackTestbed({ secrets: false })
    await using api = apiConnector(bed)
    const live = await passOver(api)
    const avatar = [...live.items.values()].find((item) => item.kind === 'account' && item.blobs.length > 0)?.blobs[0]
    const imagesUrl = avatar?.type === 'handle' ? new URL(JSON.parse(avatar.handle).url as string).origin : ''
    const path = fresh()
    await writeExport(bed.world, path, { fileLinks: 'live', from: { filesUrl: bed.filesUrl, imagesUrl, linkToken: bed.linkToken } })
    const zip = await readExport(path, { token: secretOf(bed.token), apiUrl: bed.url })
    const lost = (id: string, field: string): boolean =>
      zip.losses.some(
        (loss) =>
          (loss.item === id || loss.item === `${id.split('/')[0]}/all`) && (loss.effect.type === 'dropped' || loss.effect.field === field),
      )
    const unexplained = [...live.items].flatMap(([id, item]) => {
      const other = zip.items.get(id)
      if (other === undefined) return lost(id, '') ? [] : [id]
      const fields = new Map(Object.entries(other.body))
      return Object.entries(item.body).flatMap(([field, value]) =>
        JSON.stringify(value) === JSON.stringify(fields.get(field)) || lost(id, field) ? [] : [`${id} ${field}`],
      )
    })
    expect(unexplained).toEqual([])
    expect([...zip.items.keys()].filter((id) => !live.items.has(id))).toEqual([])
    const messages = messagesOf(live)
    expect(messages.length).toBeGreaterThan(400)
    expect(messagesOf(zip).filter((item) => live.items.get(item.id)?.revision === item.revision)).toHaveLength(messages.length)
  })

  test('holds a Grid organisation: teams and channels they share', async () => {
    await using bed = await slackTestbed({ secrets: false })
    const [all, grid] = [fresh(), fresh()]
    await writeExport(bed.world, all)
    await writeExport(bed.world, grid, { layout: 'grid' })
    const one = await readExport(all)
    const other = await readExport(grid)
    expect(messagesOf(other).length).toBe(messagesOf(one).length)
    expect(new Set(other.items.keys())).toEqual(new Set(one.items.keys()))
  })

  test('of public channels says so', async () => {
    await using bed = await slackTestbed()
    const path = fresh()
    await writeExport(bed.world, path, { layout: 'public' })
    await using connector = await openExport('acme', config(path), testPorts())
    const checks = await Array.fromAsync(connector.check(never))
    expect(checks.find(({ name }) => name === 'coverage')).toMatchObject({ status: 'warn' })
    const pass = await passOver(connector)
    expect([...pass.items.values()].filter((item) => item.kind === 'channel' && item.body.type !== 'public')).toEqual([])
  })

  test('is unchanged the second time, and another file is a full listing', async () => {
    const path = await zipOf({
      'users.json': [{ id: 'U1', name: 'a' }],
      'channels.json': [{ id: 'C1', name: 'g', members: ['U1'] }],
      'g/2026-03-02.json': [good, { ...good, ts: '1772442001.000100' }],
    })
    const first = await readExport(path)
    await using connector = await openExport('acme', config(path), testPorts())
    expect((await passOver(connector, first.cursors)).changes.filter(({ type }) => type !== 'checkpoint')).toEqual([])
    const newer = await zipOf({
      'users.json': [{ id: 'U1', name: 'a' }],
      'channels.json': [{ id: 'C1', name: 'g', members: ['U1'] }],
      'g/2026-03-02.json': [good],
    })
    await using next = await openExport('acme', config(newer), testPorts())
    const second = await passOver(next, first.cursors)
    expect(second.resets).toHaveLength(2)
    expect(messagesOf(second)).toHaveLength(1)
  })

  test.each(HOSTILE.filter((what) => !['torn', 'no-zip', 'empty-zip', 'empty-file'].includes(what)))(
    'that no honest Slack writes still gives its good message: %s',
    async (what) => {
      const path = fresh()
      await writeHostileExport(path, what, { bombBytes: 20 * 2 ** 20 })
      const pass = await readExport(path)
      expect(pass.items.get(itemId('message', 'C0GOOD', '1772442000.000100'))?.body).toMatchObject({ text: ['the good one'] })
      expect(JSON.stringify([...pass.items.values()])).not.toContain('root:x:')
      const ids = pass.changes.flatMap((change) => (change.type === 'upsert' ? [change.item.id] : []))
      expect(new Set(ids).size).toBe(ids.length)
    },
  )

  test.each([
    ['torn', 'corrupt'],
    ['no-zip', 'corrupt'],
    ['empty-file', 'corrupt'],
    ['empty-zip', 'config'],
  ] as const)('that cannot be read is named as such: %s', async (what, code) => {
    const path = fresh()
    await writeHostileExport(path, what)
    expect(faultIn(await readExport(path).catch((error: unknown) => error))?.code).toBe(code)
  })

  test('keeps what is good in a day that breaks off', async () => {
    const broken = `[${JSON.stringify(good)},${JSON.stringify({ ...good, ts: '1772442002.000100' })},{"ts":"17724`
    const pass = await readExport(
      await zipOf({ 'users.json': [], 'channels.json': [{ id: 'C1', name: 'g' }], 'g/2026-03-02.json': broken }),
    )
    expect(messagesOf(pass)).toHaveLength(2)
    expect(pass.losses).toContainEqual(expect.objectContaining({ item: 'channel/C1', code: 'invalid-at-source' }))
  })

  test('never makes a channel open because its members or its creator are not named', async () => {
    const pass = await readExport(
      await zipOf({
        'users.json': [],
        'groups.json': [{ id: 'C1', name: 'g', creator: null }],
        'dms.json': [{ id: 'D1' }],
        'D1/2026-03-02.json': [good],
        'C0UNLISTED1/2026-03-02.json': [good],
      }),
    )
    const channels = [...pass.items.values()].filter((item) => item.kind === 'channel').map(({ id, body }) => [id, body.type, body.members])
    expect(channels).toEqual([
      ['channel/C1', 'private', null],
      ['channel/D1', 'direct', null],
      ['channel/C0UNLISTED1', 'private', null],
    ])
  })

  test('counts conversations about files and folders of nobody as losses', async () => {
    const pass = await readExport(
      await zipOf({ 'users.json': [], 'channels.json': [], 'FC:F1:plan/2026-03-02.json': [good], 'left-over/2026-03-02.json': [good] }),
    )
    expect(pass.losses.map(({ code }) => code)).toEqual(expect.arrayContaining(['no-such-concept', 'invalid-at-source']))
    expect(messagesOf(pass)).toEqual([])
  })

  test('takes the channels it is told to, and says which it left', async () => {
    const path = await zipOf({
      'users.json': [],
      'channels.json': [
        { id: 'C1', name: 'general' },
        { id: 'C2', name: 'proj-secret' },
      ],
    })
    const pass = await readExport(path, { channels: { include: ['*'], exclude: ['proj-*'] } })
    expect([...pass.items.keys()]).toEqual(['channel/C1'])
    expect(pass.losses).toContainEqual(expect.objectContaining({ item: 'channel/C2', code: 'excluded-by-policy' }))
  })

  test('in a folder of its own is found there', async () => {
    const pass = await readExport(
      await zipOf({
        'acme export/users.json': [],
        'acme export/channels.json': [{ id: 'C1', name: 'g' }],
        'acme export/g/2026-03-02.json': [good],
      }),
    )
    expect(messagesOf(pass)).toHaveLength(1)
  })
})
