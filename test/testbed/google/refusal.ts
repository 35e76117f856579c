/** An error in the form Google's JSON APIs give it. */
export class Refusal extends Error {
  readonly status: number
  readonly reason: string
  readonly retryAfterS: number | undefined
  constructor(status: number, reason: string, message: string, retryAfterS?: number) {
    super(message)
    this.status = status
    this.reason = reason
    this.retryAfterS = retryAfterS
  }
}

const STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  410: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}

/** The body of an error. `errors` is the older form, `status` the newer; Google gives both. */
export const errorBody = (status: number, reason: string, message: string): object => ({
  error: { code: status, message, errors: [{ message, domain: 'global', reason }], status: STATUS[status] ?? 'UNKNOWN' },
})

export function refused({ status, reason, message, retryAfterS }: Refusal): Response {
  const headers = { 'content-type': 'application/json; charset=UTF-8' }
  const retry = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }
  return new Response(JSON.stringify(errorBody(status, reason, message)), { status, headers: { ...headers, ...retry } })
}

export const notFound = (what = 'Requested entity was not found.'): Refusal => new Refusal(404, 'notFound', what)
export const invalid = (message: string): Refusal => new Refusal(400, 'invalidArgument', message)
