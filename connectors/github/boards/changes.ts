import { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import { type Cursor, cursor, type ItemId, itemId } from '../../../src/contract/ids.ts'
import { refused } from '../github-fault.ts'
import type { Github } from '../github.ts'
import { isHeavy } from '../graphql.ts'
import { board } from '../map/board.ts'
import { degraded, dropped } from '../map/item.ts'
import { wholeOf } from '../repository/rest-of.ts'
import { boardFields, cardFields, GraphBoard, GraphCard } from '../wire/board.ts'
import { PageInfo } from '../wire/graph.ts'

const Brief = z.object({ id: z.string(), databaseId: z.number().int(), updatedAt: z.string() })
const projects = `projectsV2(first: 50, after: $after) { pageInfo { hasNextPage endCursor } nodes { id databaseId updatedAt } }`
const listText = `query Boards($owner: String!, $after: String) { repositoryOwner(login: $owner) { __typename
  ... on Organization { ${projects} } ... on User { ${projects} } } }`
const Projects = z.object({ pageInfo: PageInfo, nodes: z.array(z.unknown()) })
const List = z.object({ repositoryOwner: z.object({ projectsV2: Projects.nullable().optional() }).nullable() })
const boardText = `query Board($id: ID!) { node(id: $id) { ... on ProjectV2 { ${boardFields} } } }`
const Node = z.object({ node: z.unknown() })

const State = z.object({ v: z.literal(1), boards: z.record(z.string(), z.string()), losses: z.string() })
function decode(since: Cursor): z.infer<typeof State> | undefined {
  try {
    return State.safeParse(JSON.parse(since)).data
  } catch {
    return undefined
  }
}

/** Boards whose time moved, with all of their cards. Not to see them is a loss, and deletes nothing. */
export async function* boardChanges(github: Github, since: Cursor | undefined, signal: AbortSignal): AsyncGenerator<Change> {
  const read = since === undefined ? undefined : decode(since)
  if (since !== undefined && read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const known = new Map(Object.entries(read?.boards ?? {}))
  let said = read?.losses ?? ''
  const save = (): Change => ({
    type: 'checkpoint',
    cursor: cursor(JSON.stringify({ v: 1, boards: Object.fromEntries([...known].toSorted(([a], [b]) => (a < b ? -1 : 1))), losses: said })),
  })
  const seen = new Set<string>()
  try {
    for (const { id, databaseId, updatedAt } of await briefs(github, signal)) {
      const name = String(databaseId)
      seen.add(name)
      if (known.get(name) === updatedAt) continue
      yield* readBoard(github, id, databaseId, signal)
      known.set(name, updatedAt)
      yield save()
    }
    said = ''
    for (const name of known.keys()) {
      if (seen.has(name)) continue
      known.delete(name)
      yield { type: 'delete', id: itemId('board', name), evidence: 'absent-from-projectsV2' }
    }
  } catch (error) {
    if (!refused(error)) throw error
    if (said !== error.message) yield { type: 'loss', loss: dropped(itemId('board', 'all'), 'withheld-by-source', error.message) }
    said = error.message
  }
  yield save()
}

async function briefs(github: Github, signal: AbortSignal): Promise<z.infer<typeof Brief>[]> {
  const { owner } = github.config
  const what = `GitHub refused the projects of ${owner}`
  const found: z.infer<typeof Brief>[] = []
  let after: string | null = null
  for (;;) {
    const answer: { readonly data: z.infer<typeof List> } = await github.graphql(
      { what, text: listText, variables: { owner, after }, points: 1 },
      List,
      signal,
    )
    const list: z.infer<typeof Projects> | null | undefined = answer.data.repositoryOwner?.projectsV2
    if (list === null || list === undefined) return found
    for (const raw of list.nodes) {
      const brief = Brief.safeParse(raw).data
      if (brief !== undefined) found.push(brief)
    }
    if (!list.pageInfo.hasNextPage || list.pageInfo.endCursor === after) return found
    after = list.pageInfo.endCursor
  }
}

async function* readBoard(github: Github, id: string, databaseId: number, signal: AbortSignal): AsyncGenerator<Change> {
  const item: ItemId = itemId('board', String(databaseId))
  const what = 'GitHub refused a project'
  let raw: unknown
  try {
    raw = (await github.graphql({ what, text: boardText, variables: { id }, points: 2 }, Node, signal)).data.node
  } catch (error) {
    if (!isHeavy(error)) throw error
    const smaller = boardText.replace('items(first: 50)', 'items(first: 10)')
    raw = (await github.graphql({ what, text: smaller, variables: { id }, points: 1 }, Node, signal)).data.node
  }
  const given = GraphBoard.safeParse(raw).data
  if (given === undefined) {
    yield { type: 'loss', loss: dropped(item, 'invalid-at-source', 'GitHub gave a project that cannot be read') }
    return
  }
  const rest = { what, id, type: 'ProjectV2', field: 'items', selection: cardFields, node: GraphCard }
  const { entries, unreadable } = await wholeOf(github, given.items, rest, signal)
  if (unreadable > 0) yield { type: 'loss', loss: degraded(item, 'cards', 'withheld-by-source', `${unreadable} cards cannot be read`) }
  const cards = entries.map(({ node }) => node)
  const all = { ...(raw as object), items: entries.map(({ raw: card }) => card) }
  yield { type: 'upsert', item: board(given, cards, all, github.provenance(String(databaseId), 'graphql:projectsV2')) }
}
