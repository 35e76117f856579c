import { z } from 'zod'
import { actorFields, Connection, GraphActor } from './graph.ts'

const text = z.string().nullable().catch(null).default(null)
const flag = z.boolean().catch(false).default(false)

const fieldName = `field { ... on ProjectV2FieldCommon { name } }`
export const cardFields = `id isArchived type
  content { __typename ... on DraftIssue { title body }
    ... on Issue { number title repository { databaseId } } ... on PullRequest { number title repository { databaseId } } }
  fieldValues(first: 20) { nodes { __typename
    ... on ProjectV2ItemFieldTextValue { text ${fieldName} }
    ... on ProjectV2ItemFieldNumberValue { number ${fieldName} }
    ... on ProjectV2ItemFieldDateValue { date ${fieldName} }
    ... on ProjectV2ItemFieldSingleSelectValue { name ${fieldName} }
    ... on ProjectV2ItemFieldIterationValue { title ${fieldName} } } }`
export const GraphCard = z.object({
  id: z.string(),
  isArchived: flag,
  content: z
    .object({
      __typename: z.string(),
      title: text,
      body: text,
      number: z.number().int().optional(),
      repository: z.object({ databaseId: z.number().int().nullable() }).optional(),
    })
    .nullable()
    .catch(null)
    .default(null),
  fieldValues: z.object({
    nodes: z.array(
      z
        .object({
          field: z.object({ name: z.string().optional() }).nullable().optional(),
          text: text.optional(),
          number: z.number().nullable().optional(),
          date: text.optional(),
          name: text.optional(),
          title: text.optional(),
        })
        .nullable(),
    ),
  }),
})
export type GraphCard = z.infer<typeof GraphCard>

export const boardFields = `id databaseId number title shortDescription readme closed public updatedAt creator { ${actorFields} }
  fields(first: 50) { nodes { __typename ... on ProjectV2FieldCommon { name dataType }
    ... on ProjectV2SingleSelectField { options { name } }
    ... on ProjectV2IterationField { configuration { iterations { title } completedIterations { title } } } } }
  items(first: 50) { totalCount pageInfo { hasNextPage endCursor } nodes { ${cardFields} } }`
const titled = z.array(z.object({ title: z.string() })).catch([])
export const GraphBoard = z.object({
  id: z.string(),
  databaseId: z.number().int(),
  number: z.number().int(),
  title: z.string(),
  shortDescription: text,
  readme: text,
  closed: flag,
  public: flag,
  updatedAt: z.string(),
  creator: GraphActor.nullable().catch(null).default(null),
  fields: z.object({
    nodes: z.array(
      z
        .object({
          name: z.string(),
          dataType: z.string().catch('TEXT'),
          options: z.array(z.object({ name: z.string() })).optional(),
          configuration: z.object({ iterations: titled, completedIterations: titled }).optional(),
        })
        .nullable()
        .catch(null),
    ),
  }),
  items: Connection,
})
export type GraphBoard = z.infer<typeof GraphBoard>
