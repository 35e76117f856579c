import { createHash } from 'node:crypto'

export interface StoredObject {
  readonly name: string
  text: string
  etag: string
  uid: string
}
export interface Place {
  readonly kind: 'calendar' | 'addressbook'
  readonly name: string
  readonly login: string
  readonly props: Map<string, string>
  components: readonly string[]
  readonly objects: Map<string, StoredObject>
  /** In the trash bin as a whole. */
  trashed: boolean
  /** Every change, for sync-collection: names, the oldest first. */
  readonly changes: string[]
}
export interface Trashed {
  readonly id: number
  readonly login: string
  readonly place: string
  readonly uid: string
  readonly text: string
}
export interface Person {
  readonly login: string
  password: string
  readonly email: string
}

/** What the emulated server keeps. Tests may look at and change everything. */
export class DavState {
  readonly people = new Map<string, Person>()
  readonly places: Place[] = []
  readonly trash: Trashed[] = []
  /** When each person made places, in milliseconds. */
  readonly made: { readonly login: string; readonly kind: Place['kind']; readonly at: number }[] = []
  #trashed = 0
  #etags = 0

  person(login: string, password: string, email = `${login}@example.org`): Person {
    const person = { login, password, email }
    this.people.set(login, person)
    return person
  }
  placesOf(login: string, kind?: Place['kind']): readonly Place[] {
    return this.places.filter((place) => place.login === login && (kind === undefined || place.kind === kind))
  }
  find(login: string, kind: Place['kind'] | undefined, name: string): Place | undefined {
    return this.placesOf(login, kind).find((place) => place.name === name)
  }
  add(login: string, kind: Place['kind'], name: string, title: string): Place {
    const place: Place = {
      kind,
      name,
      login,
      props: new Map([['displayname', title]]),
      components: kind === 'calendar' ? ['VEVENT', 'VTODO'] : [],
      objects: new Map(),
      trashed: false,
      changes: [],
    }
    this.places.push(place)
    return place
  }
  put(place: Place, name: string, text: string): StoredObject {
    const object = { name, text, etag: this.etagOf(text), uid: uidsIn(text)[0] ?? '' }
    place.objects.set(name, object)
    place.changes.push(name)
    return object
  }
  remove(place: Place, name: string, keep: boolean): void {
    const object = place.objects.get(name)
    if (object === undefined) return
    place.objects.delete(name)
    place.changes.push(name)
    if (keep) this.trash.push({ id: ++this.#trashed, login: place.login, place: place.name, uid: object.uid, text: object.text })
  }
  drop(place: Place): void {
    this.places.splice(this.places.indexOf(place), 1)
  }
  etagOf(text: string): string {
    return `"${createHash('md5').update(text).digest('hex')}-${++this.#etags}"`
  }
}

export const unfolded = (text: string): string => text.replaceAll(/\r?\n[ \t]/g, '')
/** Every UID of events, tasks or cards in a text, each once. */
export function uidsIn(text: string): readonly string[] {
  const own = unfolded(text).replaceAll(/BEGIN:VTIMEZONE[\s\S]*?END:VTIMEZONE/g, '')
  return [...new Set([...own.matchAll(/^UID(?:;[^:]*)?:(.*?)\r?$/gim)].map((match) => match[1]?.trim() ?? ''))]
}
