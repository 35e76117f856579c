import type { people_v1 } from 'googleapis/build/src/apis/people/v1.js'
import { type Asked, size } from '../asked.ts'
import type { Pages } from '../changes.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Contacts, PeopleStore } from './store.ts'

interface Place {
  /** Asked with a sync token: what changed, deletions among it. */
  readonly incremental: boolean
  readonly upTo: number
  readonly after: number
  readonly query: string
}
interface Since {
  readonly from: number
  readonly query: string
  /** Milliseconds of the full listing this goes back to. */
  readonly full: number
}

const week = 7 * 86_400_000
/** What may be asked of an "other contact". Read 2026-11-25: https://developers.google.com/people/api/rest/v1/otherContacts/list */
const otherFields = new Set(['emailAddresses', 'metadata', 'names', 'phoneNumbers', 'photos'])

/** The People API, reading only. Sync tokens live seven days after the full listing they go back to. */
export class PeopleAnswers {
  readonly #store: PeopleStore
  readonly #now: () => number
  readonly #pages: Pages
  /** First pages without a sync token: they have a quota of their own at Google. */
  fullListings = 0
  constructor(store: PeopleStore, pages: Pages, now: () => number) {
    this.#store = store
    this.#pages = pages
    this.#now = now
  }

  static route(path: readonly string[]): string | undefined {
    if (path[0] === 'people' && path[2] === 'connections') return 'people.connections.list'
    if (path[0] === 'people' && path.length === 2) return 'people.get'
    if (path[0] === 'otherContacts' && path.length === 1) return 'otherContacts.list'
    if (path[0] === 'contactGroups' && path.length === 1) return 'contactGroups.list'
    return undefined
  }

  /** @throws Refusal */
  answer(asked: Asked): object {
    const contacts = this.#store.of(asked.person)
    switch (PeopleAnswers.route(asked.path)) {
      case 'people.connections.list': {
        const { items, rest } = this.#listing(asked, contacts, 'own', maskOf(asked.query.get('personFields')))
        return { ...(items.length === 0 ? {} : { connections: items }), ...rest, totalItems: contacts.own.values.length }
      }
      case 'otherContacts.list': {
        const mask = maskOf(asked.query.get('readMask'))
        for (const field of mask) if (!otherFields.has(field)) throw new Refusal(400, 'invalid', `Invalid readMask: ${field}`)
        const { items, rest } = this.#listing(asked, contacts, 'other', mask)
        return { ...(items.length === 0 ? {} : { otherContacts: items }), ...rest, totalSize: contacts.other.values.length }
      }
      case 'people.get': {
        const person = contacts.own.get(asked.path.join('/'))
        if (person === undefined || person.metadata?.deleted === true) throw new Refusal(404, 'notFound', 'Requested entity was not found.')
        return masked(person, maskOf(asked.query.get('personFields')))
      }
      case 'contactGroups.list':
        return this.#groups(asked, contacts)
      case undefined:
      default:
        throw notFound()
    }
  }

  #groups({ query }: Asked, { groups }: Contacts): people_v1.Schema$ListContactGroupsResponse {
    const after = Number(query.get('pageToken') ?? 0)
    const all = [...groups.values()]
    const contactGroups = all.slice(after, after + (this.#pages === 'full' ? size(query, 'pageSize', 30, 1000) : 4))
    const end = after + contactGroups.length
    return { contactGroups, totalItems: all.length, ...(end < all.length ? { nextPageToken: String(end) } : {}) }
  }

  #listing(
    { query }: Asked,
    contacts: Contacts,
    which: 'own' | 'other',
    mask: ReadonlySet<string>,
  ): { items: readonly people_v1.Schema$Person[]; rest: { nextPageToken?: string; nextSyncToken?: string } } {
    const { place, full } = this.#place(query, contacts, which)
    const wanted = (person: people_v1.Schema$Person): boolean => place.incremental || person.metadata?.deleted !== true
    const by = place.incremental ? 'stamp' : 'serial'
    const slice = contacts[which].slice(by, place.after, size(query, 'pageSize', 100, 1000), wanted)
    const rest =
      slice.next !== undefined
        ? { nextPageToken: contacts.tokens.seal({ ...place, after: slice.next, full }) }
        : query.get('requestSyncToken') === 'true'
          ? { nextSyncToken: contacts.tokens.seal({ from: place.upTo, query: place.query, full } satisfies Since) }
          : {}
    return { items: slice.items.map((person) => masked(person, mask)), rest }
  }

  #place(query: URLSearchParams, contacts: Contacts, which: 'own' | 'other'): { place: Place; full: number } {
    const rest = new URLSearchParams(query)
    for (const name of ['pageToken', 'syncToken', 'fields', 'alt', 'quotaUser', 'prettyPrint']) rest.delete(name)
    rest.sort()
    const asked = `${which}?${rest.toString()}`
    const page = query.get('pageToken')
    if (page !== null) {
      const place = contacts.tokens.open(page) as (Place & { full: number }) | undefined
      if (place === undefined || place.query !== asked) throw new Refusal(400, 'invalid', 'Invalid page token.')
      return { place, full: place.full }
    }
    const since = query.get('syncToken')
    if (since === null) {
      this.fullListings += 1
      return { place: { incremental: false, upTo: contacts[which].now, after: 0, query: asked }, full: this.#now() }
    }
    const state = contacts.tokens.open(since) as Since | undefined
    if (state === undefined || this.#now() - state.full > week)
      throw new Refusal(400, 'failedPrecondition', 'Sync token is expired. Clear local cache and retry call without the sync token.')
    if (state.query !== asked) throw new Refusal(400, 'invalid', 'Request parameters do not match the sync token.')
    return { place: { incremental: true, upTo: contacts[which].now, after: state.from, query: asked }, full: state.full }
  }
}

function maskOf(text: string | null): ReadonlySet<string> {
  if (text === null || text === '') throw new Refusal(400, 'invalid', 'personFields mask is required.')
  return new Set(text.split(',').map((field) => field.trim()))
}

const masked = (person: people_v1.Schema$Person, mask: ReadonlySet<string>): people_v1.Schema$Person =>
  Object.fromEntries(Object.entries(person).filter(([key]) => key === 'resourceName' || key === 'etag' || mask.has(key)))
