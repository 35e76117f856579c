import { matchesGlob } from 'node:path'
import { z } from 'zod'
import { SecretSetting } from '../../src/config/secret.ts'

const App = z.strictObject({
  type: z.literal('app'),
  appId: z
    .union([z.string().min(1), z.number().int().positive()])
    .transform(String)
    .describe('id of your own GitHub App'),
  installationId: z
    .union([z.string().regex(/^\d+$/), z.number().int().positive()])
    .transform(Number)
    .describe('number at the end of the address of the installation'),
  privateKey: SecretSetting.describe('the private key of the App, as the file in PEM notation that GitHub gave'),
})
const Token = z.strictObject({
  type: z.literal('token'),
  token: SecretSetting.describe('a fine-grained or classic personal access token, or one of an OAuth app'),
})

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')
const Url = z.url({ protocol: /^https?$/ }).transform(withoutSlash)

const Repositories = z
  .strictObject({
    include: z.array(z.string().min(1)).default(['*']).describe('names of repositories to read; * stands for anything'),
    exclude: z.array(z.string().min(1)).default([]).describe('names of repositories to leave out'),
    archived: z.boolean().default(true).describe('read archived repositories too'),
    forks: z.boolean().default(true).describe('read forks too'),
  })
  .prefault({})

export const parts = ['git', 'lfs', 'wiki', 'issues', 'discussions', 'releases', 'settings', 'boards'] as const
export type Part = (typeof parts)[number]

export const GithubConfig = z.strictObject({
  owner: z.string().min(1).describe('login of the organisation, or of one person'),
  auth: z.discriminatedUnion('type', [App, Token]).describe('how to get in: your own GitHub App, or a token'),
  apiUrl: Url.default('https://api.github.com').describe('where the API is; of GitHub Enterprise Server: https://HOST/api/v3'),
  webUrl: Url.default('https://github.com').describe('where git and attachments are; of GitHub Enterprise Server: https://HOST'),
  repositories: Repositories,
  read: z
    .array(z.enum(parts))
    .min(1)
    .default([...parts])
    .describe('what to read; pull requests come with issues, labels and milestones come always'),
  sweepDays: z
    .number()
    .int()
    .min(0)
    .max(365)
    .default(28)
    .describe('how often a run looks for what leaves no trace: deleted comments, reactions, edited labels, webhooks, variables'),
  workDir: z
    .string()
    .min(1)
    .optional()
    .describe('where git packs are checked before they are sealed; default: the directory for temporary files'),
})
export type GithubConfig = z.infer<typeof GithubConfig>
export type GithubAuth = GithubConfig['auth']

/** Whether the configuration takes a repository. Patterns match its name, or `owner/name`, without regard to letter case. */
export function takes(
  { repositories }: GithubConfig,
  repository: { nameWithOwner: string; isArchived: boolean; isFork: boolean },
): boolean {
  const full = repository.nameWithOwner.toLowerCase()
  const name = full.slice(full.indexOf('/') + 1)
  const matches = (pattern: string): boolean => {
    const wanted = pattern.toLowerCase()
    return wanted === '*' || matchesGlob(name, wanted) || matchesGlob(full, wanted)
  }
  if (repository.isArchived && !repositories.archived) return false
  if (repository.isFork && !repositories.forks) return false
  return repositories.include.some(matches) && !repositories.exclude.some(matches)
}
