import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CallLog } from '../kit/calls.ts'
import { FaultPlan } from '../kit/faults.ts'
import { serve } from '../kit/serve.ts'
import { Tokens, type App, type Grant, type TokenKind } from './auth.ts'
import { storeServer } from './downloads.ts'
import { github } from './github.ts'
import { Limits, type LimitOptions } from './limits.ts'
import type { Parts } from './parts.ts'
import { PointsLog } from './points.ts'
import type { Repository } from './repository.ts'
import type { Caps } from './rest/call.ts'
import { sampleOrganisation, type SampleOrganisation } from './sample.ts'
import { GithubWorld } from './world.ts'

export interface GithubTestbedOptions {
  /** A world made before; otherwise the sample organisation. */
  readonly world?: GithubWorld
  /** `published` refuses what GitHub refuses, `generous` (default) counts. */
  readonly limits?: LimitOptions['mode']
  /** Another number than GitHub's for requests and points an hour. */
  readonly hourly?: number
  /** Milliseconds: limits, tokens and the call log use it. Default: the machine's. */
  readonly now?: () => number
  /** How far page numbers lead. Default: 10,000 issues, 30,000 comments. */
  readonly caps?: Partial<Caps>
  /** GraphQL queries that name more nodes than this end in 502. Default: none does. */
  readonly heavyNodes?: number
  /** Told of each request before anything else happens to it: a clock in another process can come with it. */
  readonly heed?: (headers: Headers) => void
  /** False: texts keep naming github.com. */
  readonly ownLinks?: boolean
}

export interface GithubTestbed extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`: pages, git, LFS, attachments; no trailing slash. */
  readonly url: string
  /** `URL/api/v3`. The same API stands below `url` as well, as on api.github.com. */
  readonly apiUrl: string
  /** `URL/api/graphql`; `URL/graphql` as well. */
  readonly graphqlUrl: string
  readonly world: GithubWorld
  /** The sample organisation by its names. @throws when the world was given */
  readonly sample: SampleOrganisation
  readonly tokens: Tokens
  /** Installed in the world's first organisation. */
  readonly app: App
  readonly faults: FaultPlan
  /** Routes: GitHub's own names (`issues/list-for-repo`), `graphql`, `git.refs`, `git.fetch`, `wiki.refs`, `wiki.fetch`, `lfs.batch`, `attachments`, `release-download`, `store.…`. */
  readonly calls: CallLog
  readonly points: PointsLog
  /** GraphQL fields that were asked for and are not emulated; each was answered with an error. A test of a reader should find none. */
  readonly missing: ReadonlySet<string>
  readonly limits: Limits
  /** Paths of the store at which a token arrived. */
  readonly leaks: readonly string[]
  /** A new token. `app`: one of the installation, without the way through a JWT. */
  token(kind: TokenKind, more?: { login?: string; scopes?: readonly string[]; hidden?: Iterable<Repository> }): string
  grant(token: string): Grant
  /** Installation tokens and signed addresses that are in circulation are worth nothing from now on. */
  expireTokens(): void
  /** Called before a route is answered, until it is set again: the world changes under a reader. */
  before: (route: string, path: string) => void
  /** Changes answers on their way out, until it is set again. */
  after: (route: string, json: unknown) => unknown
}

/** A GitHub on two loopback ports: host, API and git on one, the store of files on the other. */
export async function githubTestbed(options: GithubTestbedOptions = {}): Promise<GithubTestbed> {
  const {
    now = Date.now,
    limits: mode = 'generous',
    hourly,
    caps = {},
    heavyNodes = Infinity,
    ownLinks = true,
    heed = () => undefined,
  } = options
  const sample = options.world === undefined ? sampleOrganisation(new GithubWorld()) : undefined
  const world = options.world ?? sample?.world ?? new GithubWorld()
  const organisation = [...world.organisations.values()][0] ?? world.addOrganisation('acme')
  const tokens = new Tokens(now)
  const app = tokens.install(organisation)
  const leaks: string[] = []
  let url = ''
  let storeUrl = ''
  await using opening = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'fallreep-github-'))
  opening.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }))
  const parts: Parts = {
    world,
    tokens,
    limits: new Limits({ now, mode, ...(hourly === undefined ? {} : { hourly }) }),
    faults: new FaultPlan(),
    calls: new CallLog(),
    points: new PointsLog(),
    missing: new Set(),
    caps: { issues: 10_000, comments: 30_000, ...caps },
    nobody: new Tokens(now).issue('app', undefined),
    now,
    url: () => url,
    storeUrl: () => storeUrl,
    ownLinks,
    heavyNodes,
    heed,
    dir,
    before: (...of) => bed.before(...of),
    after: (...of) => bed.after(...of),
  }
  const store = opening.use(await serve(storeServer(parts, (path) => leaks.push(path))))
  const server = opening.use(await serve(github(parts)))
  url = server.url
  // Another host name for the same address: clients that drop tokens between host names must drop it here.
  storeUrl = store.url.replace('127.0.0.1', 'localhost')
  const owned = opening.move()
  const admin = [...organisation.members].find(([, role]) => role === 'admin')?.[0]
  const bed: GithubTestbed = {
    url,
    apiUrl: `${url}/api/v3`,
    graphqlUrl: `${url}/api/graphql`,
    world,
    get sample(): SampleOrganisation {
      if (sample === undefined) throw new Error('this world is not the sample')
      return sample
    },
    tokens,
    app,
    faults: parts.faults,
    calls: parts.calls,
    points: parts.points,
    missing: parts.missing,
    limits: parts.limits,
    leaks,
    token: (kind, { login, ...more } = {}) =>
      tokens.issue(kind, kind === 'app' ? undefined : login === undefined ? admin : world.person(login), more).token,
    grant: (token) => {
      const found = tokens.grant(token)
      if (found === undefined) throw new Error('no such token')
      return found
    },
    expireTokens: () => {
      tokens.expire()
      tokens.expireSignatures()
    },
    before: () => undefined,
    after: (_, json) => json,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
  return bed
}
