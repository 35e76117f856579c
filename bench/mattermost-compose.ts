import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { collectionId, itemId } from '../src/contract/ids.ts'
import type { Directory, Entry, Stated } from '../src/contract/target.ts'
import type { Item } from '../src/contract/item.ts'
import { emptyDirectory } from '../src/model/empty-directory.ts'
import { composeImportZip } from '../targets/mattermost/bulk/bundle.ts'
import { optionsOf } from '../targets/mattermost/bulk/file-options.ts'
import { fileOptions, noBlobs, settings } from '../test/targets/mattermost/target.ts'
import { mattermostMapper } from '../targets/mattermost/map/mapper.ts'
import type { MattermostOperation } from '../targets/mattermost/map/operations.ts'

const [USERS, CHANNELS] = [2000, 3000]
const signal = AbortSignal.timeout(600_000)
const config = settings('https://chat.example.test', 'none', { via: 'file' })

/**
 * Neutral messages to a validated import zip: mapping, composing, checking, writing. `generateSeconds` is what making the messages up costs alone.
 * `--messages 1000000 --json`
 */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { messages: { type: 'string', default: '1000000' }, json: { type: 'boolean', default: false } },
  })
  const messages = Number(values.messages)
  const folder = await mkdtemp(join(tmpdir(), 'fallreep-bench-'))
  try {
    const generating = performance.now()
    let made = 0
    for await (const item of items(messages)) made += item.id.length > 0 ? 1 : 0
    const generateSeconds = (performance.now() - generating) / 1000
    const hashes: string[] = []
    let seconds = 0
    let bytes = 0
    for (const name of ['first.zip', 'second.zip']) {
      const started = performance.now()
      await compose(join(folder, name), folder, messages)
      seconds = (performance.now() - started) / 1000
      bytes = (await stat(join(folder, name))).size
      hashes.push(await hashOf(join(folder, name)))
    }
    const result = {
      bench: 'mattermost-compose',
      messages: made,
      seconds,
      generateSeconds,
      microsecondsEach: ((seconds - generateSeconds) / made) * 1e6,
      zipMiB: bytes / 2 ** 20,
      rssMiB: process.resourceUsage().maxRSS / 1024,
      identical: hashes[0] === hashes[1],
    }
    console.log(
      values.json
        ? JSON.stringify(result)
        : `${made} messages in ${seconds.toFixed(1)} s (${generateSeconds.toFixed(1)} s of it to make them up), ${result.zipMiB.toFixed(0)} MiB, ${result.rssMiB.toFixed(0)} MiB RSS, identical: ${result.identical}`,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** On the calling thread, as for a server. */
async function compose(path: string, workDir: string, messages: number): Promise<void> {
  await composeImportZip(path, operations(messages), noBlobs, optionsOf(fileOptions(workDir, false)).options, signal)
}

async function* operations(messages: number): AsyncGenerator<Stated<MattermostOperation>> {
  const mapper = mattermostMapper(directory, config, undefined)
  for (const entry of [...accounts, ...channels]) for (const op of mapper.map(entry).ops) yield { state: 'new', op }
  for await (const item of items(messages)) for (const op of mapper.map(item).ops) yield { state: 'new', op }
}

const provenance = { source: 'acme', nativeId: '', fetchedAt: '2026-11-01T00:00:00Z', endpoint: 'bench' }
const base = { collection: collectionId('directory'), revision: '', raw: null, blobs: [], provenance }
const accounts: readonly Item<'account'>[] = Array.from({ length: USERS }, (_, n) => ({
  ...base,
  kind: 'account',
  id: itemId('account', `U${n}`),
  body: {
    handle: `user.${n}`,
    displayName: `User ${n}`,
    realName: null,
    firstName: null,
    lastName: null,
    email: `user${n}@example.test`,
    role: 'member',
    active: true,
    jobTitle: null,
    phone: null,
    timezone: null,
    locale: null,
    status: null,
    pronouns: null,
    profile: [],
    avatar: null,
  },
}))
const channels: readonly Item<'channel'>[] = Array.from({ length: CHANNELS }, (_, n) => ({
  ...base,
  kind: 'channel',
  id: itemId('channel', `C${n}`),
  body: {
    name: `channel-${n}`,
    type: 'public',
    topic: '',
    purpose: '',
    members: Array.from({ length: 20 }, (_, m) => `account/U${(n * 7 + m) % USERS}`),
    archived: false,
    general: false,
    shared: false,
    creator: null,
    createdAt: null,
    pins: [],
    bookmarks: [],
    documents: [],
  },
}))
const entries = <K extends 'account' | 'channel'>(items: readonly Item<K>[]) =>
  new Map(items.map((item) => [item.id, item as unknown as Entry<K>]))
const directory: Directory = {
  ...emptyDirectory('acme', 'mattermost'),
  accounts: entries(accounts),
  channels: entries(channels),
}

/** Every fifth a reply, every fourth a mention, every tenth with reactions. */
async function* items(messages: number): AsyncGenerator<Item<'message'>> {
  const each = Math.ceil(messages / CHANNELS)
  for (let n = 0; n < messages; n++) {
    const [c, m] = [Math.floor(n / each), n % each]
    const collection = collectionId(`channel/C${c}`)
    const idOf = (m: number) => itemId('message', `C${c}`, `${1_700_000_000 + m}.000100`)
    const author = `account/U${(n * 31) % USERS}`
    const mentioned = `account/U${n % USERS}`
    yield {
      ...base,
      kind: 'message',
      id: idOf(m),
      collection,
      raw: m % 4 === 0 ? { type: 'message', user: author, text: `Hello <@${mentioned}>, number ${n}` } : null,
      body: {
        author,
        authorName: null,
        sentAt: `${new Date((1_700_000_000 + m) * 1000).toISOString().slice(0, 19)}.000100Z`,
        type: 'message',
        subtype: null,
        text:
          m % 4 === 0
            ? ['Hello ', { type: 'account', id: mentioned, label: null }, `, number ${n} needs *some* attention`]
            : [`Message ${n} of the usual length, neither short nor long`],
        cards: [],
        files: [],
        reactions: m % 10 === 0 ? [{ name: '+1', tone: null, accounts: [mentioned], count: 1 }] : [],
        thread: m % 5 === 3 ? { root: idOf(m - 1), broadcast: false } : null,
        followers: [],
        edited: null,
      },
    }
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
