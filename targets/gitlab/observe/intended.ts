import type { CollectionId, RemoteId } from '../../../src/contract/ids.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Ledger, LedgerEntry } from '../../../src/contract/target.ts'

/**
 * Which lists of which issue or merge request are worth asking for: GitLab has no list of all comments or reactions of a project, so places at
 * which nothing was ever put, and at which GitLab counts nothing, are not asked one by one. What is found there is not looked up here.
 */
export class Intended {
  readonly #ledger: Ledger
  readonly #talk = new Set<string>()
  readonly #events = new Set<string>()
  readonly commits = new Set<string>()
  readonly lfs = new Map<string, number>()
  constructor(ledger: Ledger, collection: CollectionId, project: string) {
    this.#ledger = ledger
    for (const entry of ledger.entries({ collection })) {
      const { remote } = entry
      const kind = remote.slice(0, remote.indexOf('/'))
      const rest = remote.slice(kind.length + 1)
      if (!rest.startsWith(`${project}/`)) continue
      const [room = '', id = ''] = rest.slice(project.length + 1).split('/')
      if (kind === 'note' && room === 'commits') this.commits.add(id)
      else if (kind === 'note' || kind === 'discussion') this.#talk.add(`${room}/${id}`)
      else if (kind.endsWith('-event')) this.#events.add(`${kind} ${room}/${id}`)
      else if (kind === 'lfs') this.lfs.set(room, bytesIn(entry))
    }
  }
  talk(place: string): boolean {
    return this.#talk.has(place)
  }
  events(kind: 'label' | 'milestone' | 'state', place: string): boolean {
    return this.#events.has(`${kind}-event ${place}`)
  }
  has(remote: RemoteId): boolean {
    return this.#ledger.byRemote(remote) !== undefined
  }
  /** Something is expected in this field, which is a list. */
  some(remote: RemoteId, field: 'awards' | 'approvedBy'): boolean {
    const expect = this.#ledger.byRemote(remote)?.notes['expect'] as JsonObject | undefined
    const list = expect?.[field]
    return Array.isArray(list) && list.length > 0
  }
}
function bytesIn({ notes }: LedgerEntry): number {
  const { bytes } = (notes['expect'] as JsonObject | undefined) ?? {}
  return typeof bytes === 'number' ? bytes : 0
}
