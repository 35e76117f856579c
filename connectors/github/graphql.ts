import { z } from 'zod'
import type { Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import type { Client } from './client.ts'
import { faultOf, GithubFault } from './github-fault.ts'
import { pointsHeader } from './limits.ts'

/** One query. `points`: what it costs at most, as GitHub counts (requests for every connection, divided by a hundred). */
export interface Query {
  readonly what: string
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly points: number
}

/** Answers may be partial: what may not be seen is null, and `hidden` says why. */
export interface Found {
  readonly data: unknown
  readonly hidden: readonly string[]
}

const Envelope = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string().default('') })).optional(),
})

/** How often a query that met an empty budget is asked again; each time the budget has filled up before. */
const patience = 3

export type Ask = (query: Query, signal: AbortSignal) => Promise<Found>

/**
 * GraphQL beside the REST API at `apiUrl`. Errors come with status 200; a query that was too heavy comes as 502, 504 or a sentence.
 * Read 2026-11-25: https://docs.github.com/en/graphql/guides/forming-calls-with-graphql
 */
export function createGraphql(client: Client, apiUrl: string, ports: Ports): Ask {
  const path = `${apiUrl.replace(/\/api\/v3$/, '/api')}/graphql`
  return async ({ what, text, variables, points }, signal) => {
    for (let tried = 1; ; tried++) {
      const call = { what, path, body: { query: text, variables }, headers: { [pointsHeader]: String(points) } }
      const { data, headers } = await client.send(call, signal)
      const answer = Envelope.safeParse(data)
      if (!answer.success) throw odd(what)
      const { data: found, errors = [] } = answer.data
      if (errors.some(({ type }) => type?.startsWith('RATE_LIMIT') === true)) {
        if (tried >= patience) throw faultOf(429, 'API rate limit exceeded', what, undefined)
        const resetMs = Number(headers.get('x-ratelimit-reset') ?? 0) * 1000 - ports.clock.now().getTime()
        await ports.clock.sleep(Math.max(1000, Math.min(resetMs, 3_600_000)), signal)
        continue
      }
      if (isEmpty(found) && errors.length > 0) throw refusal(what, errors)
      return { data: found, hidden: errors.map(({ message }) => message) }
    }
  }
}

/** Nothing at all was answered: every field is null. */
const isEmpty = (data: unknown): boolean =>
  data === null || data === undefined || (typeof data === 'object' && Object.values(data).every((value) => value === null))

function refusal(what: string, errors: readonly { type?: string | undefined; message: string }[]): GithubFault {
  const [{ type, message } = { type: undefined, message: '' }] = errors
  if (/something went wrong|timeout|timed out|took too long/i.test(message)) return faultOf(502, message, what, undefined, true)
  if (/resource limits|node limit|MAX_NODE/i.test(`${type} ${message}`)) return faultOf(502, message, what, undefined, true)
  const statuses: Readonly<Record<string, number>> = { NOT_FOUND: 404, FORBIDDEN: 403, INSUFFICIENT_SCOPES: 403, UNPROCESSABLE: 422 }
  return faultOf(statuses[type ?? ''] ?? 422, message.slice(0, 300), what, undefined)
}

const odd = (what: string): Fault =>
  new Fault({ code: 'unavailable', what, why: 'the answer is no GraphQL answer', remedy: 'Run again later', retry: { type: 'backoff' } })

export const isHeavy = (error: unknown): boolean => error instanceof GithubFault && error.heavy
