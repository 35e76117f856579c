import type { Pager } from './pages.ts'
import type { Tenant } from './tenant.ts'

/** An error as Graph words it. `message` may quote what people wrote, as Graph's own do: it must show up in no log. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
  get answer(): object {
    return { error: { code: this.code, message: this.message, innerError: { date: '2026-11-25T03:00:00', 'request-id': 'emulated' } } }
  }
}

/** One request to one route, read and authorised. */
export interface Call {
  readonly tenant: Tenant
  readonly pager: Pager
  /** What stands in the path's places, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: unknown
  /** The API's address, ending in `/v1.0`. */
  readonly base: string
  /** Changes with every request: `$value` writes mails anew each time. */
  readonly serial: number
}

export type Answer =
  | { readonly json: unknown; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly bytes: Iterable<Uint8Array>; readonly mediaType: string }

/** One route of the API. A path has places like `:user`; `mailbox`: it draws on one mailbox and needs one that works. */
export interface Route {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Application permissions of which one is needed; none: any token will do. */
  readonly roles: readonly string[]
  readonly mailbox?: true
  answer(call: Call): Answer
}

/** The words of a `Prefer` header: `odata.maxpagesize=50, IdType="ImmutableId"`. */
export function prefers(headers: Headers): ReadonlyMap<string, string> {
  const words = (headers.get('prefer') ?? '').split(/[,;]/).map((word) => word.trim())
  return new Map(
    words
      .filter((word) => word !== '')
      .map((word) => {
        const [name = '', value = ''] = word.split('=')
        return [name.toLowerCase(), value.replaceAll('"', '')]
      }),
  )
}

/** Only what `$select` asks for, and the id. */
export function selected<T extends object>(entity: T, query: URLSearchParams): Partial<T> {
  const fields = query.get('$select')?.split(',')
  if (fields === undefined) return entity
  return Object.fromEntries(
    Object.entries(entity).filter(([name]) => name === 'id' || name.startsWith('@') || fields.includes(name) || name.includes('@')),
  ) as Partial<T>
}
