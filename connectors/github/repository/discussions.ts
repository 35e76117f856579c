import { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import { isHeavy } from '../graphql.ts'
import { discussion, discussionComment } from '../map/discussion.ts'
import { commentId, dropped, idIn } from '../map/item.ts'
import { discussionCommentFields, discussionFields, GraphDiscussion, GraphDiscussionComment } from '../wire/discussion.ts'
import { Connection, PageInfo, Reaction, reactionNode } from '../wire/graph.ts'
import { reactionsTo } from './reactions.ts'
import { type Reading, refusedOf, type RepositoryPart } from './reading.ts'
import { type Entries, wholeOf } from './rest-of.ts'

const text = `query Discussions($id: ID!, $first: Int!, $after: String) { node(id: $id) { ... on Repository {
  discussions(first: $first, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) {
    pageInfo { hasNextPage endCursor } nodes { ${discussionFields} } } } } }`
const Page = z.object({
  node: z.object({ discussions: z.object({ pageInfo: PageInfo, nodes: z.array(z.unknown()) }) }).nullable(),
})
const repliesText = `query Replies($ids: [ID!]!) { nodes(ids: $ids) { ... on DiscussionComment { id
  replies(first: 100) { pageInfo { hasNextPage endCursor } nodes { ${discussionCommentFields} } } } } }`
const Replies = z.object({ nodes: z.array(z.object({ id: z.string(), replies: Connection }).nullable().catch(null)) })

/** Discussions, newest change first, down to where the last run stopped; each with all of its comments. */
export const discussions: RepositoryPart = {
  name: 'discussions',
  swept: false,
  line: ({ discussions: list, hasDiscussionsEnabled }) =>
    (list?.total ?? 0) === 0 && !(list === null && hasDiscussionsEnabled) ? undefined : JSON.stringify(list),
  async *read(reading) {
    const { state, mapping } = reading
    const since = state.discussions
    let newest = since
    for await (const nodes of pages(reading)) {
      let old = false
      for (const raw of nodes) {
        const given = GraphDiscussion.safeParse(raw).data
        if (given === undefined) {
          yield {
            type: 'loss',
            loss: dropped(idIn(mapping.place, 'discussion', 'unknown'), 'invalid-at-source', 'a discussion cannot be read'),
          }
          continue
        }
        if (given.updatedAt < since) old = true
        else yield* readDiscussion(reading, given, raw)
        if (given.updatedAt > newest) newest = given.updatedAt
      }
      if (old) break
    }
    state.discussions = newest
  },
}

async function* pages(reading: Reading): AsyncGenerator<readonly unknown[]> {
  const { github, listed, signal } = reading
  const what = refusedOf(reading, 'discussions')
  let first = 50
  for (let after: string | null = null; ;) {
    let page: z.infer<typeof Page>
    try {
      const points = Math.ceil((1 + 3 * first + 50 * first) / 100)
      page = (await github.graphql({ what, text, variables: { id: listed.id, first, after }, points }, Page, signal)).data
    } catch (error) {
      if (!isHeavy(error) || first <= 5) throw error
      first = Math.ceil(first / 2)
      continue
    }
    const list = page.node?.discussions
    if (list === undefined) return
    yield list.nodes.filter((node) => node !== null)
    if (!list.pageInfo.hasNextPage || list.pageInfo.endCursor === after) return
    after = list.pageInfo.endCursor
  }
}

/** One discussion with all of its comments and answers; what is not among them any more is gone. */
export async function* readDiscussion(reading: Reading, given: GraphDiscussion, raw: unknown): AsyncGenerator<Change> {
  const { github, mapping, state, signal } = reading
  const { place } = mapping
  const what = refusedOf(reading, `discussion #${given.number}`)
  const of = { what, id: given.id, type: 'Discussion' }
  const liked = await wholeOf(github, given.reactions, { ...of, field: 'reactions', selection: reactionNode, node: Reaction }, signal)
  const selection = `${discussionCommentFields} replies { totalCount }`
  const top = await wholeOf(github, given.comments, { ...of, field: 'comments', selection, node: GraphDiscussionComment }, signal)
  const answers = await repliesTo(
    reading,
    what,
    top.entries.flatMap(({ node }) => (node.replies.totalCount > 0 ? node.id : [])),
  )
  const all = top.entries.flatMap((entry) => [
    { ...entry, replyTo: undefined },
    ...(answers.get(entry.node.id) ?? []).map((reply) => ({ ...reply, replyTo: entry.node.databaseId })),
  ])
  const ids = all.flatMap(({ node }) => (node.reactionGroups > 0 ? node.id : []))
  const reactions = await reactionsTo(github, what, ids, signal)
  const item = discussion(
    given,
    liked.entries.map(({ node }) => node),
    withoutComments(raw),
    mapping,
  )
  yield { type: 'upsert', item }
  const known = state.known.of(given.number, 'discussion')
  const before = [...known.comments.keys(), ...known.lines.keys()]
  known.comments.clear()
  known.lines.clear()
  known.reactions = liked.entries.length
  for (const { node, raw: own, replyTo } of all) {
    const list = replyTo === undefined ? known.comments : known.lines
    list.set(node.databaseId, node.reactionGroups)
    yield { type: 'upsert', item: discussionComment(node, item.id, replyTo, reactions.get(node.id), own, mapping) }
  }
  for (const id of before)
    if (!known.comments.has(id) && !known.lines.has(id))
      yield { type: 'delete', id: commentId(place, 'discussion', id), evidence: `absent-from-comments of #${given.number}` }
}

async function repliesTo(
  reading: Reading,
  what: string,
  ids: readonly string[],
): Promise<Map<string, Entries<GraphDiscussionComment>['entries']>> {
  const { github, signal } = reading
  const found = new Map<string, Entries<GraphDiscussionComment>['entries']>()
  for (let at = 0; at < ids.length; at += 50) {
    const some = ids.slice(at, at + 50)
    const { data } = await github.graphql({ what, text: repliesText, variables: { ids: some }, points: 1 }, Replies, signal)
    for (const node of data.nodes) {
      if (node === null) continue
      const rest = {
        what,
        id: node.id,
        type: 'DiscussionComment',
        field: 'replies',
        selection: discussionCommentFields,
        node: GraphDiscussionComment,
      }
      found.set(node.id, (await wholeOf(github, node.replies, rest, signal)).entries)
    }
  }
  return found
}

/** Comments are items of their own. */
function withoutComments(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null) return raw
  const { comments: _, ...rest } = raw as Readonly<Record<string, unknown>>
  return rest
}
