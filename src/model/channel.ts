import { z } from 'zod'
import { FileRef } from './file.ts'

/** A place where messages stand. */
export const Channel = z.strictObject({
  name: z.string(),
  type: z.enum(['public', 'private', 'direct', 'group-direct']),
  topic: z.string(),
  purpose: z.string(),
  /** Item ids of accounts, sorted; null: the source did not say who is in it. Such a channel is never imported as readable by all. */
  members: z.array(z.string()).nullable(),
  archived: z.boolean(),
  /** The one every member is in. */
  general: z.boolean(),
  /** Shared with another organisation. */
  shared: z.boolean(),
  creator: z.string().nullable(),
  /** ISO 8601, UTC. */
  createdAt: z.string().nullable(),
  /** Item ids of messages, in the order of the source. */
  pins: z.array(z.string()),
  bookmarks: z.array(z.strictObject({ title: z.string(), link: z.string().nullable(), emoji: z.string().nullable(), type: z.string() })),
  /** Canvases and lists that belong to the channel itself. */
  documents: z.array(FileRef),
})
export type Channel = z.infer<typeof Channel>
