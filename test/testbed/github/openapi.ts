import { readFileSync } from 'node:fs'
import { Shapes, type Schema } from '../kit/schema.ts'

interface Described {
  readonly operationId: string
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>>
}

/** GitHub's own description of its REST API, from npm. 13 MB, read once in a tenth of a second. */
export class PublishedApi {
  readonly #shapes: Shapes
  readonly #operations = new Map<string, Described>()
  constructor() {
    // The package's own door reads all 400 MB of it.
    const place = new URL('generated/api.github.com.json', import.meta.resolve('@octokit/openapi'))
    const read = JSON.parse(readFileSync(place, 'utf8')) as {
      components: { schemas: Record<string, Schema> }
      paths: Record<string, Record<string, Described>>
    }
    this.#shapes = new Shapes((ref) => read.components.schemas[ref.replace('#/components/schemas/', '')] ?? {}, { undescribed: true })
    for (const [path, verbs] of Object.entries(read.paths))
      for (const [verb, described] of Object.entries(verbs)) this.#operations.set(`${verb.toUpperCase()} ${path}`, described)
  }
  /** GitHub's name of a route; undefined when it has none. */
  nameOf(method: string, path: string): string | undefined {
    return this.#operations.get(`${method} ${path}`)?.operationId
  }
  /** What is wrong with an answer, as `path: complaint`. */
  complaints(method: string, path: string, status: number, answer: unknown): readonly string[] {
    const schema = this.#operations.get(`${method} ${path}`)?.responses[String(status)]?.content?.['application/json']?.schema
    return schema === undefined ? [`${method} ${path} ${status} is not described`] : this.#shapes.complaints(schema, answer)
  }
}
