import type { people_v1 } from 'googleapis/build/src/apis/people/v1.js'
import { Changes, type Pages, Tokens } from '../changes.ts'

/** One person's contacts: their own, those the service collected from mail, and the groups they are in. */
export interface Contacts {
  readonly own: Changes<people_v1.Schema$Person>
  readonly other: Changes<people_v1.Schema$Person>
  readonly groups: Map<string, people_v1.Schema$ContactGroup>
  readonly tokens: Tokens
}

const system = {
  myContacts: 'My Contacts',
  starred: 'Starred',
  friends: 'Friends',
  family: 'Family',
  coworkers: 'Coworkers',
  blocked: 'Blocked',
}

/** What Google keeps of contacts for a whole company, with the ways people change them. */
export class PeopleStore {
  readonly #pages: Pages
  readonly #now: () => number
  readonly #people = new Map<string, Contacts>()
  /** Bytes by the path of a picture's address; what is not here is 404. */
  readonly photos = new Map<string, { readonly bytes: Uint8Array; readonly mediaType: string }>()
  /** Where pictures are. */
  photosUrl = 'https://lh3.googleusercontent.com'
  #serial = 0
  constructor(pages: Pages, now: () => number) {
    this.#pages = pages
    this.#now = now
  }

  of(person: string): Contacts {
    const held = this.#people.get(person)
    if (held !== undefined) return held
    const made: Contacts = { own: new Changes(this.#pages), other: new Changes(this.#pages), groups: new Map(), tokens: new Tokens() }
    for (const [id, formattedName] of Object.entries(system))
      made.groups.set(`contactGroups/${id}`, {
        resourceName: `contactGroups/${id}`,
        groupType: 'SYSTEM_CONTACT_GROUP',
        name: id,
        formattedName,
        memberCount: 0,
      })
    this.#people.set(person, made)
    return made
  }

  /** Puts a contact in; without memberships it is in My Contacts. */
  addContact(person: string, contact: people_v1.Schema$Person): people_v1.Schema$Person {
    const id = this.#id('c')
    const whole: people_v1.Schema$Person = {
      resourceName: `people/${id}`,
      etag: this.#etag(),
      metadata: this.#metadata('CONTACT', id),
      memberships: [inGroup('contactGroups/myContacts')],
      ...contact,
    }
    this.of(person).own.set(whole.resourceName ?? id, whole)
    return whole
  }
  editContact(person: string, resourceName: string, more: people_v1.Schema$Person): people_v1.Schema$Person {
    const { own } = this.of(person)
    const before = own.get(resourceName)
    if (before === undefined) throw new Error(`no contact ${resourceName} of ${person}`)
    const edited = { ...before, ...more, etag: this.#etag(), metadata: this.#metadata('CONTACT', resourceName.slice(7)) }
    own.set(resourceName, edited)
    return edited
  }
  deleteContact(person: string, resourceName: string): void {
    this.of(person).own.set(resourceName, { resourceName, etag: this.#etag(), metadata: { deleted: true, objectType: 'PERSON' } })
  }
  /** A contact whose resource name changes, as when it is linked with a profile. */
  renameContact(person: string, resourceName: string): people_v1.Schema$Person {
    const { own } = this.of(person)
    const before = own.get(resourceName)
    if (before === undefined) throw new Error(`no contact ${resourceName} of ${person}`)
    own.remove(resourceName)
    const id = this.#id('c')
    const renamed = {
      ...before,
      resourceName: `people/${id}`,
      metadata: { ...this.#metadata('CONTACT', id), previousResourceNames: [resourceName] },
    }
    own.set(`people/${id}`, renamed)
    return renamed
  }
  /** Somebody the person once wrote to. */
  addOther(person: string, contact: people_v1.Schema$Person): people_v1.Schema$Person {
    const id = this.#id('c')
    const whole = { resourceName: `otherContacts/${id}`, etag: this.#etag(), metadata: this.#metadata('OTHER_CONTACT', id), ...contact }
    this.of(person).other.set(`otherContacts/${id}`, whole)
    return whole
  }
  deleteOther(person: string, resourceName: string): void {
    this.of(person).other.set(resourceName, { resourceName, etag: this.#etag(), metadata: { deleted: true, objectType: 'PERSON' } })
  }
  addGroup(person: string, name: string): string {
    const resourceName = `contactGroups/${this.#id('g')}`
    this.of(person).groups.set(resourceName, {
      resourceName,
      etag: this.#etag(),
      groupType: 'USER_CONTACT_GROUP',
      name,
      formattedName: name,
    })
    return resourceName
  }
  /** The contacts in it are not touched: nothing tells of this but the list of groups. */
  renameGroup(person: string, resourceName: string, name: string): void {
    const group = this.of(person).groups.get(resourceName)
    this.of(person).groups.set(resourceName, { ...group, name, formattedName: name, etag: this.#etag() })
  }
  /** A picture's address with bytes behind it. Its last segment says its size, as Google's do. */
  addPhoto(bytes: Uint8Array, mediaType = 'image/png'): people_v1.Schema$Photo {
    const path = `/contacts/${this.#id('p')}/photo`
    this.photos.set(path, { bytes, mediaType })
    return { url: `${this.photosUrl}${path}=s100`, metadata: { primary: true, source: { type: 'CONTACT' } } }
  }
  defaultPhoto(): people_v1.Schema$Photo {
    return { url: `${this.photosUrl}/cm/default=s100`, default: true, metadata: { primary: true, source: { type: 'CONTACT' } } }
  }
  expireTokens(person: string): void {
    this.of(person).tokens.expire()
  }

  #metadata(type: string, id: string): people_v1.Schema$PersonMetadata {
    const updateTime = new Date(this.#now()).toISOString()
    return { objectType: 'PERSON', sources: [{ type, id, etag: this.#etag(), updateTime }] }
  }
  #id(letter: string): string {
    this.#serial += 1
    return `${letter}${1_000_000_000_000 + this.#serial}`
  }
  #etag(): string {
    this.#serial += 1
    return `%Eg${this.#serial.toString(36)}=`
  }
}

export const inGroup = (resourceName: string): people_v1.Schema$Membership => ({
  contactGroupMembership: { contactGroupId: resourceName.slice('contactGroups/'.length), contactGroupResourceName: resourceName },
})
