import { matchesGlob } from 'node:path'
import { z } from 'zod'
import { SecretSetting } from '../../src/config/secret.ts'

/** Where each of Microsoft's clouds is. Read 2026-11-25: https://learn.microsoft.com/graph/deployments */
export const clouds = {
  global: { apiUrl: 'https://graph.microsoft.com/v1.0/', loginUrl: 'https://login.microsoftonline.com/' },
  'us-gov': { apiUrl: 'https://graph.microsoft.us/v1.0/', loginUrl: 'https://login.microsoftonline.us/' },
  'us-dod': { apiUrl: 'https://dod-graph.microsoft.us/v1.0/', loginUrl: 'https://login.microsoftonline.us/' },
  china: { apiUrl: 'https://microsoftgraph.chinacloudapi.cn/v1.0/', loginUrl: 'https://login.partner.microsoftonline.cn/' },
} as const

export const services = ['mail', 'calendars', 'contacts', 'tasks', 'planner'] as const
export type ServiceName = (typeof services)[number]

const Selection = z
  .strictObject({
    include: z.array(z.string().min(1)).default(['*']).describe('addresses or ids to take; * stands for anything'),
    exclude: z.array(z.string().min(1)).default([]).describe('addresses or ids to leave out'),
  })
  .prefault({})
export type Selection = z.infer<typeof Selection>

const Base = z.url({ protocol: /^https?$/ }).transform((url) => (url.endsWith('/') ? url : `${url}/`))

const Credential = z.union([
  z.strictObject({
    certificate: SecretSetting.describe('PEM file with the certificate, and with its private key unless privateKey names another'),
    privateKey: SecretSetting.optional().describe('PEM file with the private key'),
  }),
  z.strictObject({ clientSecret: SecretSetting.describe('a client secret of the app; a certificate is safer') }),
  z.strictObject({ token: SecretSetting.describe('an access token somebody else renews') }),
])
export type Credential = z.infer<typeof Credential>

const MailChoices = z
  .strictObject({
    hiddenFolders: z.boolean().default(false).describe('folders that Outlook does not show'),
    recoverableItems: z.boolean().default(false).describe('what people deleted and Exchange still keeps'),
    settingsDays: z
      .number()
      .min(0)
      .max(365)
      .default(7)
      .describe('how often filters and automatic replies are read again; changed mails are found by every run'),
    sweepDays: z
      .number()
      .min(0)
      .max(365)
      .default(7)
      .describe('how often a run lists every mail there is, instead of what changed; bytes are not fetched again'),
  })
  .prefault({})

export const M365Config = z.strictObject({
  tenant: z
    .string()
    .regex(/^[\w.-]+$/)
    .describe('id or a domain of the tenant'),
  clientId: z.string().min(1).describe('application (client) id of your own app registration'),
  credential: Credential,
  cloud: z.enum(['global', 'us-gov', 'us-dod', 'china']).default('global').describe("which of Microsoft's clouds the tenant is in"),
  apiUrl: Base.optional().describe('where Microsoft Graph is, with its version, if not where the cloud has it'),
  loginUrl: Base.optional().describe('where tokens are given, if not where the cloud has it'),
  mailboxAccess: z
    .enum(['entra', 'exchange'])
    .default('entra')
    .describe('who lets the app into mailboxes: permissions of the app registration, or roles in Exchange Online, which no token shows'),
  services: z
    .array(z.enum(services))
    .min(1)
    .default([...services])
    .describe('what to read of everybody'),
  people: Selection,
  mail: MailChoices,
})
export type M365Config = z.infer<typeof M365Config>

export const apiUrlOf = ({ apiUrl, cloud }: M365Config): string => apiUrl ?? clouds[cloud].apiUrl
export const loginUrlOf = ({ loginUrl, cloud }: M365Config): string => loginUrl ?? clouds[cloud].loginUrl

/** Whether the configuration takes a person. Patterns match the id, the address or the sign-in name, whatever their case; `*` is anything. */
export function selects({ include, exclude }: Selection, id: string, names: readonly (string | null)[]): boolean {
  const known = names.flatMap((name) => (name === null ? [] : [name.toLowerCase()]))
  const matches = (pattern: string): boolean =>
    pattern === '*' || pattern === id || known.some((name) => matchesGlob(name, pattern.toLowerCase()))
  return include.some(matches) && !exclude.some(matches)
}
