import type { ZodType } from 'zod'
import type { BodyByKind, Kind } from '../contract/item.ts'
import { Account } from './account.ts'
import { Channel } from './channel.ts'
import { Emoji } from './emoji.ts'
import { Group } from './group.ts'
import { Message } from './message.ts'

/** The schema of every kind's body: vault readers and contract suites parse with these. */
export const bodySchemas: { readonly [K in Kind]: ZodType<BodyByKind[K]> } = {
  account: Account,
  group: Group,
  emoji: Emoji,
  channel: Channel,
  message: Message,
}
