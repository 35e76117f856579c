import { join } from 'node:path'
import type { ItemId } from '../../src/contract/ids.ts'
import type { Ports } from '../../src/contract/ports.ts'
import type { Applied, ApplyContext, LedgerEntry, Stated } from '../../src/contract/target.ts'
import { composeImportZip } from './bulk/bundle.ts'
import type { Composer } from './bulk/compose.ts'
import type { ComposeOptions, DirectoryOperations, Standing } from './bulk/compose-options.ts'
import type { Thread } from './bulk/threads.ts'
import { LargeImages } from './bulk/large-images.ts'
import { ZIP_NAME } from './bulk/layout.ts'
import { processImport, untilIdle, uploadImport } from './bulk/upload.ts'
import { Adjustments } from './adjust.ts'
import type { MattermostClient } from './client.ts'
import { adopt } from './delta/adopt.ts'
import { bookmarkMark } from './delta/bookmarks.ts'
import { Finish, type GroupWork } from './delta/finish.ts'
import { customGroups } from './delta/groups.ts'
import { removeGone } from './delta/gone.ts'
import { LiveTexts } from './delta/live.ts'
import { reopenChannel } from './delta/archive.ts'
import { Records } from './delta/record.ts'
import {
  channelFields,
  channelRemote,
  emojiFields,
  emojiRemote,
  groupFields,
  groupRemote,
  postFields,
  postRemote,
  textHash,
  userFields,
  userRemote,
} from './expect.ts'
import type { Features } from './features.ts'
import { assertNobodyElse } from './guard.ts'
import { checkLimits, checkZipSize } from './limits.ts'
import type { MattermostOperation } from './map/operations.ts'
import { ServerPlaces } from './places.ts'
import type { Settings } from './settings.ts'
import { assertSilence } from './silence.ts'

export interface Work {
  readonly settings: Settings
  readonly client: MattermostClient
  readonly ports: Ports
  readonly features: Features
}

/**
 * Applies a snapshot: composes an import file, stages every operation in the ledger, has the server import it, and sets through the API what the
 * import of this version ignores. Killed anywhere and run again it ends in the same state: times of posts are staged before the upload, and the
 * server knows a post by its time and text.
 */
export async function* apply(
  work: Work,
  ops: AsyncIterable<Stated<MattermostOperation>>,
  context: ApplyContext,
  signal: AbortSignal,
): AsyncGenerator<Applied> {
  const { settings, client, ports, features } = work
  const world = new ServerPlaces(client, settings.team)
  await untilIdle(client, ports.clock, signal)
  const records = new Records(context.workDir)
  await using adjustments = new Adjustments(client, ports)
  await adjustments.recover(signal)
  const finish = new Finish(work, world, context.ledger, adjustments)
  const images = new LargeImages(context.blobs)
  const live = new LiveTexts(work, world, finish)
  const standing = await standingOf(work, world, signal)
  const options: ComposeOptions = {
    team: settings.team,
    teamTitle: settings.teamTitle ?? settings.team,
    teamOpen: settings.teamOpen,
    features,
    workDir: context.workDir,
    standing,
    live: (posts) => live.of(posts, signal),
    reopen: (channel) => {
      finish.reopened.add(channel)
      return reopenChannel(work, world, channel, signal)
    },
    adopt: (posts) => adopt(work, world, posts, standing, signal),
    prepare: (op) => images.safe(op, signal),
    begin: async (directory) => {
      context.progress('limits', 0, undefined)
      await assertNobodyElse(work, world, directory, signal)
      await assertSilence(work, world, directory, signal)
      await checkLimits(work, world, directory, adjustments, signal)
      const groups = recordDirectory(directory, standing, work, context, records)
      finish.directory(directory, groups)
    },
    composed: (threads) => {
      recordPosts(threads, work, live, images, context, records, finish)
      context.progress('compose', records.count, undefined)
    },
  }
  const zip = join(context.workDir, ZIP_NAME)
  const { composer, bytes } = await composeImportZip(zip, ops, context.blobs, options, signal)
  if (composer.effects > 0) await checkZipSize(work, bytes, adjustments, signal)
  await bringOver(work, composer, zip, context, signal)
  world.forget()
  const amendments = await finish.run(context, signal)
  yield* settle(records.read(amendments), context)
  yield* removeGone(work, world, composer.gone, context.ledger, signal)
  await finish.archive(signal)
}

async function bringOver(
  { client, ports }: Work,
  composer: Composer,
  zip: string,
  context: ApplyContext,
  signal: AbortSignal,
): Promise<void> {
  if (composer.effects <= 0) return
  context.progress('upload', 0, undefined)
  const name = await uploadImport(client, ports.clock, zip, (done, total) => context.progress('upload', done, total), signal)
  context.progress('import', 0, composer.effects)
  await processImport(client, ports.clock, name, zip, signal)
  context.progress('import', composer.effects, composer.effects)
}

interface ServerStanding extends Standing {
  readonly deactivated: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
}
async function standingOf({ client, features }: Work, world: ServerPlaces, signal: AbortSignal): Promise<ServerStanding> {
  const people = await world.users(signal)
  const users = new Set(people.keys())
  const deactivated = new Set([...people.values()].filter(({ delete_at }) => delete_at !== 0).map(({ username }) => username))
  const groups = new Set<string>()
  if (features.customGroups) for await (const { name } of customGroups(client, signal)) groups.add(name ?? '')
  const channels = new Set<string>()
  const archived = new Set<string>()
  for await (const { name, delete_at } of world.channels(signal)) {
    channels.add(name)
    if (delete_at !== 0) archived.add(name)
  }
  const emoji = new Set<string>()
  for await (const { name } of world.emoji(signal)) emoji.add(name)
  return { team: (await world.team(signal)) !== undefined, users, channels, archived, emoji, deactivated, groups }
}

function recordDirectory(
  { users, channels, emoji, groups }: DirectoryOperations,
  standing: ServerStanding,
  { settings: { team }, features }: Work,
  { ledger }: ApplyContext,
  records: Records,
): readonly GroupWork[] {
  const staged: LedgerEntry[] = []
  const add = (
    stated: Exclude<Stated<MattermostOperation>, { state: 'gone' }>,
    remote: Applied['remote'],
    expect: Applied['expect'],
    ours: boolean,
    losses: Applied['losses'] = [],
    more: LedgerEntry['notes'] = {},
  ) => {
    const { op } = stated
    const entry: LedgerEntry = {
      key: op.key,
      item: op.item,
      collection: op.collection,
      revision: op.revision,
      remote,
      state: 'staged',
      notes: { ours, ...more },
    }
    const fresh = stated.state !== 'same' || stated.known.state === 'staged'
    // What was done before the attempt is remembered until it is through: a crash in between must not make it look done.
    const before = stated.state === 'new' ? {} : stated.known.notes
    if (fresh) staged.push({ ...entry, notes: { ...before, ours } })
    const outcome = stated.state === 'new' ? 'created' : stated.state === 'changed' ? 'updated' : 'unchanged'
    records.add({
      applied: { key: op.key, item: op.item, outcome, remote, expect, losses },
      entry: fresh ? { ...entry, state: 'applied' } : undefined,
    })
  }
  const oursOf = (stated: Exclude<Stated<MattermostOperation>, { state: 'gone' }>, stands: boolean) =>
    stated.state === 'new' ? !stands : stated.known.notes['ours'] === true
  for (const stated of users) {
    const ours = oursOf(stated, standing.users.has(stated.op.username))
    add(stated, userRemote(stated.op.username), userFields(stated.op, ours), ours)
  }
  for (const stated of emoji) {
    const ours = oursOf(stated, standing.emoji.has(stated.op.name))
    add(stated, emojiRemote(stated.op.name), emojiFields(stated.op, ours), ours, ours ? [] : [kept(stated.op.item)])
  }
  for (const stated of channels) {
    const ours = oursOf(stated, stated.op.place.type === 'channel' && standing.channels.has(stated.op.place.name))
    const { place, members, bookmarks } = stated.op
    const notes = { members: [...members], ...(features.bookmarks ? { bookmarks: bookmarks.map(bookmarkMark) } : {}) }
    const expect = channelFields(stated.op, features.bookmarks)
    add(stated, channelRemote(team, place), expect, ours, [], place.type === 'channel' ? notes : {})
  }
  const works = groups.map((stated) => ({ stated, ours: oursOf(stated, standing.groups.has(stated.op.name)) }))
  for (const { stated, ours } of works) {
    const { op } = stated
    const losses = ours ? [] : [keptGroup(op.item)]
    const active = op.members.filter((name) => !standing.deactivated.has(name))
    add(stated, groupRemote(op.name), groupFields(op, active, ours), ours, losses, { members: [...op.members] })
  }
  ledger.put(staged)
  return works
}

function recordPosts(
  threads: readonly Thread[],
  { settings: { team } }: Work,
  live: LiveTexts,
  images: LargeImages,
  { ledger }: ApplyContext,
  records: Records,
  finish: Finish,
): void {
  const staged: LedgerEntry[] = []
  for (const { root, replies, standIn } of threads) {
    const rootRemote = postRemote(team, root.op.place, root.at)
    for (const post of standIn ? replies : [root, ...replies]) {
      const { op, known, state } = post
      const remote = postRemote(team, op.place, post.at)
      const message = live.expected(post)
      const notes: Record<string, LedgerEntry['notes'][string]> = { ...known?.notes, at: post.at, text: textHash(message) }
      if (op.reactions.length > 0 || notes['reactions'] !== undefined)
        notes['reactions'] = op.reactions.map(({ user, emoji }) => `${emoji}:${user}`)
      if (op.pinned || notes['pinned'] !== undefined) notes['pinned'] = op.pinned
      if (standIn) notes['root'] = root.at
      const entry: LedgerEntry = {
        key: op.key,
        item: op.item,
        collection: op.collection,
        revision: op.revision,
        remote,
        state: 'staged',
        notes,
      }
      // An update that is under way keeps the old revision until it is through: a crash must not make it look done.
      const fresh = known === undefined || known.state === 'staged'
      if (state !== 'same' && fresh) staged.push(entry)
      const outcome = known === undefined ? 'created' : state === 'new' ? 'created' : state === 'changed' ? 'updated' : 'unchanged'
      const losses: Applied['losses'] = [...live.losses(op.key), ...images.losses(op), ...moved(op.item, post.at - op.at)]
      const expect = postFields(post, message, post === root ? null : rootRemote)
      records.add({
        applied: { key: op.key, item: op.item, outcome, remote, expect, losses },
        entry: state === 'same' ? undefined : { ...entry, state: 'applied' },
      })
      finish.post(post, remote)
    }
  }
  if (staged.length > 0) ledger.put(staged)
}

const keptGroup = (item: ItemId): Applied['losses'][number] => ({
  item,
  stage: 'apply',
  code: 'rejected-by-target',
  effect: { type: 'substituted', field: 'members' },
  detail: 'the server had a group of this name; it was left as it is',
})
const kept = (item: ItemId): Applied['losses'][number] => ({
  item,
  stage: 'apply',
  code: 'rejected-by-target',
  effect: { type: 'substituted', field: 'image' },
  detail: 'the server had an emoji of this name; its image was kept',
})
const moved = (item: ItemId, ms: number): Applied['losses'] =>
  ms === 0
    ? []
    : [
        {
          item,
          stage: 'apply',
          code: 'time-replaced',
          effect: { type: 'degraded', field: 'at' },
          detail: `moved by ${ms} ms: times of posts are unique in a channel`,
        },
      ]

const BATCH = 2000
/** Tells the ledger before it tells the engine. */
async function* settle(
  records: AsyncIterable<{ readonly applied: Applied; readonly entry: LedgerEntry | undefined }>,
  { ledger }: ApplyContext,
): AsyncGenerator<Applied> {
  let batch: { readonly applied: Applied; readonly entry: LedgerEntry | undefined }[] = []
  const put = () => ledger.put(batch.map(({ entry }) => entry).filter((entry) => entry !== undefined))
  for await (const record of records) {
    batch.push(record)
    if (batch.length < BATCH) continue
    put()
    yield* batch.map(({ applied }) => applied)
    batch = []
  }
  put()
  yield* batch.map(({ applied }) => applied)
}
