import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collectionId, idempotencyKey, itemId } from '../../../src/contract/ids.ts'
import type { Stated } from '../../../src/contract/target.ts'
import { Composer } from '../../../targets/mattermost/bulk/compose.ts'
import { OLDEST, featuresOf } from '../../../targets/mattermost/features.ts'
import type { MattermostOperation } from '../../../targets/mattermost/map/operations.ts'

/*
 * Composes one channel of so many posts and prints how many lines that gave. Run as a process of its own with little memory:
 * held at once, the texts alone would be four times as much.
 */
const count = Number(process.argv[2])
const words = 'a text of four kilobytes, which nobody writes every day '.repeat(75)
const nobody = new Set<string>()
const ids = { collection: collectionId('channel/C1'), revision: 'r', summary: 's' }

async function* operations(): AsyncGenerator<Stated<MattermostOperation>> {
  const user = { ...ids, key: idempotencyKey('account/U1'), item: itemId('account', 'U1'), firstName: '', lastName: '', nickname: '' }
  const more = { position: '', locale: null, active: true, inTeam: true, bot: false, avatar: null }
  yield { state: 'new', op: { ...user, ...more, type: 'user', username: 'erika', email: 'erika@example.test' } }
  const place = { type: 'channel', name: 'general' } as const
  const channel = { ...ids, key: idempotencyKey('channel/C1'), item: itemId('channel', 'C1'), header: '', purpose: '', archived: false }
  yield { state: 'new', op: { ...channel, type: 'channel', place, title: 'General', open: true, members: ['erika'], bookmarks: [] } }
  for (let n = 0; n < count; n++) {
    const item = itemId('message', 'C1', String(n))
    const at = 1_700_000_000_000 + (n - (n % 3))
    const root = n % 5 === 4 ? `message/C1/${n - 1}#0` : null
    const post = { ...ids, key: idempotencyKey(`${item}#0`), item, place, at, sentAt: `${at}/${String(n).padStart(9, '0')}`, part: 0, root }
    const none = { placeholder: null, props: null, mark: null, reactions: [], files: [], pinned: false, editedAt: null }
    yield { state: 'new', op: { ...post, ...none, type: 'post', user: 'erika', message: `${n} ${words}`, followers: [], links: [] } }
  }
}

const workDir = await mkdtemp(join(tmpdir(), 'fallreep-channel-'))
try {
  const composer = new Composer({
    team: 'acme',
    teamTitle: 'Acme',
    teamOpen: false,
    features: featuresOf(OLDEST),
    workDir,
    standing: { team: false, users: nobody, channels: nobody, archived: nobody, emoji: nobody },
    mostInMemory: 4 * 2 ** 20,
  })
  let lines = 0
  for await (const chunk of composer.lines(operations(), new AbortController().signal)) for (const byte of chunk) if (byte === 10) lines++
  process.stdout.write(`${lines}\n`)
} finally {
  await rm(workDir, { recursive: true })
}
