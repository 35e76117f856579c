import { existsSync, readFileSync } from 'node:fs'

/** Slack's published description (2021, MIT) if it lies beside the checkout. Nothing of the project needs it. */
const PLACE = new URL('../../../../shared/specs/slack-web-openapi-v2.json', import.meta.url)

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  /** A list means: one of these. Slack's own dialect. */
  readonly items?: Schema | readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly pattern?: string
}

export class PublishedShapes {
  readonly #definitions: Readonly<Record<string, Schema>>
  readonly #answers: ReadonlyMap<string, Schema>
  private constructor(definitions: Readonly<Record<string, Schema>>, answers: ReadonlyMap<string, Schema>) {
    this.#definitions = definitions
    this.#answers = answers
  }
  static load(): PublishedShapes | undefined {
    if (!existsSync(PLACE)) return undefined
    const read = JSON.parse(readFileSync(PLACE, 'utf8')) as {
      definitions: Record<string, Schema>
      paths: Record<string, Record<string, { responses: { 200: { schema: Schema } } }>>
    }
    const answers = new Map<string, Schema>()
    for (const [path, verbs] of Object.entries(read.paths))
      for (const { responses } of Object.values(verbs)) answers.set(path.slice(1), responses[200].schema)
    return new PublishedShapes(read.definitions, answers)
  }
  get methods(): ReadonlySet<string> {
    return new Set(this.#answers.keys())
  }
  /** What is wrong with an answer, as `path: complaint`. Fields the description does not list are let through: it is five years old. */
  complaints(method: string, answer: unknown): readonly string[] {
    const schema = this.#answers.get(method)
    return schema === undefined ? [`${method} is not described`] : [...new Set(this.#check(schema, answer, ''))]
  }

  #check(schema: Schema, value: unknown, path: string): readonly string[] {
    if (schema.$ref !== undefined) return this.#check(this.#definitions[schema.$ref.replace('#/definitions/', '')] ?? {}, value, path)
    const { items } = schema
    if (items !== undefined && isList(items) && schema.type !== 'array') return this.#oneOf(items, value, path)
    const types = schema.type === undefined ? [] : typeof schema.type === 'string' ? [schema.type] : schema.type
    if (types.length > 0 && !types.some((type) => isA(type, value)))
      return [`${path}: ${typeof value} where ${types.join(' or ')} is described`]
    if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: none of the described values`]
    if (schema.pattern !== undefined && typeof value === 'string' && !new RegExp(schema.pattern).test(value))
      return [`${path}: does not match ${schema.pattern}`]
    if (Array.isArray(value))
      return value.flatMap((one: unknown) =>
        items === undefined ? [] : isList(items) ? this.#oneOf(items, one, `${path}[]`) : this.#check(items, one, `${path}[]`),
      )
    if (typeof value !== 'object' || value === null) return []
    const fields = new Map(Object.entries(value))
    const missing = (schema.required ?? []).filter((name) => !fields.has(name)).map((name) => `${path}.${name}: missing`)
    const inner = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      fields.has(name) ? this.#check(property, fields.get(name), `${path}.${name}`) : [],
    )
    return [...missing, ...inner]
  }
  #oneOf(schemas: readonly Schema[], value: unknown, path: string): readonly string[] {
    const tried = schemas.map((schema) => this.#check(schema, value, path)).toSorted((one, other) => one.length - other.length)
    return tried[0] ?? []
  }
}

const isList = (items: Schema | readonly Schema[]): items is readonly Schema[] => Array.isArray(items)

function isA(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}
