import { CallLog } from '../kit/calls.ts'
import { FaultPlan } from '../kit/faults.ts'
import { serve } from '../kit/serve.ts'
import { demoWorld, type DemoWorld, type WorldOptions } from '../world/demo.ts'
import { slackApi } from './api.ts'
import { filesServer, imagesServer, storeServer, type DownloadParts } from './downloads.ts'
import { Limits, type LimitOptions } from './limits.ts'
import { METHODS } from './methods.ts'
import { Pager } from './pages.ts'
import { ALL_SCOPES, Tokens, type Grant } from './tokens.ts'

export interface SlackTestbedOptions extends WorldOptions {
  /** A world made before; otherwise one is generated. */
  readonly world?: DemoWorld
  /** Whose token: `user` is Ada's, who is in everything but the secrets; `bot` is the app's, which is in #general only. */
  readonly as?: 'user' | 'bot'
  readonly token?: string
  readonly scopes?: readonly string[]
  /** `small` (default) gives short and varying pages; `full` as many as asked. */
  readonly pages?: 'small' | 'full'
  readonly tiers?: LimitOptions['tiers']
  readonly app?: LimitOptions['app']
  /** Milliseconds; the limits and the call log use it. Default: the machine's. */
  readonly now?: () => number
  /** Host name of the files' addresses. Both are this machine; `localhost` is another name than the API's. Default `127.0.0.1`, on another port. */
  readonly filesHost?: '127.0.0.1' | 'localhost'
  /** Calls that change something are refused. Default false; they are counted either way. */
  readonly readOnly?: boolean
}

export interface SlackTestbed extends AsyncDisposable {
  /** For the SDK's `slackApiUrl`: ends with `/api/`. */
  readonly url: string
  readonly token: string
  readonly world: DemoWorld
  readonly faults: FaultPlan
  /** Routes: the methods' names, `files.download`, `cdn`, `images`. */
  readonly calls: CallLog
  readonly limits: Limits
  /** Calls of methods that change something. */
  readonly writes: number
  /** Paths at which the token arrived where it must never go. */
  readonly leaks: readonly string[]
  /** Where files are: another server than the API's. */
  readonly filesUrl: string
  readonly imagesUrl: string
  /** What the file links of an export carry and open with, while they live. A whole testbed can be given to `writeExport` as `from`. */
  readonly linkToken: string
  setToken(change: { state?: Grant['state']; scopes?: readonly string[] }): void
  /** Puts a second token into circulation. */
  issueToken(grant: Pick<Grant, 'token' | 'type' | 'user'> & { scopes?: readonly string[] }): void
  revokeToken(): void
  expireFileLinks(): void
  expireCursors(): void
}

const TOKENS = { user: 'xoxp-1-canary-user-token', bot: 'xoxb-1-canary-bot-token' } as const
const LINK_TOKEN = 'xoxe-1-canary-link-token'

/** A Slack on four loopback ports: API, files, their store, pictures. */
export async function slackTestbed(options: SlackTestbedOptions = {}): Promise<SlackTestbed> {
  const {
    as = 'user',
    token = TOKENS[as],
    scopes = ALL_SCOPES,
    pages = 'small',
    tiers = 'generous',
    app = 'internal',
    now = Date.now,
    readOnly = false,
    filesHost = '127.0.0.1',
  } = options
  const world = options.world ?? demoWorld(options)
  const tokens = new Tokens()
  const grant: Grant = {
    token,
    type: as,
    user: as === 'user' ? world.people.ada : world.people.app,
    scopes: new Set(scopes),
    state: 'valid',
  }
  tokens.issue(grant)
  const faults = new FaultPlan()
  const calls = new CallLog()
  const limits = new Limits({ now, tiers, app })
  const pager = new Pager(pages)
  const leaks: string[] = []
  const linkTokens = new Set([LINK_TOKEN])
  const addresses = { files: '', images: '' }
  let store = ''
  const parts: DownloadParts = { world, tokens, faults, calls, now, linkTokens, cdn: () => store }

  await using opening = new AsyncDisposableStack()
  const atStore = opening.use(await serve(storeServer(parts, (path) => leaks.push(path))))
  const files = opening.use(await serve(filesServer(parts)))
  const images = opening.use(await serve(imagesServer(parts, (path) => leaks.push(path))))
  const api = opening.use(
    await serve(slackApi({ world, tokens, limits, pager, faults, calls, now, addresses: () => addresses, readOnly: () => readOnly })),
  )
  // Another host name for the same loopback address: clients that drop tokens between host names must drop it here.
  store = atStore.url.replace('127.0.0.1', 'localhost')
  addresses.files = files.url.replace('127.0.0.1', filesHost)
  addresses.images = images.url
  const servers = opening.move()

  return {
    url: `${api.url}/api/`,
    token,
    world,
    faults,
    calls,
    limits,
    leaks,
    filesUrl: addresses.files,
    imagesUrl: images.url,
    linkToken: LINK_TOKEN,
    get writes() {
      return calls.calls.filter(({ route }) => METHODS[route]?.writes).length
    },
    setToken: (change) => {
      if (change.state !== undefined) grant.state = change.state
      if (change.scopes !== undefined) grant.scopes = new Set(change.scopes)
    },
    issueToken: ({ scopes: granted = ALL_SCOPES, ...more }) => tokens.issue({ ...more, scopes: new Set(granted), state: 'valid' }),
    revokeToken: () => {
      grant.state = 'revoked'
    },
    expireFileLinks: () => linkTokens.clear(),
    expireCursors: () => pager.expireCursors(),
    [Symbol.asyncDispose]: () => servers.disposeAsync(),
  }
}
