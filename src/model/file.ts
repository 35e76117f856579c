import { z } from 'zod'

/**
 * A file as it hangs on a message or a channel.
 * - `stored`: its bytes are `blobs[blob]` (`blob` null: the vendor did not give them; an export loss says why)
 * - `link`: it lives elsewhere; only the address is kept
 * - `withheld`: the vendor says it existed and does not give it (deleted, hidden by plan limits)
 */
export const FileRef = z.strictObject({
  nativeId: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  mediaType: z.string(),
  bytes: z.number().int().nullable(),
  /** `upload`, `snippet`, `post`, `canvas`, `list`, `external`: what it was at the source. */
  form: z.string(),
  state: z.enum(['stored', 'link', 'withheld']),
  blob: z.number().int().nullable(),
  url: z.string().nullable(),
  /** Item id of the account that put it there. */
  owner: z.string().nullable(),
})
export type FileRef = z.infer<typeof FileRef>
