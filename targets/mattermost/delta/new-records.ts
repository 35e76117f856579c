import type { Applied } from '../../../src/contract/target.ts'
import type { ComposeOptions } from '../bulk/compose-options.ts'
import type { Pending } from '../bulk/threads.ts'
import { channelFields, channelRemote, emojiFields, emojiRemote, postFields, postRemote, userFields, userRemote } from '../expect.ts'
import type { MattermostOperation } from '../map/operations.ts'
import type { Records } from './record.ts'

/** Writes down what is to be said of operations that make something new, whoever imports the file: there is no ledger. */
export function recordsOf(team: string, records: Records): Required<Pick<ComposeOptions, 'begin' | 'composed'>> {
  const say = (op: MattermostOperation, remote: Applied['remote'], expect: Applied['expect']): void =>
    records.add({ applied: { key: op.key, item: op.item, outcome: 'created', remote, expect, losses: [] }, entry: undefined })
  return {
    begin: ({ users, channels, emoji }) => {
      for (const { op } of users) say(op, userRemote(op.username), userFields(op, true))
      for (const { op } of emoji) say(op, emojiRemote(op.name), emojiFields(op, true))
      for (const { op } of channels) say(op, channelRemote(team, op.place), channelFields(op, false))
    },
    composed: (threads) => {
      for (const { root, replies, standIn } of threads) {
        const rootRemote = postRemote(team, root.op.place, root.at)
        const one = (post: Pending): void =>
          say(post.op, postRemote(team, post.op.place, post.at), postFields(post, post.op.message, post === root ? null : rootRemote))
        for (const post of standIn ? replies : [root, ...replies]) one(post)
      }
    },
  }
}
