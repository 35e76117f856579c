import type { Change, Collection, Connector } from '../../src/contract/connector.ts'
import type { Cursor } from '../../src/contract/ids.ts'
import type { Kind } from '../../src/contract/item.ts'
import type { Check, Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { Kept } from '../../src/kept.ts'
import { codeKinds } from '../../src/model/code-kinds.ts'
import { type AtHand, openBlob } from './blob.ts'
import { boardChanges } from './boards/changes.ts'
import { check } from './check.ts'
import type { GithubConfig } from './config.ts'
import { directoryChanges } from './directory/changes.ts'
import { createGithub, type Github } from './github.ts'
import { type Listing, listRepositories } from './listing.ts'
import { boards, directory, repositoryCollection } from './map/item.ts'
import { repositoryChanges } from './repository/changes.ts'

const kinds: readonly Kind[] = codeKinds.filter((kind) => kind !== 'board')

/** Reads an organisation, or one person's repositories. They are listed once, and read from that list. */
class GithubConnector implements Connector {
  readonly #github: Github
  readonly #atHand: AtHand = { bundles: new Map(), lfs: new Map() }
  readonly #listed: Kept<Listing>

  constructor(github: Github) {
    this.#github = github
    this.#listed = new Kept((signal) => listRepositories(github, signal))
  }

  check(signal: AbortSignal): AsyncIterable<Check> {
    return check(this.#github, signal)
  }

  async *collections(signal: AbortSignal): AsyncGenerator<Collection> {
    this.#listed.forget()
    const { repositories } = await this.#listed.get(signal)
    yield { id: directory, title: 'directory', kinds: ['account', 'group'] }
    if (this.#github.config.read.includes('boards')) yield { id: boards, title: 'boards', kinds: ['board'] }
    for (const [id, { listed }] of repositories) {
      const estimate = (listed.issues?.total ?? 0) + (listed.pullRequests?.total ?? 0)
      yield { id: repositoryCollection(id), title: listed.nameWithOwner, kinds, estimate }
    }
  }

  async *changes(of: Collection, since: Cursor | undefined, signal: AbortSignal): AsyncGenerator<Change> {
    const listing = await this.#listed.get(signal)
    if (of.id === directory) return yield* directoryChanges(this.#github, listing, since, signal)
    if (of.id === boards) return yield* boardChanges(this.#github, since, signal)
    const found = listing.repositories.get(Number(of.id.slice('repository/'.length)))
    if (found === undefined) throw unknown(of)
    const repository = (name: string): number | undefined => listing.byName.get(name.toLowerCase())
    yield* repositoryChanges(this.#github, { ...found, repository }, since, this.#atHand, signal)
  }

  blob(handle: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return openBlob(this.#github, this.#atHand, handle, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listed.forget()
  }
}

const unknown = (of: Collection): Fault =>
  new Fault({
    code: 'gone',
    what: `${of.title} is not there any more`,
    why: 'it was deleted, given away, or is out of sight of the token',
    remedy: 'Nothing to do: what was read before is kept',
  })

export const openGithub = (name: string, config: GithubConfig, ports: Ports): Connector =>
  new GithubConnector(createGithub(name, config, ports))
