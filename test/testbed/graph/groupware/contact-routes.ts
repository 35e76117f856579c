import { type Answer, type Call, Refusal, type Route, selected } from '../call.ts'
import { listing } from '../pages.ts'
import type { ContactStore, StoredContact } from './contact-store.ts'
import { contactsOf } from './parts.ts'

const roles = ['Contacts.Read', 'Contacts.ReadWrite']
const notFound = (): Refusal => new Refusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store., canary text')

const storeOf = ({ tenant, params }: Call): ContactStore => contactsOf(tenant, params['user'] ?? '')
const path = ({ params }: Call, rest: string): string => `/users('${encodeURIComponent(params['user'] ?? '')}')/${rest}`

/** @throws Refusal 404 */
function folderOf(call: Call): string {
  const id = call.params['folder'] ?? ''
  if (!storeOf(call).contacts.has(id)) throw notFound()
  return id
}
function contactOf(call: Call): StoredContact {
  const store = storeOf(call)
  const id = call.params['contact'] ?? ''
  const within = call.params['folder'] === undefined ? [...store.contacts.values()] : [store.feed(folderOf(call))]
  const found = within.map((feed) => feed.things.get(id)).find((contact) => contact !== undefined)
  if (found === undefined) throw notFound()
  return found
}
const shape = (contact: StoredContact): object => ({ '@odata.etag': `W/"${contact.changeKey}"`, ...contact })

function folderAnswer(call: Call): Answer {
  const store = storeOf(call)
  const id = folderOf(call)
  return { json: id === store.standard.id ? store.standard : store.folders.things.get(id) }
}
function childrenOf(call: Call, parent: string, at: string): Answer {
  const all = [...storeOf(call).folders.things.values()].filter(({ parentFolderId }) => parentFolderId === parent)
  return listing(call, path(call, at), all, { most: 1000, usual: 10, type: 'contactFolders' })
}
function photo(call: Call): Answer {
  const bytes = storeOf(call).photos.get(contactOf(call).id)
  if (bytes === undefined) throw new Refusal(404, 'ErrorItemNotFound', "The photo wasn't found.")
  return { bytes: [bytes], mediaType: 'image/jpeg' }
}

const get = (name: string, at: string, answer: Route['answer']): Route => ({
  name,
  method: 'GET',
  path: `/users/:user/${at}`,
  roles,
  mailbox: true,
  answer,
})

export const contactRoutes: readonly Route[] = [
  get('contactFolders.delta', 'contactFolders/delta', (call) =>
    storeOf(call).folders.delta(call, path(call, 'contactFolders/delta'), 'contactFolder', (folder) => folder),
  ),
  get('contactFolders.list', 'contactFolders', (call) => childrenOf(call, storeOf(call).standard.id, 'contactFolders')),
  get('contactFolders.children', 'contactFolders/:folder/childFolders', (call) => {
    const folder = folderOf(call)
    return childrenOf(call, folder, `contactFolders('${encodeURIComponent(folder)}')/childFolders`)
  }),
  get('contacts.listIn', 'contactFolders/:folder/contacts', (call) => {
    const folder = folderOf(call)
    return storeOf(call)
      .feed(folder)
      .list(call, path(call, `contactFolders('${encodeURIComponent(folder)}')/contacts`), 'contacts', shape)
  }),
  get('contactFolders.get', 'contactFolders/:folder', folderAnswer),
  get('contacts.delta', 'contactFolders/:folder/contacts/delta', (call) => {
    const folder = folderOf(call)
    return storeOf(call)
      .feed(folder)
      .delta(call, path(call, `contactFolders('${encodeURIComponent(folder)}')/contacts/delta`), 'contact', shape)
  }),
  get('contacts.list', 'contacts', (call) => {
    const store = storeOf(call)
    const all = [...store.feed(store.standard.id).things.values()].map((contact) => selected(contact, call.query))
    return listing(call, path(call, 'contacts'), all, { most: 1000, usual: 10, type: 'contacts' })
  }),
  get('contacts.get', 'contacts/:contact', (call) => ({ json: shape(contactOf(call)) })),
  get('contacts.getIn', 'contactFolders/:folder/contacts/:contact', (call) => ({ json: shape(contactOf(call)) })),
  get('contacts.photo', 'contactFolders/:folder/contacts/:contact/photo/$value', photo),
]
