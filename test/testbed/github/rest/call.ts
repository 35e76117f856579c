import type { Grant, Tokens } from '../auth.ts'
import type { Repository } from '../repository.ts'
import type { Site } from '../site.ts'
import type { Sequence } from '../table.ts'
import type { GithubWorld } from '../world.ts'

/** An error as GitHub's REST API words it. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly more: Readonly<Record<string, unknown>>
  constructor(
    status: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.status = status
    this.headers = headers
    this.more = more
  }
  get answer(): object {
    return { message: this.message, ...this.more, documentation_url: 'https://docs.github.com/rest', status: String(this.status) }
  }
}
export const notFound = (): Refusal => new Refusal(404, 'Not Found')

/** One request to one route, read and authorised. */
export interface Call {
  readonly world: GithubWorld
  readonly tokens: Tokens
  readonly grant: Grant
  /** What stands in the path's places, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: unknown
  readonly site: Site
  readonly caps: Caps
  /** A text as a page shows it. */
  readonly markdown: (body: string) => string
  readonly budgets: () => object
}

/** How far page numbers lead before GitHub refuses. */
export interface Caps {
  readonly issues: number
  readonly comments: number
}

export type Answer =
  | { readonly json: unknown; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly list: Sequence<unknown>; readonly paging?: Paging; readonly wrap?: (page: readonly unknown[], total: number) => unknown }
  | { readonly redirect: string; readonly status: 301 | 302 }
  | { readonly bytes: Uint8Array; readonly contentType: string }

/** How a list goes on: by numbers, by numbers up to a cap, by cursors. `key` gives what a cursor holds. */
export type Paging =
  | { readonly type: 'numbers'; readonly cap?: number }
  | { readonly type: 'issues'; readonly cap: number; readonly key: (row: number) => readonly [string, number] }
  | { readonly type: 'cursor' }

export interface Route {
  /** GitHub's own name: `issues/list-for-repo`. */
  readonly name: string
  readonly method: 'GET' | 'POST'
  /** As in GitHub's description: `/repos/{owner}/{repo}/issues`. */
  readonly path: string
  /** The list belongs to a repository; reading it needs one that is there and may be seen. */
  answer(call: Call, repository: Repository): Answer
  /** Who may ask: anybody with a token, an app as itself, an installation. */
  readonly by?: 'app' | 'installation'
}

export const get = (name: string, path: string, answer: Route['answer'], by?: Route['by']): Route => ({
  name,
  method: 'GET',
  path,
  answer,
  ...(by === undefined ? {} : { by }),
})
export const number = (call: Call, name: string): number => {
  const value = Number(call.params[name])
  if (!Number.isInteger(value)) throw notFound()
  return value
}
