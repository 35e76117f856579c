import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { Problem } from './problem.ts'

export interface Cost {
  /** Requests that filling every connection takes, divided by a hundred. */
  readonly points: number
  /** How many nodes the query may answer with. */
  readonly nodes: number
}
export const MAX_NODES = 500_000

/**
 * What GitHub charges for a query, from its text and its variables alone: every connection counts as many requests as it
 * has parents, each taken to be as many as `first` or `last` asks for.
 * https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api, read 2026-11-25
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one)
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
    ),
  )
  const given = { ...defaults, ...variables }
  let requests = 0
  let nodes = 0

  const argument = (field: FieldNode, name: string): unknown => {
    const found = field.arguments?.find((one) => one.name.value === name)
    return found === undefined ? undefined : valueFromASTUntyped(found.value, given)
  }
  function walk(set: SelectionSetNode, type: GraphQLCompositeType, parents: number): void {
    for (const one of set.selections) {
      if (one.kind === Kind.FIELD) {
        field(one, type, parents)
        continue
      }
      const inner = one.kind === Kind.FRAGMENT_SPREAD ? fragments.get(one.name.value) : one
      const named = inner?.typeCondition === undefined ? type : schema.getType(inner.typeCondition.name.value)
      if (inner !== undefined && isCompositeType(named)) walk(inner.selectionSet, named, parents)
    }
  }
  function field(one: FieldNode, type: GraphQLCompositeType, parents: number): void {
    const name = one.name.value
    const described = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined
    if (described === undefined || one.selectionSet === undefined) return
    const inner = getNamedType(described.type)
    if (!isCompositeType(inner)) return
    if (!inner.name.endsWith('Connection')) {
      const ids = name === 'nodes' ? argument(one, 'ids') : undefined
      walk(one.selectionSet, inner, Array.isArray(ids) ? parents * ids.length : parents)
      return
    }
    requests += parents
    const many = asked(name, argument(one, 'first'), argument(one, 'last'), wantsRows(one.selectionSet))
    nodes += parents * many
    walk(one.selectionSet, inner, parents * Math.max(1, many))
  }
  const root = operation.operation === 'query' ? schema.getQueryType() : undefined
  if (root !== undefined && root !== null) walk(operation.selectionSet, root, 1)
  if (nodes > MAX_NODES)
    throw new Problem(
      'MAX_NODE_LIMIT_EXCEEDED',
      `This query requests up to ${nodes.toLocaleString('en')} possible nodes which exceeds the maximum limit of 500,000.`,
    )
  return { points: Math.max(1, Math.round(requests / 100)), nodes }
}

function asked(name: string, first: unknown, last: unknown, wanted: boolean): number {
  const [word, many] = typeof first === 'number' ? ['first', first] : ['last', last]
  if (typeof many !== 'number') {
    if (!wanted) return 0
    throw new Problem(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    )
  }
  if (many > 100)
    throw new Problem(
      'EXCESSIVE_PAGINATION',
      `Requesting ${many} records on the \`${name}\` connection exceeds the \`${word}\` limit of 100 records.`,
    )
  if (many < 0) throw new Problem('INVALID_PAGINATION', `\`${word}\` on the \`${name}\` connection cannot be less than zero.`)
  return many
}
const wantsRows = (set: SelectionSetNode): boolean =>
  set.selections.some((one) => one.kind !== Kind.FIELD || one.name.value === 'nodes' || one.name.value === 'edges')
