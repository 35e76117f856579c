import { z } from 'zod'

/** Fields that may be missing, empty or of a type nobody expects: absent then, and the item stays whole without them. */
const text = z.string().min(1).optional().catch(undefined)
const flag = z.boolean().optional().catch(undefined)
const list = <T extends z.ZodType>(entry: T) =>
  z
    .array(entry.nullable().catch(null))
    .transform((entries) => entries.filter((value): value is NonNullable<typeof value> => value !== null))
    .catch([])
    .default([])

/** What is read of `users.list` with `projection=full`. */
export const User = z.object({
  id: z.string().regex(/^\d+$/),
  primaryEmail: z.string().min(1),
  name: z.object({ fullName: text, displayName: text, givenName: text, familyName: text }).optional().catch(undefined),
  aliases: list(z.string()),
  nonEditableAliases: list(z.string()),
  isAdmin: flag,
  isDelegatedAdmin: flag,
  isGuestUser: flag,
  suspended: flag,
  archived: flag,
  isMailboxSetup: flag,
  thumbnailPhotoEtag: text,
  organizations: list(z.object({ title: text, department: text, costCenter: text, location: text, primary: flag })),
  phones: list(z.object({ value: text, type: text, primary: flag })),
  languages: list(z.object({ languageCode: text, preference: text })),
  customSchemas: z.record(z.string(), z.record(z.string(), z.unknown())).catch({}).default({}),
})
export type User = z.infer<typeof User>

export const Group = z.object({ id: z.string().min(1), email: z.string().min(1), name: text, description: text })
export type Group = z.infer<typeof Group>

export const Member = z.object({ id: text, email: text, type: z.string().catch('USER').default('USER'), status: text })
export type Member = z.infer<typeof Member>
