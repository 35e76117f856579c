/** An error the server answers with: its `id`, HTTP status, message, and the detail it only shows to administrators. */
export class Refusal extends Error {
  readonly id: string
  readonly status: number
  readonly detail: string
  constructor(id: string, status: number, message = id, detail = '') {
    super(message)
    this.id = id
    this.status = status
    this.detail = detail
  }
}

export const notAllowed = (): Refusal =>
  new Refusal('api.context.permissions.app_error', 403, 'You do not have the appropriate permissions.')
export const badUrl = (name: string): Refusal =>
  new Refusal('api.context.invalid_url_param.app_error', 400, `Invalid or missing ${name} parameter in request URL.`)
export const badBody = (name: string): Refusal =>
  new Refusal('api.context.invalid_body_param.app_error', 400, `Invalid or missing ${name} in request body.`)
export const noSuchRoute = (path: string): Refusal =>
  new Refusal('api.context.404.app_error', 404, 'Sorry, we could not find the page.', `no api call for the url='${path}'`)

/** PostgreSQL keeps no NUL: not in text, and not escaped inside jsonb. */
export function refuseNulIn(id: string, what: string, ...values: readonly unknown[]): void {
  if (values.some(hasNul))
    throw new Refusal(id, 500, `Unable to save the ${what}.`, `failed to save ${what}: pq: invalid byte sequence for encoding "UTF8": 0x00`)
}
function hasNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000')
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => hasNul(key) || hasNul(inner))
}
