import { limits as googleLimits } from '../../connectors/google-workspace/limits.ts'
import { limits as m365Limits } from '../../connectors/m365/limits.ts'
import { modes } from './dav/mode.ts'
import { davTestbed, type DavTestbed, type DavTestbedOptions } from './dav/testbed.ts'
import { googleTestbed, type GoogleTestbed, type GoogleTestbedOptions } from './google/testbed.ts'
import { graphTestbed, type GraphTestbed, type GraphTestbedOptions } from './graph/testbed.ts'
import { imapTestbed, type ImapTestbed, type ImapTestbedOptions } from './imap/testbed.ts'
import { generous } from './kit/generous.ts'

export interface OfficeOptions {
  readonly google?: GoogleTestbedOptions
  readonly graph?: GraphTestbedOptions
  readonly imap?: ImapTestbedOptions
  readonly dav?: DavTestbedOptions
  /** Instead of the emulated mail server: a real one, whose master user may log in as everybody. */
  readonly mailServer?: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly password: string
    readonly separator: string
  }
}

/** Mail, calendars and contacts of the company: two clouds, and the servers of its own that they go to. */
export interface Office extends AsyncDisposable {
  readonly google: GoogleTestbed
  readonly graph: GraphTestbed
  /** Undefined when a real server stands in its place. */
  readonly imap: ImapTestbed | undefined
  readonly dav: DavTestbed
  /** Settings for the configuration file. */
  readonly sources: Readonly<Record<string, object>>
  readonly targets: Readonly<Record<string, object>>
  readonly limits: Readonly<Record<string, object>>
  /** Google and Microsoft are gone: their ports are closed. */
  darken(): Promise<void>
}

/** The names of sources and targets in the configuration. */
export const officeSources = ['google', 'm365'] as const
export const officeTargets = ['dates', 'cards', 'mail'] as const

/** `secret` puts a text where only its owner reads it, and gives the reference for the configuration. */
export async function office(options: OfficeOptions, secret: (name: string, text: string) => Promise<object>): Promise<Office> {
  await using opening = new AsyncDisposableStack()
  const clouds = opening.use(new AsyncDisposableStack())
  const google = clouds.use(await googleTestbed(options.google))
  const graph = clouds.use(await graphTestbed(options.graph))
  const { mailServer } = options
  const imap = mailServer === undefined ? opening.use(await imapTestbed(options.imap)) : undefined
  const everything = { login: 'fallreep', password: 'dav-secret' }
  const dav = opening.use(await davTestbed({ mode: 'radicale', privileged: everything, ...options.dav }))
  dav.state.person(everything.login, everything.password, 'fallreep@example.org')
  for (const login of addresses(google, graph)) {
    imap?.store.account(login)
    dav.state.person(login, 'unused', login)
  }
  const access = {
    via: 'master',
    user: mailServer?.user ?? 'master',
    password: await secret('imap.password', mailServer?.password ?? 'master-secret'),
    separator: mailServer?.separator ?? '*',
  }
  const privileged = {
    type: 'privileged',
    login: everything.login,
    password: await secret('dav.password', everything.password),
    principal: decodeURIComponent(modes[dav.mode.name].principal('{login}')),
  }
  const key = await secret('google.json', google.desk.keyJson)
  const clientSecret = await secret('m365.secret', graph.secret)
  const owned = opening.move()
  return {
    google,
    graph,
    imap,
    dav,
    sources: {
      google: {
        connector: 'google-workspace',
        auth: { type: 'service-account', key, adminSubject: 'ada@example.org' },
        apiUrl: google.url,
      },
      m365: {
        connector: 'm365',
        tenant: graph.tenant.id,
        clientId: graph.clientId,
        credential: { clientSecret },
        apiUrl: graph.apiUrl,
        loginUrl: graph.loginUrl,
      },
    },
    targets: {
      mail: {
        target: 'imap',
        host: mailServer?.host ?? imap?.host ?? '127.0.0.1',
        port: mailServer?.port ?? imap?.port ?? 143,
        security: 'plain',
        access,
      },
      dates: { target: 'caldav', url: dav.url, access: privileged },
      cards: { target: 'carddav', url: dav.url, access: privileged },
    },
    // The emulators allow as much as they are asked for; the published budgets have a benchmark of their own.
    limits: { google: generous(googleLimits), m365: generous(m365Limits) },
    darken: () => clouds.disposeAsync(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Everybody of either cloud, in small letters. */
const addresses = (google: GoogleTestbed, graph: GraphTestbed): ReadonlySet<string> =>
  new Set(
    [
      ...[...google.company.users.values()].map(({ primaryEmail }) => primaryEmail),
      ...[...graph.tenant.users.values()].flatMap(({ wire }) => [wire.mail ?? wire.userPrincipalName ?? '']),
    ]
      .filter((address) => address.includes('@'))
      .map((address) => address.toLowerCase()),
  )
