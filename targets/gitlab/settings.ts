import { z } from 'zod'
import { SecretSetting } from '../../src/config/secret.ts'

/** Names of groups as they stand in addresses. https://docs.gitlab.com/user/reserved_names/ (read 2026-11-25) */
const groupPath = /^[a-zA-Z0-9_](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?(?:\/[a-zA-Z0-9_](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?)*$/

/** Settings of a GitLab target, as they stand in the configuration file. */
export const Settings = z.strictObject({
  url: z.url().describe('Where people open GitLab, for example https://gitlab.example.org'),
  apiUrl: z.url().optional().describe('Where its API answers, if that is another address; without /api/v4'),
  token: SecretSetting.describe('A personal access token of an administrator with the scopes api and sudo'),
  group: z
    .string()
    .regex(groupPath, 'a path of letters, digits, _, - and . with / between groups')
    .describe('The group everything goes to; it may lie in other groups and is made if it is not there'),
  groupTitle: z.string().min(1).max(255).optional(),
  visibility: z
    .enum(['private', 'internal', 'public'])
    .default('private')
    .describe('The widest visibility a project may get; none gets a wider one than at the source'),
  users: z
    .enum(['shadow', 'map-only'])
    .default('shadow')
    .describe(
      'People whom neither the people map nor a public e-mail address finds. shadow: blocked users are made for them; map-only: the importing user takes their place and the text names them',
    ),
  emailDomain: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*$/)
    .default('github.invalid')
    .describe('Domain of the made-up addresses of shadow users; nothing must ever receive mail there'),
  sourceUrl: z
    .url()
    .default('https://github.com')
    .describe('Where people opened the source: links to it in texts are found by this address'),
  include: z.array(z.string()).default([]).describe('Repositories to bring, by name with *; empty: all'),
  exclude: z.array(z.string()).default([]).describe('Repositories to leave out, by name with *'),
  discussions: z.enum(['issues', 'leave-out']).default('issues').describe('GitLab has no discussions: they become issues, or stay behind'),
  teams: z.enum(['groups', 'leave-out']).default('groups').describe('Teams become groups below the group, or stay behind'),
  maxAssetMiB: z
    .number()
    .int()
    .positive()
    .default(5120)
    .describe('Files of releases above this size stay behind (GitLab: 5 GiB by default)'),
  maxUploadMiB: z.number().int().positive().default(1024).describe('Files in texts above this size stay behind'),
  maxLfsInFileMiB: z
    .number()
    .int()
    .nonnegative()
    .default(1024)
    .describe('Large files of a repository travel in the import file up to this size together, beyond it one by one'),
  scratch: z
    .string()
    .regex(/^[a-z0-9]{1,12}$/)
    .optional()
    .describe('Set by rehearsals: the run whose throw-away names are used'),
})
export type Settings = z.infer<typeof Settings>
