import { z } from 'zod'
import { FileRef } from './file.ts'

/**
 * Text is CommonMark with GFM tables and strike-through, in pieces: a string is ready Markdown (literal characters escaped already),
 * an object is a hole that each target fills with its own name for the thing. Holes never stand inside code.
 * `label` is what the source showed; targets that know no better show it.
 */
export const Segment = z.union([
  z.string(),
  z.strictObject({ type: z.literal('account'), id: z.string(), label: z.string().nullable() }),
  z.strictObject({ type: z.literal('channel'), id: z.string(), label: z.string().nullable() }),
  z.strictObject({ type: z.literal('group'), id: z.string(), label: z.string().nullable() }),
  z.strictObject({ type: z.literal('broadcast'), scope: z.enum(['here', 'channel', 'everyone']) }),
  /** Custom or standard emoji; `tone` is Fitzpatrick 2 to 6, null without. */
  z.strictObject({ type: z.literal('emoji'), name: z.string(), tone: z.number().int().min(2).max(6).nullable() }),
  /** An address that names a message of the same source. */
  z.strictObject({ type: z.literal('permalink'), message: z.string(), url: z.string(), label: z.string().nullable() }),
])
export type Segment = z.infer<typeof Segment>
export const Text = z.array(Segment)
export type Text = z.infer<typeof Text>

/** A preview, bot attachment or card that hangs below a message. */
export const Card = z.strictObject({
  fallback: z.string().nullable(),
  color: z.string().nullable(),
  pretext: Text,
  author: z.string().nullable(),
  authorLink: z.string().nullable(),
  title: z.string().nullable(),
  titleLink: z.string().nullable(),
  text: Text,
  fields: z.array(z.strictObject({ title: z.string(), value: Text, short: z.boolean() })),
  imageUrl: z.string().nullable(),
  thumbUrl: z.string().nullable(),
  footer: z.string().nullable(),
  at: z.string().nullable(),
})
export type Card = z.infer<typeof Card>

export const Reaction = z.strictObject({
  name: z.string(),
  tone: z.number().int().min(2).max(6).nullable(),
  /** Item ids of accounts. */
  accounts: z.array(z.string()),
  /** As the source counts; more than `accounts` when the source cut the list. */
  count: z.number().int(),
})
export type Reaction = z.infer<typeof Reaction>

export const Message = z.strictObject({
  /** Item id of the account; null: nobody, or unknown. */
  author: z.string().nullable(),
  /** A name to show instead of the account's own (bots speak under many names). */
  authorName: z.string().nullable(),
  /** ISO 8601, UTC, six decimals: sorts as text, and the source's microseconds survive. */
  sentAt: z.string(),
  /**
   * What sort of thing was said: `message`; `me` (/me); events `join leave topic purpose rename archive unarchive pin call`;
   * `bot`; `tombstone` (deleted, kept because a thread hangs on it); `event` for every other subtype, kept as readable text.
   */
  type: z.enum([
    'message',
    'me',
    'bot',
    'join',
    'leave',
    'topic',
    'purpose',
    'rename',
    'archive',
    'unarchive',
    'pin',
    'call',
    'tombstone',
    'event',
  ]),
  /** The source's own word for it. */
  subtype: z.string().nullable(),
  text: Text,
  cards: z.array(Card),
  files: z.array(FileRef),
  reactions: z.array(Reaction),
  /** Set on replies. `root`: item id of the message the thread hangs on; `broadcast`: shown in the channel as well. */
  thread: z.strictObject({ root: z.string(), broadcast: z.boolean() }).nullable(),
  /** Item ids of accounts that follow the thread below this message; only on roots. */
  followers: z.array(z.string()),
  edited: z.strictObject({ at: z.string(), by: z.string().nullable() }).nullable(),
})
export type Message = z.infer<typeof Message>
