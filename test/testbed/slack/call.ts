import type { Tier } from './limits.ts'
import type { Limits } from './limits.ts'
import type { Pager } from './pages.ts'
import type { Grant } from './tokens.ts'
import type { World } from '../world/world.ts'
import { Refusal } from './errors.ts'

/** Where the emulator's own servers are; they stand in every file and picture address. */
export interface Addresses {
  readonly files: string
  readonly images: string
}

/** One request to one method, read and authorised. */
export interface Call {
  readonly world: World
  readonly grant: Grant
  readonly pager: Pager
  readonly limits: Limits
  readonly addresses: Addresses
  /** Changes with every answer: Slack makes up block ids anew each time. */
  readonly serial: number
  readonly args: Arguments
}

/** Arguments as they came, from the form or the query. */
export class Arguments {
  readonly #values: URLSearchParams
  constructor(values: URLSearchParams) {
    this.#values = values
  }
  text(name: string): string | undefined {
    return this.#values.get(name) ?? undefined
  }
  /** @throws Refusal `invalid_arguments`. */
  required(name: string): string {
    const value = this.#values.get(name)
    if (value === null || value === '')
      throw new Refusal('invalid_arguments', { response_metadata: { messages: [`[ERROR] missing required field: ${name}`] } })
    return value
  }
  /** @throws Refusal `invalid_limit`. */
  limit(): number | undefined {
    const text = this.#values.get('limit')
    if (text === null) return undefined
    const limit = Number(text)
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new Refusal('invalid_limit')
    return limit
  }
  flag(name: string): boolean {
    const value = this.#values.get(name)
    return value === 'true' || value === '1'
  }
}

/** One method of the Web API. `scopes` are checked before `answer` runs; those that hang on the conversation are checked in it. */
export interface Method {
  readonly tier: Tier
  readonly scopes: readonly string[]
  /** Changes something for other people: a read-only run must never call it. */
  readonly writes?: true
  answer(call: Call): { ok: boolean }
}
