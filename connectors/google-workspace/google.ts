import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import type { gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js'
import type { oauth2_v2 } from 'googleapis/build/src/apis/oauth2/index.js'
import type { people_v1 } from 'googleapis/build/src/apis/people/index.js'
import type { admin_directory_v1 } from 'googleapis/build/src/apis/admin/index.js'
import type { tasks_v1 } from 'googleapis/build/src/apis/tasks/index.js'
import type { ItemId } from '../../src/contract/ids.ts'
import type { Provenance } from '../../src/contract/item.ts'
import type { Ports } from '../../src/contract/ports.ts'
import { Fault, faultIn } from '../../src/fault.ts'
import { networkFailure } from '../../src/http/fault-from-status.ts'
import { addressing, createSender, type Sender } from './client.ts'
import type { GoogleConfig } from './config.ts'
import { faultOf, Refusal, type Whose } from './google-fault.ts'
import type { Area } from './scopes.ts'
import { createTokens, type Tokens } from './token.ts'

/** Somebody whose things are read. `id` is Google's own, `address` the primary one. */
export interface GooglePerson {
  readonly id: string
  readonly address: string
  readonly account: ItemId
}

/** What the SDK takes as its second argument. Retries are ours, and every call can be stopped. */
export interface CallOptions {
  readonly signal: AbortSignal
  readonly retry: false
}

/** Google as one configuration sees it: SDK clients in the name of a person, each loaded when it is first used. */
export interface Google {
  /** The source's name in the configuration. */
  readonly source: string
  readonly config: GoogleConfig
  readonly ports: Ports
  readonly tokens: Tokens
  gmail(person: GooglePerson): Promise<gmail_v1.Gmail>
  calendar(person: GooglePerson): Promise<calendar_v3.Calendar>
  people(person: GooglePerson): Promise<people_v1.People>
  tasks(person: GooglePerson): Promise<tasks_v1.Tasks>
  /** In the administrator's name; needs a service account. */
  directory(): Promise<admin_directory_v1.Admin>
  /** Who the one account is, where there is only one. */
  profile(): Promise<oauth2_v2.Oauth2>
  /**
   * Makes one call of the SDK and gives its answer. `what` says what was attempted, for errors: `Gmail refused the labels of P`.
   * `whose`: default `person`, whose refusals never stop anybody else.
   * @throws GoogleFault for what Google refused, Fault otherwise; the signal's reason when aborted
   */
  call<T>(what: string, send: (options: CallOptions) => Promise<{ readonly data: T }>, signal: AbortSignal, whose?: Whose): Promise<T>
  /** Bytes behind an address that needs no token (a contact's picture). @throws Fault */
  picture(url: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
  provenance(nativeId: string, endpoint: string): Provenance
}

export function createGoogle(source: string, config: GoogleConfig, ports: Ports): Google {
  const at = addressing(config.apiUrl)
  const tokens = createTokens(config.auth, ports, at)
  const senders = new Map<string, Sender>()
  const one = config.auth.type !== 'service-account'
  const administrator = config.auth.type === 'service-account' ? config.auth.adminSubject : ''

  const through = (subject: string, area: Area, quotaUser: string | undefined): { fetchImplementation: typeof fetch; retry: false } => {
    const name = `${area} ${subject}`
    const sender = senders.get(name) ?? createSender({ subject, area, quotaUser }, tokens, ports, at)
    senders.set(name, sender)
    return { fetchImplementation: sender.fetch, retry: false }
  }
  const call: Google['call'] = async (what, send, signal, whose = 'person') => {
    signal.throwIfAborted()
    try {
      return (await send({ signal, retry: false })).data
    } catch (error) {
      signal.throwIfAborted()
      throw faultFrom(error, what, one ? 'source' : whose, ports.clock.now().getTime())
    }
  }

  return {
    source,
    config,
    ports,
    tokens,
    call,
    async gmail({ address }) {
      const { gmail } = await import('googleapis/build/src/apis/gmail/index.js')
      return gmail({ version: 'v1', ...through(address, 'mail', undefined) })
    },
    async calendar({ address, id }) {
      const { calendar } = await import('googleapis/build/src/apis/calendar/index.js')
      return calendar({ version: 'v3', ...through(address, 'calendars', id) })
    },
    async people({ address, id }) {
      const { people } = await import('googleapis/build/src/apis/people/index.js')
      return people({ version: 'v1', ...through(address, 'contacts', id) })
    },
    async tasks({ address, id }) {
      const { tasks } = await import('googleapis/build/src/apis/tasks/index.js')
      return tasks({ version: 'v1', ...through(address, 'tasks', id) })
    },
    async directory() {
      const { admin } = await import('googleapis/build/src/apis/admin/index.js')
      return admin({ version: 'directory_v1', ...through(administrator, 'directory', undefined) })
    },
    async profile() {
      const { oauth2 } = await import('googleapis/build/src/apis/oauth2/index.js')
      return oauth2({ version: 'v2', ...through('', 'profile', undefined) })
    },
    async picture(url, signal) {
      const what = 'A picture could not be fetched'
      const response = await ports.fetch(pictureAddress(url, config.apiUrl), { redirect: 'error', signal })
      if (response.ok && response.body !== null) return response.body
      await response.body?.cancel()
      throw faultOf(
        new Refusal(response.status, '', `the answer was HTTP ${response.status}`, undefined),
        what,
        'person',
        ports.clock.now().getTime(),
      )
    },
    provenance: (nativeId, endpoint) => ({ source, nativeId, fetchedAt: ports.clock.now().toISOString(), endpoint }),
  }
}

function faultFrom(error: unknown, what: string, whose: Whose, nowMs: number): Fault {
  const known = faultIn(error)
  if (known !== undefined) return known
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof Refusal) return faultOf(at, what, whose, nowMs)
  return networkFailure(error, what).fault
}

/** Pictures lie with Google's user content, or beside whatever stands in for Google. */
function pictureAddress(url: string, apiUrl: string | undefined): URL {
  const address = new URL(url)
  const google = address.protocol === 'https:' && /(?:^|\.)googleusercontent\.com$/.test(address.hostname)
  if (google || (apiUrl !== undefined && address.host === new URL(apiUrl).host)) return address
  throw new Fault({ code: 'rejected', what: 'A picture lies with a host that is not Google', remedy: 'Nothing to do: it is left out' })
}
