import { z } from 'zod'

/** A person or bot of a source. Optional things are null when the source did not say. */
export const Account = z.strictObject({
  /** The name people type after @ there. */
  handle: z.string(),
  displayName: z.string(),
  realName: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  email: z.string().nullable(),
  /** Further addresses that reach this account, sorted; absent where the service has no such thing. */
  aliases: z.array(z.string()).exactOptional(),
  role: z.enum(['owner', 'admin', 'member', 'guest', 'single-channel-guest', 'bot', 'external', 'unknown']),
  /** False: deactivated or deleted there. */
  active: z.boolean(),
  jobTitle: z.string().nullable(),
  phone: z.string().nullable(),
  /** IANA name. */
  timezone: z.string().nullable(),
  locale: z.string().nullable(),
  status: z.strictObject({ text: z.string(), emoji: z.string().nullable(), expiresAt: z.string().nullable() }).nullable(),
  pronouns: z.string().nullable(),
  /** Custom profile fields, by their label at the source. */
  profile: z.array(z.strictObject({ label: z.string(), value: z.string() })),
  /** Position in the item's blobs. */
  avatar: z.number().int().nullable(),
})
export type Account = z.infer<typeof Account>
