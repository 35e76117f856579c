import { z } from 'zod'

/**
 * A folder or label of somebody's mail, in the sense of JMAP (RFC 8621, section 2).
 * `folder`: a mail is in exactly one; `label`: a mail carries any number of them, or none.
 */
export const Mailbox = z.strictObject({
  /** Item id of the account whose mail this is. */
  owner: z.string(),
  /** Names from the root to this one. A name may hold any letter, also the one that separates names elsewhere. */
  path: z.array(z.string()).min(1),
  type: z.enum(['folder', 'label']),
  /** What it is for, whatever it is called (RFC 6154, RFC 8457); null: nothing special. */
  role: z.enum(['inbox', 'sent', 'drafts', 'trash', 'junk', 'archive', 'all', 'flagged', 'important', 'outbox']).nullable(),
  /** Not shown in the list of folders there. */
  hidden: z.boolean(),
  color: z.string().nullable(),
})
export type Mailbox = z.infer<typeof Mailbox>
