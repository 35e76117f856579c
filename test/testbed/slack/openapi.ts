import { existsSync, readFileSync } from 'node:fs'
import { Shapes, type Schema } from '../kit/schema.ts'

/** Slack's published description (2021, MIT) if it lies beside the checkout. Nothing of the project needs it. */
const PLACE = new URL('../../../../shared/specs/slack-web-openapi-v2.json', import.meta.url)

export class PublishedShapes {
  readonly #shapes: Shapes
  readonly #answers: ReadonlyMap<string, Schema>
  private constructor(definitions: Readonly<Record<string, Schema>>, answers: ReadonlyMap<string, Schema>) {
    // Fields it does not list are let through: it is five years old.
    this.#shapes = new Shapes((ref) => definitions[ref.replace('#/definitions/', '')] ?? {})
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
  /** What is wrong with an answer, as `path: complaint`. */
  complaints(method: string, answer: unknown): readonly string[] {
    const schema = this.#answers.get(method)
    return schema === undefined ? [`${method} is not described`] : this.#shapes.complaints(schema, answer)
  }
}
