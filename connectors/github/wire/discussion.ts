import { z } from 'zod'
import { actorFields, Connection, GraphActor, reactionFields, Reactions, signFields, Signs } from './graph.ts'

const text = z.string().nullable().catch(null).default(null)
const flag = z.boolean().catch(false).default(false)
const actor = GraphActor.nullable().catch(null).default(null)
const total = z.object({ totalCount: z.number().int() }).catch({ totalCount: 0 }).default({ totalCount: 0 })

export const discussionCommentFields = `id databaseId body createdAt updatedAt deletedAt isMinimized minimizedReason
  author { ${actorFields} } replyTo { databaseId } ${signFields}`
export const GraphDiscussionComment = z.object({
  id: z.string(),
  databaseId: z.number().int(),
  body: text,
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: text,
  isMinimized: flag,
  minimizedReason: text,
  author: actor,
  replyTo: z.object({ databaseId: z.number().int().nullable() }).nullable().catch(null).default(null),
  reactionGroups: Signs,
  replies: total,
})
export type GraphDiscussionComment = z.infer<typeof GraphDiscussionComment>

export const discussionFields = `id databaseId number title body createdAt updatedAt closedAt locked author { ${actorFields} }
  category { name isAnswerable } answer { databaseId } labels(first: 20) { nodes { name } }
  reactions(first: 50) { ${reactionFields} }
  comments(first: 50) { totalCount pageInfo { hasNextPage endCursor } nodes { ${discussionCommentFields} replies { totalCount } } }`
export const GraphDiscussion = z.object({
  id: z.string(),
  databaseId: z.number().int(),
  number: z.number().int(),
  title: z.string(),
  body: text,
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: text,
  locked: flag,
  author: actor,
  category: z.object({ name: z.string(), isAnswerable: flag }),
  answer: z.object({ databaseId: z.number().int().nullable() }).nullable().catch(null).default(null),
  labels: z
    .object({ nodes: z.array(z.object({ name: z.string() }).nullable()) })
    .nullable()
    .catch(null)
    .default(null),
  reactions: Reactions,
  comments: Connection,
})
export type GraphDiscussion = z.infer<typeof GraphDiscussion>
