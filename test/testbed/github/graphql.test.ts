import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { asking } from './asking.ts'
import { costOf } from './graphql/cost.ts'
import { schema } from './graphql/schema.ts'
import { githubTestbed } from './testbed.ts'

const cost = (text: string, variables: Record<string, unknown> = {}) => {
  const document = parse(text)
  const [operation] = document.definitions
  if (operation?.kind !== 'OperationDefinition') throw new Error('no operation')
  return costOf(schema(), document, operation, variables)
}

test('queries cost what GitHub’s documentation works out for them', () => {
  // The page's own two examples.
  const nodes = `query { viewer { repositories(first: 50) { edges { repository: node { name
    pullRequests(first: 20) { edges { pullRequest: node { title comments(first: 10) { edges { comment: node { bodyHTML } } } } } }
    issues(first: 20) { totalCount edges { issue: node { title bodyHTML comments(first: 10) { edges { comment: node { bodyHTML } } } } } } } } }
    followers(first: 10) { edges { follower: node { login } } } } }`
  expect(cost(nodes)).toEqual({ points: 21, nodes: 22_060 })
  const score = `query { viewer { login repositories(first: 100) { edges { node { id
    issues(first: 50) { edges { node { id labels(first: 60) { edges { node { id name } } } } } } } } } } }`
  expect(cost(score).points).toBe(51)
  expect(
    cost('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Reactable { reactions(first: 100) { totalCount } } } }', {
      ids: Array.from({ length: 100 }, String),
    }).points,
  ).toBe(1)
  expect(() =>
    cost('{ viewer { repositories(first: 100) { nodes { issues(first: 100) { nodes { comments(first: 100) { nodes { id } } } } } } } }'),
  ).toThrow('maximum limit of 500,000')
  expect(() => cost('{ viewer { repositories(first: 101) { nodes { id } } } }')).toThrow('limit of 100 records')
})

test('queries that GitHub’s schema does not allow are refused; what is not emulated says so', async () => {
  await using bed = await githubTestbed()
  const { query } = asking(bed, bed.token('classic'))
  expect((await query('{ viewer { nonsense } }')).json.errors?.[0]?.message).toContain('Cannot query field "nonsense"')
  expect((await query('{ repository(owner: "fallreep-demo", name: "website") { issues { nodes { id } } } }')).json.errors?.[0]?.type).toBe(
    'MISSING_PAGINATION_BOUNDARIES',
  )
  expect((await query('mutation { addStar(input: { starrableId: "x" }) { clientMutationId } }')).json.errors?.[0]?.type).toBe('FORBIDDEN')
  expect((await query('{ viewer { isHireable } }')).json.errors?.[0]?.message).toBe('not emulated: User.isHireable')
  expect([...bed.missing]).toEqual(['User.isHireable'])
})

interface Threads {
  readonly repository: {
    readonly pullRequest: {
      readonly reviews: { readonly nodes: { state: string; author: { login: string } | null }[] }
      readonly reviewThreads: {
        readonly nodes: {
          isResolved: boolean
          isOutdated: boolean
          line: number | null
          startLine: number | null
          diffSide: string
          subjectType: string
          resolvedBy: { login: string } | null
          comments: { nodes: { body: string; replyTo: object | null }[] }
        }[]
      }
    }
  }
}

test('reviews and threads: resolved, outdated, on the left, on a file, without their root, by ghost', async () => {
  await using bed = await githubTestbed()
  const { query } = asking(bed, bed.token('app'))
  const { json } = await query<Threads>(`{ repository(owner: "fallreep-demo", name: "website") { pullRequest(number: 2) {
    reviews(first: 100) { nodes { state author { login } } }
    reviewThreads(first: 20) { nodes { isResolved isOutdated line startLine diffSide subjectType resolvedBy { login }
      comments(first: 10) { nodes { body replyTo { id } } } } } } } }`)
  const pull = json.data?.repository.pullRequest
  expect(new Set(pull?.reviews.nodes.map(({ state }) => state))).toEqual(
    new Set(['CHANGES_REQUESTED', 'COMMENTED', 'APPROVED', 'DISMISSED']),
  )
  expect(pull?.reviews.nodes.find(({ state }) => state === 'DISMISSED')?.author).toBeNull()
  const threads = pull?.reviewThreads.nodes ?? []
  expect(threads).toContainEqual(expect.objectContaining({ isResolved: true, resolvedBy: { login: 'kentanaka' }, diffSide: 'LEFT' }))
  expect(threads).toContainEqual(expect.objectContaining({ isOutdated: true, line: null, startLine: null }))
  expect(threads).toContainEqual(expect.objectContaining({ subjectType: 'FILE', isOutdated: false, line: null }))
  const orphan = threads.find(({ comments }) => comments.nodes[0]?.body.startsWith('Antwort auf etwas'))
  expect(orphan?.comments.nodes).toEqual([{ body: expect.any(String), replyTo: null }])
})

test('discussions with answers, reactions with names, cross references from other repositories', async () => {
  await using bed = await githubTestbed()
  const { query } = asking(bed, bed.token('app'))
  const { json } = await query<{ repository: Record<string, { nodes: object[] }> }>(`{ repository(owner: "fallreep-demo", name: "website") {
    discussions(first: 10, orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { title locked isAnswered answer { body } category { name }
      reactions(first: 10) { nodes { content user { login } } }
      comments(first: 10) { nodes { body deletedAt author { login } replies(first: 10) { nodes { body } } } } } }
    issues(first: 1, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { number
      timelineItems(first: 100, itemTypes: [CROSS_REFERENCED_EVENT]) { nodes { ... on CrossReferencedEvent { willCloseTarget isCrossRepository
        source { ... on Issue { number repository { nameWithOwner } } ... on PullRequest { number } } } } } } } } }`)
  const { discussions, issues } = json.data?.repository ?? {}
  expect(discussions?.nodes).toContainEqual(
    expect.objectContaining({
      isAnswered: true,
      answer: { body: 'So: `price * 1.19`' },
      reactions: { nodes: [{ content: 'HOORAY', user: { login: 'ada-weiss' } }] },
      comments: {
        nodes: [
          expect.objectContaining({ replies: { nodes: [{ body: 'Danke!' }] } }),
          { body: '', deletedAt: expect.any(String), author: null, replies: { nodes: [{ body: 'Nein.' }] } },
        ],
      },
    }),
  )
  expect(issues?.nodes).toMatchObject([
    {
      timelineItems: {
        nodes: expect.arrayContaining([
          expect.objectContaining({
            isCrossRepository: true,
            source: { number: 2, repository: { nameWithOwner: 'fallreep-demo/billing' } },
          }),
        ]),
      },
    },
  ])
})

test('projects with their fields, and what an organisation is made of', async () => {
  await using bed = await githubTestbed()
  const { query } = asking(bed, bed.token('classic'))
  const { json } = await query<{ organization: { projectsV2: { nodes: object[] } } }>(`{ organization(login: "fallreep-demo") {
    membersWithRole(first: 100) { edges { role node { login organizationVerifiedDomainEmails(login: "fallreep-demo") } } }
    teams(first: 10) { nodes { slug privacy } }
    projectsV2(first: 10) { nodes { title fields(first: 20) { nodes { ... on ProjectV2SingleSelectField { name options { name } } ... on ProjectV2Field { name dataType } } }
      items(first: 50) { nodes { type content { ... on Issue { number } ... on DraftIssue { title } }
        fieldValues(first: 20) { nodes { ... on ProjectV2ItemFieldSingleSelectValue { name field { ... on ProjectV2SingleSelectField { name } } } } } } } } } } }`)
  expect(json.errors).toBeUndefined()
  expect(json.data?.organization.projectsV2.nodes[0]).toMatchObject({
    title: 'Fahrplan',
    items: { nodes: expect.arrayContaining([expect.objectContaining({ type: 'DRAFT_ISSUE', content: { title: 'Nur ein Gedanke' } })]) },
  })
})

test('nodes by id, of which one is gone; heavy queries end in 502; points are counted by name', async () => {
  await using bed = await githubTestbed({ heavyNodes: 100 })
  const { query, get } = asking(bed, bed.token('classic'))
  const issue = await get<{ node_id: string }>('/repos/fallreep-demo/website/issues/6')
  const ids = [issue.json.node_id, 'I_kwDOnothing']
  const found = await query<{ nodes: object[] }>(
    'query Reactions($ids: [ID!]!) { nodes(ids: $ids) { ... on Reactable { reactions(first: 10) { nodes { content user { login } } } } } rateLimit { cost remaining nodeCount } }',
    { ids },
  )
  expect(found.json.data?.nodes).toEqual([
    {
      reactions: {
        nodes: [
          { content: 'THUMBS_UP', user: { login: 'erikam' } },
          { content: 'HEART', user: { login: 'kentanaka' } },
          { content: 'THUMBS_UP', user: null },
        ],
      },
    },
    null,
  ])
  expect(found.json.errors?.[0]?.type).toBe('NOT_FOUND')
  const heavy = await query(
    'query Heavy { organization(login: "fallreep-demo") { repositories(first: 50) { nodes { issues(first: 50) { nodes { id } } } } } }',
  )
  expect(heavy.status).toBe(502)
  expect(bed.points.byName).toEqual({ Reactions: 1, Heavy: 1 })
  expect(bed.calls.count('graphql')).toBe(2)
})
