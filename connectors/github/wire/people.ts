import { z } from 'zod'

const text = z
  .string()
  .transform((value) => (value.trim() === '' ? null : value))
  .nullable()
  .catch(null)
  .default(null)

export const profileFields = `databaseId login name email company location bio websiteUrl pronouns
  organizationVerifiedDomainEmails(login: $org)`
export const Profile = z.object({
  databaseId: z.number().int(),
  name: text,
  email: text,
  company: text,
  location: text,
  bio: text,
  websiteUrl: text,
  pronouns: text,
  organizationVerifiedDomainEmails: z.array(z.string()).catch([]).default([]),
})
export type Profile = z.infer<typeof Profile>
