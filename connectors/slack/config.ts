import { matchesGlob } from 'node:path'
import { z } from 'zod'
import { SecretSetting } from '../../src/config/secret.ts'

const Selection = z
  .strictObject({
    include: z.array(z.string().min(1)).default(['*']).describe('names or ids of channels to take; * stands for anything'),
    exclude: z.array(z.string().min(1)).default([]).describe('names or ids of channels to leave out'),
  })
  .prefault({})
export type Selection = z.infer<typeof Selection>

const ApiUrl = z
  .url({ protocol: /^https?$/ })
  .default('https://slack.com/api/')
  .transform((url) => (url.endsWith('/') ? url : `${url}/`))

export const ApiConfig = z.strictObject({
  via: z.literal('api'),
  token: SecretSetting.describe('bot or user token of your own internal app'),
  apiUrl: ApiUrl.describe("where Slack's Web API is"),
  channels: Selection,
  rescanDays: z.number().int().min(0).max(3650).default(30).describe('how far back every run looks for edits, deletions and late replies'),
  sweepDays: z.number().min(0).max(365).default(7).describe('how often a run looks at everything there is'),
})
export const ExportConfig = z.strictObject({
  via: z.literal('export'),
  path: z.string().min(1).describe('the zip file that Slack made'),
  token: SecretSetting.optional().describe('for files whose links no longer work without one'),
  apiUrl: ApiUrl.describe("where Slack's Web API is, if a token is given"),
  channels: Selection,
})
export const SlackConfig = z.discriminatedUnion('via', [ApiConfig, ExportConfig])
export type SlackConfig = z.infer<typeof SlackConfig>
export type ApiConfig = z.infer<typeof ApiConfig>
export type ExportConfig = z.infer<typeof ExportConfig>

/** Whether the configuration takes a channel. Patterns match names or ids; `*` is anything. */
export function selects({ include, exclude }: Selection, id: string, name: string): boolean {
  const matches = (pattern: string): boolean => pattern === '*' || pattern === id || matchesGlob(name, pattern)
  return include.some(matches) && !exclude.some(matches)
}
