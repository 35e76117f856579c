import { matchesGlob } from 'node:path'
import { z } from 'zod'
import { SecretSetting } from '../../src/config/secret.ts'

const ServiceAccount = z.strictObject({
  type: z.literal('service-account'),
  key: SecretSetting.describe('the JSON key of a service account with domain-wide delegation'),
  adminSubject: z.email().describe('address of an administrator in whose name the directory is read'),
})
const RefreshToken = z.strictObject({
  type: z.literal('refresh-token'),
  clientId: z.string().min(1).describe('OAuth client of your own Cloud project'),
  clientSecret: SecretSetting,
  refreshToken: SecretSetting.describe('of the one account that is read'),
})
const AccessToken = z.strictObject({
  type: z.literal('access-token'),
  token: SecretSetting.describe('a token somebody else keeps fresh, of the one account that is read'),
})
const Auth = z.discriminatedUnion('type', [ServiceAccount, RefreshToken, AccessToken])

const People = z
  .strictObject({
    include: z.array(z.string().min(1)).default(['*']).describe('addresses of the people to read; * stands for anything'),
    exclude: z.array(z.string().min(1)).default([]).describe('addresses of people to leave out'),
  })
  .prefault({})

export const services = ['mail', 'calendars', 'contacts', 'tasks'] as const
export type Service = (typeof services)[number]

export const GoogleConfig = z.strictObject({
  auth: Auth.describe('how to get in: a service account for everybody, or a token for one account'),
  services: z
    .array(z.enum(services))
    .min(1)
    .default([...services])
    .describe('what to read of each person'),
  people: People,
  settingsDays: z
    .number()
    .min(0)
    .max(365)
    .default(7)
    .describe(
      'how often filters, signatures, names of labels, access to calendars and whole lists of tasks are read again; what changed in mails, events, contacts and tasks is found by every run',
    ),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .transform((url) => (url.endsWith('/') ? url : `${url}/`))
    .optional()
    .describe("stands in for all of Google's hosts, the one for tokens included"),
})
export type GoogleConfig = z.infer<typeof GoogleConfig>
export type GoogleAuth = GoogleConfig['auth']

/** Whether the configuration takes a person. Patterns match addresses, without regard to letter case. */
export function takes({ include, exclude }: GoogleConfig['people'], address: string): boolean {
  const matches = (pattern: string): boolean => pattern === '*' || matchesGlob(address.toLowerCase(), pattern.toLowerCase())
  return include.some(matches) && !exclude.some(matches)
}
