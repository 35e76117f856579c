import type { Change, Collection, Connector } from '../../src/contract/connector.ts'
import { collectionId, type Cursor } from '../../src/contract/ids.ts'
import type { Check, Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { Kept } from '../../src/kept.ts'
import { requireScopes } from './access.ts'
import { openBlob } from './blob.ts'
import { check } from './check.ts'
import type { GoogleConfig, Service } from './config.ts'
import { directoryChanges } from './directory/changes.ts'
import { listPeople, type Listed } from './directory/listing.ts'
import { createGoogle, type Google, type GooglePerson } from './google.ts'
import { directory } from './map/item.ts'
import { readers } from './readers.ts'

/** Reads an organisation, or one account of it. People are listed once, and read from that list. */
class GoogleConnector implements Connector {
  readonly #google: Google
  readonly #listed: Kept<Listed>

  constructor(google: Google) {
    this.#google = google
    this.#listed = new Kept((signal) => listPeople(google, signal))
  }

  check(signal: AbortSignal): AsyncIterable<Check> {
    return check(this.#google, signal)
  }

  async *collections(signal: AbortSignal): AsyncGenerator<Collection> {
    this.#listed.forget()
    const { people, withoutMail } = await this.#listed.get(signal)
    await requireScopes(this.#google, signal)
    yield { id: directory, title: 'directory', kinds: ['account', 'group'], estimate: people.size }
    for (const person of people.values())
      for (const service of this.#google.config.services) {
        const reader = readers[service]
        if (reader === undefined || (service === 'mail' && withoutMail.has(person.id))) continue
        const id = collectionId(`${service}/${person.id}`)
        yield { id, title: `${person.address} ${reader.title}`, kinds: reader.kinds, owner: person.account }
      }
  }

  async *changes(of: Collection, since: Cursor | undefined, signal: AbortSignal): AsyncGenerator<Change> {
    const listed = await this.#listed.get(signal)
    if (of.id === directory) {
      yield* directoryChanges(this.#google, listed, since, signal)
      return
    }
    const [service = '', id = ''] = of.id.split('/')
    const reader = readers[service as Service]
    const person = listed.people.get(id)
    if (reader === undefined || person === undefined) throw unknown(of)
    const read = await reader.load(listed)
    yield* read(this.#google, person, since, signal)
  }

  async blob(handle: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const person = async (id: string): Promise<GooglePerson | undefined> => (await this.#listed.get(signal)).people.get(id)
    return openBlob(this.#google, person, handle, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listed.forget()
  }
}

const unknown = (of: Collection): Fault =>
  new Fault({
    code: 'gone',
    what: `${of.title} is not there any more`,
    why: 'Google lists this person no longer',
    remedy: 'Nothing to do: what was read before is kept',
  })

export const openGoogle = (name: string, config: GoogleConfig, ports: Ports): Connector =>
  new GoogleConnector(createGoogle(name, config, ports))
