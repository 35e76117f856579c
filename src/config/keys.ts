import { z } from 'zod'

/** The part of JSON Schema that zod writes and we walk. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema | readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

/** Answers which keys a schema knows at a path, for suggestions and nothing else. */
export function keysOf(schema: z.ZodType): (path: readonly PropertyKey[]) => readonly string[] {
  let json: Schema | undefined
  return (path) => {
    json ??= z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as Schema
    return keysAt([json], path)
  }
}

function keysAt(schemas: readonly Schema[], path: readonly PropertyKey[]): readonly string[] {
  const here = schemas.flatMap(branches)
  const [step, ...rest] = path
  if (step === undefined) return [...new Set(here.flatMap((schema) => Object.keys(schema.properties ?? {})))]
  return keysAt(
    here.flatMap((schema) => below(schema, step)),
    rest,
  )
}

const branches = (schema: Schema): readonly Schema[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap(branches),
]

function below(schema: Schema, step: PropertyKey): readonly Schema[] {
  if (typeof step === 'number')
    return Array.isArray(schema.items) ? (schema.items as readonly Schema[]) : schema.items === undefined ? [] : [schema.items as Schema]
  const named = schema.properties?.[String(step)]
  if (named !== undefined) return [named]
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}
