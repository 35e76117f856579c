import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { extract } from 'tar-stream'
import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { openPromise } from 'yauzl'
import type { Item } from '../../src/contract/item.ts'
import { writeZip } from '../../src/bundle/zip.ts'
import type { RunResult } from '../../src/engine/api.ts'
import { exportSnapshot } from '../../src/engine/export.ts'
import { canonicalJson } from '../../src/model/canonical.ts'
import { valuesOf } from '../support/lines.ts'
import { never } from '../support/vault/subject.ts'
import { changesBetween, workshop, type Workshop } from '../support/workshop.ts'
import { writeExport } from '../testbed/slack/export/write.ts'

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const textOf = (item: Item): string =>
  item.kind === 'message'
    ? `${item.id} ${item.body.sentAt} ${item.body.author} ${canonicalJson([item.body.text, item.body.thread, item.body.reactions, item.body.edited])}`
    : ''
const messages = (items: readonly Item[]): readonly string[] => items.filter(({ kind }) => kind === 'message').map(textOf)

async function zipEntries(path: string): Promise<ReadonlyMap<string, Buffer>> {
  const zip = await openPromise(path)
  const entries = new Map<string, Buffer>()
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)))
  return entries
}
async function tarEntries(path: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = new Map<string, Buffer>()
  for await (const entry of createReadStream(path).pipe(extract())) entries.set(entry.header.name, await buffer(entry))
  return entries
}

describe('an export of a snapshot', () => {
  let dir: string
  let shop: Workshop
  let items: readonly Item[]
  let zip: ReadonlyMap<string, Buffer>
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fallreep-exports-'))
    shop = await workshop()
    await shop.backup()
    items = await shop.items()
    await shop.reading((reader) => exportSnapshot(reader, join(dir, 'all.zip'), 'zip', never))
    zip = await zipEntries(join(dir, 'all.zip'))
  })
  afterAll(async () => {
    await shop[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  })

  test('holds every message once as a line of its channel, in the order of time', () => {
    const ids: string[] = []
    for (const [name, bytes] of zip) {
      if (!/^channels\/.+\/\d{4}-\d{2}\.jsonl$/.test(name)) continue
      const rows = valuesOf<{ id: string; sentAt: string }>(bytes.toString())
      expect(rows.map(({ sentAt }) => sentAt)).toEqual(rows.map(({ sentAt }) => sentAt).toSorted())
      ids.push(...rows.map(({ id }) => id))
    }
    expect(ids.toSorted()).toEqual(items.flatMap(({ kind, id }) => (kind === 'message' ? [id] : [])).toSorted())
  })

  test('holds every file with its bytes, under a name that climbs nowhere, and says which line it belongs to', () => {
    const wanted = new Set(items.flatMap(({ blobs }) => blobs.flatMap((blob) => (blob === null ? [] : [blob.sha256]))))
    const files = [...zip].filter(([name]) => /\/files\/|-files\//.test(name))
    expect(new Set(files.map(([, bytes]) => sha(bytes)))).toEqual(wanted)
    for (const [name] of zip) {
      expect(name).not.toMatch(/^\/|(^|\/)\.\.(\/|$)|\u0000|\\/)
      for (const segment of name.split('/')) expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(255)
    }
    const named = new Set(
      [...zip]
        .flatMap(([name, bytes]) =>
          /\.jsonl$/.test(name) && !/^(losses|deleted)/.test(name)
            ? valuesOf<{ blobs?: (string | null)[] }>(bytes.toString()).flatMap(({ blobs }) => blobs ?? [])
            : [],
        )
        .filter((path) => path !== null),
    )
    expect([...named].filter((path) => !zip.has(path))).toEqual([])
    expect([...zip.keys()].some((name) => name.endsWith('日本語の資料 2026.pdf'))).toBe(true)
  })

  test('as tar holds the same', async () => {
    await shop.reading((reader) => exportSnapshot(reader, join(dir, 'all.tar'), 'tar', never))
    const tar = await tarEntries(join(dir, 'all.tar'))
    const picture = (entries: ReadonlyMap<string, Buffer>): readonly string[] =>
      [...entries].map(([name, bytes]) => `${name} ${sha(bytes)}`)
    expect(picture(tar)).toEqual(picture(zip))
  })

  test('has the layout of Slack in it, from which the connector reads the same messages again', async () => {
    const path = join(dir, 'slack.zip')
    const entries = [...zip].filter(([name]) => name.startsWith('slack/'))
    await writeZip(
      path,
      (async function* () {
        for (const [name, bytes] of entries)
          yield { name: name.slice('slack/'.length), bytes: bytes.length, deflate: true, open: async () => bytes }
      })(),
      never,
    )
    await using again = await workshop()
    await again.backup({ source: { via: 'export', path } })
    const read = await again.items()
    expect(changesBetween(messages(items), messages(read))).toEqual({ gone: [], come: [] })
    const channels = (all: readonly Item[]): readonly unknown[] =>
      all.flatMap((item) => (item.kind === 'channel' ? [[item.id, item.body.type, item.body.members, item.body.archived]] : []))
    expect(new Set(channels(read).map(canonicalText))).toEqual(new Set(channels(items).map(canonicalText)))
  })
})
const canonicalText = (value: unknown): string => JSON.stringify(value)

describe('the zip that Slack itself makes', () => {
  test.each(['public', 'all', 'grid'] as const)(
    'of layout %s becomes a verified Mattermost, and says the same as the API where both see it',
    async (layout) => {
      await using shop = await workshop()
      const path = join(shop.vault.dir, '..', 'export.zip')
      await writeExport(shop.slack.world, path, { layout, fileLinks: 'live', from: shop.slack })
      const { state, snapshot } = await shop.backup({ source: { via: 'export', path, apiUrl: shop.slack.url } })
      expect(state).toBe('complete')
      expect(snapshot.counts.message).toBeGreaterThan(100)
      const read = await shop.items()
      const result = await shop.cutover()
      expect(result.totals).toMatchObject({ differs: 0, missing: 0 })
      expect(shop.mattermost.notifications).toEqual([])
      const blobs = read.flatMap(({ blobs }) => blobs)
      expect(blobs.filter((blob) => blob !== null).length).toBeGreaterThan(10)
      expect(read.some((item) => item.kind === 'channel' && item.body.type === 'direct')).toBe(layout !== 'public')

      await using api = await workshop({ slack: { world: shop.slack.world } })
      await api.backup()
      const ids = new Set(read.map(({ id }) => id))
      const seen = messages((await api.items()).filter(({ id }) => ids.has(id)))
      const both = new Set((await api.items()).map(({ id }) => id))
      expect(changesBetween(seen, messages(read.filter(({ id }) => both.has(id))))).toEqual({ gone: [], come: [] })
      expect(seen.length).toBeGreaterThan(100)
    },
  )
})

describe('names and sizes that break programs', () => {
  let shop: Workshop
  let result: RunResult
  beforeAll(async () => {
    shop = await workshop()
    await shop.backup()
    result = await shop.cutover()
  })
  afterAll(() => shop[Symbol.asyncDispose]())

  test('file names that climb, are too long, hold NUL or nothing arrive under a safe name, and a changed name is recorded', async () => {
    expect(result.totals).toMatchObject({ differs: 0, missing: 0 })
    const { state } = shop.mattermost
    const names = [...state.files.values()].map(({ name }) => name)
    expect(names.length).toBeGreaterThan(15)
    for (const name of names) {
      expect(name).not.toMatch(/[/\\\u0000]|^\.\.?$|^$/)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
    }
    const hostile = (await shop.items()).find((item) => item.kind === 'message' && item.body.files.length === 8)
    const losses = (await shop.mapLosses(result)).filter(({ item, code }) => item === hostile?.id && code === 'name-changed')
    expect(losses.length).toBeGreaterThan(0)
    for (const name of ['日本語の資料 2026.pdf', 'team.png']) expect(names).toContain(name)
  })

  test('people and channels with names in every script keep them, and those who look alike stay two', () => {
    const { state } = shop.mattermost
    const shown = [...state.users.values()]
      .map(({ nickname, first_name, last_name }) => `${nickname}|${first_name}|${last_name}`)
      .join('\n')
    for (const words of ['田中', 'Коваль', 'يوسف', 'Müller', 'Weiß']) expect(shown).toContain(words)
    const titles = [...state.channels.values()].map(({ display_name }) => display_name)
    expect(titles).toContain('büro-köln_東京')
    expect([...state.users.values()].filter(({ last_name }) => last_name === 'Miller' || last_name === 'Müller')).toHaveLength(2)
    expect(new Set([...state.users.values()].map(({ username }) => username)).size).toBe(state.users.size)
  })
})
