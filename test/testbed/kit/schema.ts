/** As much of JSON Schema as published API descriptions use, in the dialects of OpenAPI 2, 3.0 and 3.1. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly nullable?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  /** A list means: one of these. Slack's own dialect. */
  readonly items?: Schema | readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly format?: string
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

/** Holds answers against one description, whose `$ref`s it resolves. */
export class Shapes {
  readonly #resolve: (ref: string) => Schema
  readonly #undescribed: boolean
  /** `undescribed`: fields that the description does not list are complained about. */
  constructor(resolve: (ref: string) => Schema, { undescribed = false }: { readonly undescribed?: boolean } = {}) {
    this.#resolve = resolve
    this.#undescribed = undescribed
  }
  /** What is wrong with a value, as `path: complaint`, each once. */
  complaints(schema: Schema, value: unknown): readonly string[] {
    return [...new Set(this.#check(schema, value, ''))]
  }

  #check(schema: Schema, value: unknown, path: string): readonly string[] {
    if (schema.$ref !== undefined) return this.#check(this.#resolve(schema.$ref), value, path)
    if (value === null && schema.nullable === true) return []
    const { items, oneOf, anyOf, allOf } = schema
    if (allOf !== undefined) return this.#check(this.#merged(schema, allOf), value, path)
    const choice = oneOf ?? anyOf
    if (choice !== undefined) return this.#oneOf(choice, value, path)
    if (isList(items) && schema.type !== 'array') return this.#oneOf(items, value, path)
    const types = schema.type === undefined ? [] : typeof schema.type === 'string' ? [schema.type] : schema.type
    if (types.length > 0 && !types.some((type) => isA(type, value)))
      return [`${path}: ${value === null ? 'null' : typeof value} where ${types.join(' or ')} is described`]
    if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: none of the described values`]
    if (typeof value === 'string') return textComplaints(schema, value, path)
    if (Array.isArray(value))
      return value.flatMap((one: unknown) =>
        items === undefined ? [] : isList(items) ? this.#oneOf(items, one, `${path}[]`) : this.#check(items, one, `${path}[]`),
      )
    if (typeof value !== 'object' || value === null) return []
    return this.#fields(schema, new Map<string, unknown>(Object.entries(value)), path)
  }
  #fields(schema: Schema, fields: ReadonlyMap<string, unknown>, path: string): readonly string[] {
    const { properties = {}, required = [], additionalProperties } = schema
    const found = required.filter((name) => !fields.has(name)).map((name) => `${path}.${name}: missing`)
    for (const [name, property] of Object.entries(properties))
      if (fields.has(name)) found.push(...this.#check(property, fields.get(name), `${path}.${name}`))
    if (this.#undescribed && schema.properties !== undefined && (additionalProperties === undefined || additionalProperties === false))
      for (const name of fields.keys()) if (!(name in properties)) found.push(`${path}.${name}: not described`)
    return found
  }
  #merged(schema: Schema, parts: readonly Schema[]): Schema {
    const { allOf: _, ...rest } = schema
    const plain = parts.map((one) => this.#plain(one))
    return {
      ...Object.assign({}, ...plain),
      ...rest,
      properties: Object.assign({}, rest.properties, ...plain.map(({ properties }) => properties)) as Record<string, Schema>,
      required: [...(rest.required ?? []), ...plain.flatMap(({ required }) => required ?? [])],
    }
  }
  #plain(schema: Schema): Schema {
    return schema.$ref === undefined ? schema : this.#plain(this.#resolve(schema.$ref))
  }
  /** Of several shapes the one that fits best is meant. */
  #oneOf(schemas: readonly Schema[], value: unknown, path: string): readonly string[] {
    const tried = schemas.map((schema) => this.#check(schema, value, path)).toSorted((one, other) => one.length - other.length)
    return tried[0] ?? []
  }
}

function textComplaints(schema: Schema, value: string, path: string): readonly string[] {
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) return [`${path}: does not match ${schema.pattern}`]
  if (schema.format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)) return [`${path}: no time`]
  return schema.format === 'uri' && !URL.canParse(value) ? [`${path}: no address`] : []
}

const isList = (items: Schema | readonly Schema[] | undefined): items is readonly Schema[] => Array.isArray(items)

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
