import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { buildASTSchema, parse, type GraphQLSchema } from 'graphql'

let built: GraphQLSchema | undefined

/** GitHub's published schema. Takes a third of a second, once in a process and only where GraphQL is spoken. */
export function schema(): GraphQLSchema {
  const path = createRequire(import.meta.url).resolve('@octokit/graphql-schema/schema.graphql')
  built ??= buildASTSchema(parse(readFileSync(path, 'utf8'), { noLocation: true }), { assumeValid: true, assumeValidSDL: true })
  return built
}
