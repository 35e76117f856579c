import type { Applied, ApplyContext, Stated } from '../../src/contract/target.ts'
import { Fault } from '../../src/fault.ts'
import { composeImportZip } from './bulk/bundle.ts'
import type { Pending, Thread } from './bulk/threads.ts'
import { Records } from './delta/record.ts'
import { channelFields, channelRemote, emojiFields, emojiRemote, postFields, postRemote, userFields, userRemote } from './expect.ts'
import { OLDEST, featuresOf } from './features.ts'
import type { MattermostOperation } from './map/operations.ts'
import type { Settings } from './settings.ts'

/** Writes the import zip for `mmctl import` and touches no server; nothing is known of one, so nothing is taken for granted. */
export async function* writeToFile(
  settings: Settings,
  ops: AsyncIterable<Stated<MattermostOperation>>,
  context: ApplyContext,
  signal: AbortSignal,
): AsyncGenerator<Applied> {
  const { out, team } = settings
  if (out === undefined)
    throw new Fault({ code: 'config', what: 'Nobody said where the import file goes', remedy: 'Set `out` beside `via: file`' })
  const records = new Records(context.workDir)
  const say = (op: MattermostOperation, remote: Applied['remote'], expect: Applied['expect']) =>
    records.add({ applied: { key: op.key, item: op.item, outcome: 'created', remote, expect, losses: [] }, entry: undefined })
  const composed = (threads: readonly Thread[]) => {
    for (const { root, replies, standIn } of threads) {
      const rootRemote = postRemote(team, root.op.place, root.at)
      const one = (post: Pending) =>
        say(post.op, postRemote(team, post.op.place, post.at), postFields(post, post.op.message, post === root ? null : rootRemote))
      for (const post of standIn ? replies : [root, ...replies]) one(post)
    }
    context.progress('compose', records.count, undefined)
  }
  const nobody = new Set<string>()
  await composeImportZip(
    out,
    asNew(ops),
    context.blobs,
    {
      team,
      teamTitle: settings.teamTitle ?? team,
      teamOpen: settings.teamOpen,
      features: featuresOf(OLDEST),
      workDir: context.workDir,
      standing: { team: false, users: nobody, channels: nobody, archived: nobody, emoji: nobody },
      composed,
      begin: ({ users, channels, emoji }) => {
        for (const { op } of users) say(op, userRemote(op.username), userFields(op, true))
        for (const { op } of emoji) say(op, emojiRemote(op.name), emojiFields(op, true))
        for (const { op } of channels) say(op, channelRemote(team, op.place), channelFields(op, false))
      },
    },
    signal,
  )
  for await (const { applied } of records.read(new Map())) yield applied
}

/** A file is always whole. */
async function* asNew(ops: AsyncIterable<Stated<MattermostOperation>>): AsyncGenerator<Stated<MattermostOperation>> {
  for await (const stated of ops) if (stated.state !== 'gone') yield { state: 'new', op: stated.op }
}
