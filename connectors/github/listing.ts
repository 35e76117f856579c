import { z } from 'zod'
import { Fault } from '../../src/fault.ts'
import { takes } from './config.ts'
import type { Github } from './github.ts'
import { isHeavy } from './graphql.ts'
import { PageInfo } from './wire/graph.ts'

const total = z
  .object({ totalCount: z.number().int() })
  .transform(({ totalCount }) => totalCount)
  .nullable()
  .catch(null)
  .default(null)
const newest = z
  .object({ totalCount: z.number().int(), nodes: z.array(z.object({ updatedAt: z.string() }).nullable()) })
  .transform(({ totalCount, nodes }) => ({ total: totalCount, newest: nodes[0]?.updatedAt ?? '' }))
  .nullable()
  .catch(null)
  .default(null)
const text = z.string().nullable().catch(null).default(null)
const flag = z.boolean().catch(false).default(false)
const name = z.object({ nameWithOwner: z.string() }).nullable().catch(null).default(null)

/** One repository as the list tells it: enough to see whether anything at all happened there. Totals are null where the token may not count. */
export const Listed = z.object({
  id: z.string(),
  databaseId: z.number().int(),
  nameWithOwner: z.string(),
  description: text,
  homepageUrl: text,
  visibility: z.enum(['PUBLIC', 'INTERNAL', 'PRIVATE']),
  isArchived: flag,
  isTemplate: flag,
  isFork: flag,
  isEmpty: flag,
  isDisabled: flag,
  parent: name,
  defaultBranchRef: z.object({ name: z.string() }).nullable().catch(null).default(null),
  createdAt: z.string(),
  pushedAt: text,
  updatedAt: z.string(),
  diskUsage: z.number().int().nullable().catch(null).default(null),
  hasIssuesEnabled: flag,
  hasWikiEnabled: flag,
  hasDiscussionsEnabled: flag,
  hasProjectsEnabled: flag,
  mergeCommitAllowed: flag,
  squashMergeAllowed: flag,
  rebaseMergeAllowed: flag,
  deleteBranchOnMerge: flag,
  repositoryTopics: z
    .object({ nodes: z.array(z.object({ topic: z.object({ name: z.string() }) }).nullable()) })
    .transform(({ nodes }) => nodes.flatMap((node) => node?.topic.name ?? []).toSorted())
    .catch([])
    .default([]),
  labels: total,
  milestones: total,
  releases: total,
  branchProtectionRules: total,
  rulesets: total,
  environments: total,
  commitComments: total,
  issues: newest,
  pullRequests: newest,
  discussions: newest,
})
export type Listed = z.infer<typeof Listed>

const Page = z.object({
  repositoryOwner: z
    .object({ __typename: z.string(), repositories: z.object({ pageInfo: PageInfo, nodes: z.array(z.unknown()) }) })
    .nullable(),
})

/** Everything that moves when somebody does something, of a hundred repositories at a time: eleven points. */
const query = `query Repositories($owner: String!, $first: Int!, $after: String) {
  repositoryOwner(login: $owner) { __typename
    repositories(first: $first, after: $after, ownerAffiliations: [OWNER], orderBy: { field: CREATED_AT, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id databaseId nameWithOwner description homepageUrl visibility isArchived isTemplate isFork isEmpty isDisabled
        parent { nameWithOwner } defaultBranchRef { name } createdAt pushedAt updatedAt diskUsage
        hasIssuesEnabled hasWikiEnabled hasDiscussionsEnabled hasProjectsEnabled
        mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed deleteBranchOnMerge
        repositoryTopics(first: 20) { nodes { topic { name } } }
        labels { totalCount } milestones { totalCount } releases { totalCount }
        branchProtectionRules { totalCount } rulesets { totalCount } environments { totalCount } commitComments { totalCount }
        issues(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { totalCount nodes { updatedAt } }
        pullRequests(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { totalCount nodes { updatedAt } }
        discussions(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { totalCount nodes { updatedAt } }
      }
    }
  }
}`

export interface Listing {
  readonly isOrganisation: boolean
  /** By database id; those that the configuration takes, in the order of their making. */
  readonly repositories: ReadonlyMap<number, { readonly listed: Listed; readonly raw: unknown }>
  /** Every one the token sees, also those that the configuration leaves out: `owner/name` in small letters → database id. */
  readonly byName: ReadonlyMap<string, number>
  /** Answers of the list that nobody could read. */
  readonly unreadable: number
}

/** @throws Fault `auth`, `permission`, `gone`, `throttled`, `unavailable` */
export async function listRepositories(github: Github, signal: AbortSignal): Promise<Listing> {
  const { owner } = github.config
  const repositories = new Map<number, { listed: Listed; raw: unknown }>()
  const byName = new Map<string, number>()
  let unreadable = 0
  let isOrganisation = false
  let after: string | null = null
  let first = 100
  for (;;) {
    const what = `GitHub refused the list of repositories of ${owner}`
    const points = Math.ceil((1 + 11 * first) / 100)
    let page: z.infer<typeof Page>
    try {
      page = (await github.graphql({ what, text: query, variables: { owner, first, after }, points }, Page, signal)).data
    } catch (error) {
      if (!isHeavy(error) || first <= 10) throw error
      first = Math.ceil(first / 2)
      continue
    }
    if (page.repositoryOwner === null) throw nobody(owner)
    isOrganisation = page.repositoryOwner.__typename === 'Organization'
    const { nodes, pageInfo } = page.repositoryOwner.repositories
    for (const raw of nodes) {
      const listed = Listed.safeParse(raw)
      if (!listed.success) {
        if (raw !== null) unreadable += 1
        continue
      }
      byName.set(listed.data.nameWithOwner.toLowerCase(), listed.data.databaseId)
      if (takes(github.config, listed.data)) repositories.set(listed.data.databaseId, { listed: listed.data, raw })
    }
    if (!pageInfo.hasNextPage || pageInfo.endCursor === after) return { isOrganisation, repositories, byName, unreadable }
    after = pageInfo.endCursor
  }
}

const nobody = (owner: string): Fault =>
  new Fault({
    code: 'gone',
    what: `GitHub knows no ${owner}`,
    why: 'there is no organisation or person of this name, or the token may not see it',
    remedy: 'Check owner in the configuration, and that the token belongs to this organisation',
  })
