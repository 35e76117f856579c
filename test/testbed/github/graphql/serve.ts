import { execute, getOperationAST, GraphQLError, parse, validate, type GraphQLFieldResolver } from 'graphql'
import type { Grant } from '../auth.ts'
import type { Parts } from '../parts.ts'
import { rendered } from '../markdown.ts'
import { site } from '../site.ts'
import { costOf } from './cost.ts'
import type { Node } from './gql.ts'
import { Problem } from './problem.ts'
import { gql, root } from './root.ts'
import { schema } from './schema.ts'

const PATHS: Readonly<Record<string, string>> = { '/graphql': '', '/api/graphql': '/api/v3' }
export const isGraphql = (path: string): boolean => path in PATHS

/** Fields that stand in the schema but not here are an error, not a silent null. */
const fieldResolver: GraphQLFieldResolver<Node, Parts> = (source, args, context, info) => {
  const value = source[info.fieldName]
  if (value === undefined) {
    context.missing.add(`${info.parentType.name}.${info.fieldName}`)
    throw new Error(`not emulated: ${info.parentType.name}.${info.fieldName}`)
  }
  return typeof value === 'function' ? (value as (args: object, context: unknown) => unknown)(args, context) : value
}

/** One query: validated against GitHub's schema, priced, and answered from the world. */
export async function serveGraphql(parts: Parts, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const grant = parts.tokens.check(request.headers.get('authorization'))
  if (grant === undefined)
    return Response.json({ message: 'Bad credentials', documentation_url: 'https://docs.github.com/graphql' }, { status: 401 })
  const { query = '', variables = {} } = (await request.json().catch(() => ({}))) as { query?: string; variables?: Record<string, unknown> }
  const headers = (): Record<string, string> => parts.limits.headers(grant, 'graphql')
  const say = (body: object, status = 200): Response => Response.json(body, { status, headers: headers() })
  try {
    const document = parse(query)
    const operation = getOperationAST(document)
    if (operation === null || operation === undefined) throw new Problem('INVALID', 'An operation name is required')
    const errors = validate(schema(), document)
    if (errors.length > 0) return say({ errors: errors.map(worded) })
    if (operation.operation !== 'query') throw new Problem('FORBIDDEN', 'This emulator is only read.')
    const cost = costOf(schema(), document, operation, variables)
    const refused = parts.limits.take(grant, 'graphql', cost.points, 1)
    if (refused !== undefined) {
      if (refused.headers['retry-after'] !== undefined)
        return Response.json({ message: refused.message }, { status: 403, headers: { ...headers(), ...refused.headers } })
      return say({ errors: [{ type: 'RATE_LIMIT', code: 'graphql_rate_limit', message: refused.message }] })
    }
    parts.points.add({ name: operation.name?.value ?? 'unnamed', points: cost.points, nodes: cost.nodes })
    if (cost.nodes > parts.heavyNodes)
      return Response.json(
        {
          data: null,
          errors: [
            {
              message: 'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.',
            },
          ],
        },
        { status: 502, headers: headers() },
      )
    parts.before('graphql', pathname)
    const where = site(
      { host: parts.url(), api: `${parts.url()}${PATHS[pathname] ?? ''}`, store: parts.storeUrl() },
      parts.ownLinks,
      (body) => rendered(parts, body),
    )
    const rootValue = root(gql(parts.world, grant, where), () => budget(parts, grant, cost))
    const { data, errors: failed } = await execute({
      schema: schema(),
      document,
      rootValue,
      variableValues: variables,
      contextValue: parts,
      fieldResolver: fieldResolver as GraphQLFieldResolver<unknown, unknown>,
    })
    return say(parts.after('graphql', { data, ...(failed === undefined ? {} : { errors: failed.map(worded) }) }) as object)
  } catch (error) {
    if (error instanceof Problem) return say({ errors: [{ type: error.type, message: error.message }] })
    if (error instanceof GraphQLError) return say({ errors: [worded(error)] })
    throw error
  }
}
function budget({ limits }: Parts, grant: Grant, cost: { points: number; nodes: number }): Node {
  const { limit, used, remaining, reset } = limits.state(grant, 'graphql')
  return {
    cost: cost.points,
    nodeCount: cost.nodes,
    limit,
    used,
    remaining,
    resetAt: new Date(reset * 1000).toISOString().replace('.000', ''),
  }
}
const worded = (error: GraphQLError): object => ({
  ...(error.originalError instanceof Problem ? { type: error.originalError.type } : {}),
  ...(error.path === undefined ? {} : { path: error.path }),
  locations: error.locations ?? [],
  message: error.message,
})
