import { z } from 'zod'

/** One mail of one person: where it stands and what was done with it. What it says is `blobs[rfc822]`, RFC 5322 bytes as the source gave them. */
export const Mail = z.strictObject({
  /** Item id of the account. */
  owner: z.string(),
  /** When the server took it in (IMAP's INTERNALDATE): ISO 8601, UTC, six decimals. Not the Date header. */
  receivedAt: z.string(),
  /** Item ids of the mailboxes it stands in, sorted. Empty: archived, in none. */
  mailboxes: z.array(z.string()),
  flags: z.strictObject({
    seen: z.boolean(),
    flagged: z.boolean(),
    answered: z.boolean(),
    forwarded: z.boolean(),
    draft: z.boolean(),
  }),
  /** Categories and the like, in the source's own words, sorted. */
  keywords: z.array(z.string()),
  /** The source's id of the conversation. */
  thread: z.string().nullable(),
  /** Position in the item's blobs; null: the source did not give the bytes. */
  rfc822: z.number().int().nullable(),
  /**
   * `original`: the bytes that were delivered; `regenerated`: the source keeps mails in a form of its own and writes them anew at each
   * reading; `built`: by us, from what the source could still say of it.
   */
  form: z.enum(['original', 'regenerated', 'built']),
})
export type Mail = z.infer<typeof Mail>
