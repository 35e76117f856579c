/** An error the server answers with. `body` is what GitLab puts into the JSON. */
export class Refusal extends Error {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(JSON.stringify(body))
    this.status = status
    this.body = body
    this.headers = headers
  }
}
export const notFound = (what: string): Refusal => new Refusal(404, { message: `404 ${what} Not Found` })
export const forbidden = (why = '403 Forbidden'): Refusal => new Refusal(403, { message: why })
export const unauthorized = (): Refusal => new Refusal(401, { message: '401 Unauthorized' })
export const badRequest = (message: unknown): Refusal => new Refusal(400, { message })
export const missing = (...names: readonly string[]): Refusal =>
  new Refusal(400, { error: names.map((name) => `${name} is missing`).join(', ') })
export const conflict = (message: unknown): Refusal => new Refusal(409, { message })
export const tooMany = (): Refusal =>
  new Refusal(429, { message: { error: 'This endpoint has been requested too many times. Try again later.' } })
