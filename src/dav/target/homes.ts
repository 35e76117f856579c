import type { Ports } from '../../contract/ports.ts'
import { Fault } from '../../fault.ts'
import { type Kind, propfind } from '../body.ts'
import { DavClient } from '../client.ts'
import { asFolder, discoverHome, homeOfPrincipal } from '../discover.ts'
import { plainPath } from '../multistatus.ts'
import { Refusal } from '../refusal.ts'
import type { Access, CommonSettings } from './settings.ts'

/** What a server says of itself in the header `DAV`. */
export interface Server {
  readonly classes: readonly string[]
  readonly nextcloud: boolean
  /** It sends invitations itself (RFC 6638). */
  readonly autoSchedule: boolean
}
/** Where the places of one person are made. `path` ends with a slash. */
export interface Home {
  readonly login: string
  readonly client: DavClient
  readonly path: string
  readonly server: Server
}

/** The homes of people, each looked up once. */
export class Homes {
  readonly #settings: CommonSettings
  readonly #kind: Kind
  readonly #ports: Ports
  readonly #makes: boolean
  readonly #found = new Map<string, Promise<Home>>()
  readonly #clients = new Map<string, DavClient>()

  /** `makes`: with `makeHomes` a missing folder of a person is made; whoever only looks must not. */
  constructor(settings: CommonSettings, kind: Kind, ports: Ports, makes: boolean) {
    this.#settings = settings
    this.#kind = kind
    this.#ports = ports
    this.#makes = makes
  }

  /** @throws Fault; whether it is about this person only tells `onlyThem` */
  of(login: string, signal: AbortSignal): Promise<Home> {
    const known = this.#found.get(login)
    if (known !== undefined) return known
    const looking = this.#look(login, signal)
    this.#found.set(login, looking)
    // What may work later is looked up again by whoever asks next; a wrong password is not tried again and again.
    looking.catch((error: unknown) => {
      if (!(error instanceof Fault) || error.retry.type !== 'never') this.#found.delete(login)
    })
    return looking
  }

  /** Everybody whose home was found so far. */
  get visited(): readonly string[] {
    return [...this.#found.keys()]
  }

  /**
   * Everybody whose home this configuration can reach. With one login for all, those are the folders beside each other on the server,
   * as far as it lists them. @throws Refusal
   */
  async logins(signal: AbortSignal): Promise<readonly string[]> {
    const { access } = this.#settings
    if (access.type === 'account') return [access.login]
    if (access.type === 'people') return Object.keys(access.people)
    const [before = '/', after = ''] = access.principal.split('{login}')
    const parent = before.endsWith('/') ? before : before.slice(0, before.lastIndexOf('/') + 1)
    const { found } = await this.#client(access.login).propfind(parent, 1, propfind(['d:resourcetype']), signal)
    const [start, end] = [plainPath(before), plainPath(after)]
    return found
      .map(({ href }) => plainPath(href))
      .filter((path) => path.length > start.length + 1 && path.startsWith(start) && path.endsWith(end))
      .map((path) => path.slice(before.length, path.length - end.length))
      .filter((login) => login !== '' && !login.includes('/'))
  }

  /** What the server is, asked of whichever of these people can be reached first. @throws Fault if none can */
  async server(logins: readonly string[], signal: AbortSignal): Promise<Server | undefined> {
    const { access, url } = this.#settings
    if (access.type === 'privileged') return serverOf(this.#client(access.login), new URL(url).pathname, signal)
    let refused: Fault | undefined
    for (const login of logins)
      try {
        return (await this.of(login, signal)).server
      } catch (error) {
        if (!onlyThem(error, this.#settings)) throw error
        refused ??= error
      }
    if (refused !== undefined) throw refused
    return undefined
  }

  async #look(login: string, signal: AbortSignal): Promise<Home> {
    const client = this.#client(login)
    const { access, url } = this.#settings
    const path =
      access.type === 'privileged'
        ? await this.#homeFor(client, access, login, signal)
        : await discoverHome(client, this.#kind, url, signal)
    return { login, client, path, server: await serverOf(client, path, signal) }
  }

  async #homeFor(client: DavClient, access: Extract<Access, { type: 'privileged' }>, login: string, signal: AbortSignal): Promise<string> {
    const principal = asFolder(access.principal.replace('{login}', encodeURIComponent(login)))
    try {
      return await homeOfPrincipal(client, this.#kind, principal, signal)
    } catch (error) {
      if (!this.#makes || !access.makeHomes || !(error instanceof Refusal) || error.status !== 404) throw error
      await client.request({ method: 'MKCOL', path: principal }, signal)
      return homeOfPrincipal(client, this.#kind, principal, signal)
    }
  }

  #client(login: string): DavClient {
    const { access, url } = this.#settings
    const shared = access.type === 'privileged' ? access.login : login
    const known = this.#clients.get(shared)
    if (known !== undefined) return known
    const credentials = access.type === 'people' ? withLogin(access, login) : access
    const client = new DavClient(url, credentials, this.#ports)
    this.#clients.set(shared, client)
    return client
  }
}

function withLogin({ people }: Extract<Access, { type: 'people' }>, login: string) {
  const one = people[login]
  if (one === undefined)
    throw new Fault({
      code: 'config',
      what: `No password is configured for ${login}`,
      remedy: `Add it below \`access: { type: people, people: … }\` of the target`,
    })
  return { login, password: one.password }
}

async function serverOf(client: DavClient, path: string, signal: AbortSignal): Promise<Server> {
  const { headers } = await client.request({ method: 'OPTIONS', path }, signal)
  const classes = (headers.get('dav') ?? '').split(',').map((name) => name.trim().toLowerCase())
  return {
    classes,
    nextcloud: classes.some((name) => name.startsWith('nc-') || name.startsWith('nextcloud')),
    autoSchedule: classes.includes('calendar-auto-schedule'),
  }
}

/** True if a fault is one person's (no such account, a wrong password of their own): the others go on. */
export function onlyThem(error: unknown, { access }: Pick<CommonSettings, 'access'>): error is Fault {
  if (!(error instanceof Fault) || error.retry.type !== 'never') return false
  if (access.type === 'account') return false
  if (error.code === 'auth') return access.type === 'people'
  return ['permission', 'gone', 'config', 'rejected', 'conflict'].includes(error.code)
}
