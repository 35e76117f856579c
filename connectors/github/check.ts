import { z } from 'zod'
import type { Check } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { coverage } from './coverage.ts'
import type { Github } from './github.ts'
import { limits } from './limits.ts'
import { type Listing, listRepositories } from './listing.ts'

/** What of a classic token this connector makes use of, and what is missed without it. */
const scopeUse: Readonly<Record<string, string>> = {
  repo: 'private repositories, with everything in them',
  'read:org': 'members and teams',
  'read:project': 'boards',
  'admin:repo_hook': 'webhooks (read:repo_hook is enough)',
}
/** Scopes that are as good as another one. */
const better: Readonly<Record<string, readonly string[]>> = {
  'read:org': ['admin:org', 'write:org'],
  'read:project': ['project'],
  'admin:repo_hook': ['read:repo_hook', 'write:repo_hook'],
}
const farOffMs = 60_000

const Rates = z.object({
  resources: z.object({
    core: z.object({ limit: z.number(), remaining: z.number() }),
    graphql: z.object({ limit: z.number(), remaining: z.number() }),
  }),
})

/** What `doctor` shows of a GitHub. */
export async function* check(github: Github, signal: AbortSignal): AsyncGenerator<Check> {
  let listing: Listing
  try {
    const { data, headers } = await github.get('GitHub refused to tell the limits', '/rate_limit', signal)
    yield clock(headers, github.ports.clock.now().getTime())
    yield* scopes(headers, github)
    const rates = Rates.safeParse(data).data
    if (rates !== undefined) yield budget(rates)
    listing = await listRepositories(github, signal)
  } catch (error) {
    yield failed('token', error, signal)
    return
  }
  const left = listing.byName.size - listing.repositories.size
  yield {
    name: 'repositories',
    status: listing.repositories.size === 0 ? 'warn' : 'pass',
    detail: `${listing.repositories.size} repositories of ${github.config.owner} will be read, ${left} are left out by the configuration`,
  }
  try {
    yield await covered(github, listing, signal)
  } catch (error) {
    yield failed('coverage', error, signal)
  }
  if (github.config.auth.type === 'app')
    yield {
      name: 'attachments',
      status: 'warn',
      detail: 'GitHub gives Apps only the pictures in texts of private repositories, no other files that were dropped there',
      remedy: 'Run once with a classic token with the scope repo, if there are such files',
    }
}

async function covered(github: Github, listing: Listing, signal: AbortSignal): Promise<Check> {
  const { seen, counted, losses: all } = await coverage(github, listing, signal)
  const losses = all.filter(({ code }) => code !== 'excluded-by-policy')
  const name = 'coverage'
  if (losses.length > 0)
    return {
      name,
      status: 'warn',
      detail: losses
        .slice(0, 5)
        .map(({ detail }) => detail)
        .join('; '),
      remedy: 'Install the App for all repositories, or give the token access to them; each is recorded as a loss until then',
    }
  if (counted === undefined)
    return { name, status: 'skip', detail: `${seen} repositories are seen; GitHub does not tell this token how many there are` }
  return { name, status: 'pass', detail: `all ${counted} repositories are seen` }
}

function* scopes(headers: Headers, { config }: Github): Generator<Check> {
  const given = headers.get('x-oauth-scopes')
  if (given === null) {
    const detail =
      config.auth.type === 'app' ? 'the App speaks for its installation' : 'a fine-grained token: GitHub does not say what it may read'
    yield { name: 'token', status: 'pass', detail }
    return
  }
  const has = new Set(given.split(',').map((scope) => scope.trim()))
  const missing = Object.keys(scopeUse).filter((scope) => !has.has(scope) && !(better[scope] ?? []).some((other) => has.has(other)))
  yield { name: 'token', status: 'pass', detail: 'a classic or OAuth token' }
  if (missing.length === 0) yield { name: 'scopes', status: 'pass', detail: 'nothing is missing' }
  else
    yield {
      name: 'scopes',
      status: 'warn',
      detail: `missing: ${missing.map((scope) => `${scope} (${scopeUse[scope]})`).join(', ')}`,
      remedy: 'Make a token with these scopes; of each only what it reads is used',
    }
}

function budget({ resources: { core, graphql } }: z.infer<typeof Rates>): Check {
  const detail = `${core.limit} requests and ${graphql.limit} points an hour, ${core.remaining} and ${graphql.remaining} are left`
  const ours = limits['rest.hour']?.requests ?? 0
  if (core.limit <= ours && graphql.limit <= ours) return { name: 'limits', status: 'pass', detail }
  const remedy = `To use all of it: limits: { rest.hour: { requests: ${core.limit} }, graphql.hour: { requests: ${graphql.limit} } }`
  return { name: 'limits', status: 'pass', detail, remedy }
}

function clock(headers: Headers, nowMs: number): Check {
  const theirs = Date.parse(headers.get('date') ?? '')
  const off = Math.abs(theirs - nowMs)
  if (Number.isNaN(theirs)) return { name: 'clock', status: 'skip', detail: 'GitHub did not say what time it is' }
  if (off < farOffMs) return { name: 'clock', status: 'pass', detail: 'agrees with GitHub' }
  return {
    name: 'clock',
    status: 'fail',
    detail: `${Math.round(off / 1000)} seconds ${theirs > nowMs ? 'behind' : 'ahead of'} GitHub`,
    remedy: 'Let this machine set its clock by NTP',
  }
}

function failed(name: string, error: unknown, signal: AbortSignal): Check {
  signal.throwIfAborted()
  if (!(error instanceof Fault)) throw error
  return { name, status: 'fail', detail: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) }
}
