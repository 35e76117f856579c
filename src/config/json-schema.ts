import { z } from 'zod'
import { connectorDefinition, connectorIds, targetDefinition, targetIds } from './backends.ts'
import { Config } from './schema.ts'

type Json = { readonly [key: string]: unknown }

/** JSON Schema (draft-7, which YAML editors read most safely) of the whole file, the settings of every backend included. */
export async function configSchema(): Promise<Json> {
  const whole = toSchema(Config)
  const sources = await branches(connectorIds(), 'connector', connectorDefinition)
  const targets = await branches(targetIds(), 'target', targetDefinition)
  const properties = whole['properties'] as Json
  return {
    ...whole,
    title: 'fallreep.yaml',
    properties: {
      ...properties,
      sources: withBranches(properties['sources'], sources),
      targets: withBranches(properties['targets'], targets),
    },
  }
}

const toSchema = (schema: z.ZodType): Json => z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' })

async function branches(
  ids: readonly string[],
  discriminator: string,
  load: (id: string) => Promise<{ readonly title: string; readonly config: z.ZodType } | undefined>,
): Promise<readonly Json[]> {
  const all = await Promise.all(ids.map(async (id) => ({ id, definition: await load(id) })))
  return all.flatMap(({ id, definition }) => {
    if (definition === undefined) return []
    const { $schema: _dialect, ...settings } = toSchema(definition.config)
    return [{ title: definition.title, ...tagged(settings, discriminator, id) }]
  })
}

/** The settings of a backend with the key that chooses it; unions get it in each branch. */
function tagged(schema: Json, key: string, value: string): Json {
  const union = (of: unknown): unknown => (of as readonly Json[]).map((branch) => tagged(branch, key, value))
  if (schema['oneOf'] !== undefined) return { ...schema, oneOf: union(schema['oneOf']) }
  if (schema['anyOf'] !== undefined) return { ...schema, anyOf: union(schema['anyOf']) }
  const required = (schema['required'] as readonly string[] | undefined) ?? []
  return {
    ...schema,
    properties: { [key]: { type: 'string', const: value }, ...(schema['properties'] as Json | undefined) },
    required: [key, ...required],
  }
}

function withBranches(record: unknown, oneOf: readonly Json[]): Json {
  return { ...(record as Json), additionalProperties: oneOf.length === 1 ? oneOf[0] : { oneOf } }
}
