import { hash } from 'node:crypto'
import type { RemoteBlob } from '../../../src/contract/item.ts'
import { Fault } from '../../../src/fault.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { hasNoMailbox } from '../graph-fault.ts'

/** Pictures are a few ten thousand bytes; what is larger than this is none. */
const largest = 16 * 1024 * 1024

/** A picture in hand, that there is none (which most contacts have), or that there is one which cannot be had. */
export type Photo =
  | { readonly type: 'none' }
  | { readonly type: 'withheld' }
  | { readonly type: 'blob'; readonly mark: string; readonly blob: RemoteBlob }

export const photoPath = (person: string, folder: string, contact: string): string =>
  `/users/${seg(person)}/contactFolders/${seg(folder)}/contacts/${seg(contact)}/photo/$value`

/** Nothing but asking tells whether a contact has a picture: https://learn.microsoft.com/graph/api/profilephoto-get (read 2026-11-25). */
export async function fetchPhoto(graph: Graph, person: GraphPerson, folder: string, contact: string, signal: AbortSignal): Promise<Photo> {
  try {
    const parts: Uint8Array[] = []
    let bytes = 0
    for await (const part of await graph.stream(photoPath(person.id, folder, contact), signal)) {
      parts.push(part)
      if ((bytes += part.byteLength) > largest) return { type: 'withheld' }
    }
    if (bytes === 0) return { type: 'none' }
    const data = new Uint8Array(Buffer.concat(parts))
    const mark = hash('sha256', data, 'base64url').slice(0, 16)
    return { type: 'blob', mark, blob: { ...named(contact, mark, typeOf(data)), type: 'inline', data } }
  } catch (error) {
    if (!(error instanceof Fault) || hasNoMailbox(error)) throw error
    if (error.code === 'gone') return { type: 'none' }
    if (error.code === 'permission' || error.code === 'rejected') return { type: 'withheld' }
    throw error
  }
}

/** A picture that an earlier run had in hand. `more`: what was remembered of it. */
export function knownPhoto(person: string, folder: string, contact: string, more: string): RemoteBlob | undefined {
  const [mark, mediaType] = more.split(' ')
  if (mark === undefined || mark === '' || mediaType === undefined) return undefined
  return { ...named(contact, mark, mediaType), type: 'handle', handle: `contacts:${photoPath(person, folder, contact)}` }
}
export const remembered = (photo: Photo): string => (photo.type === 'blob' ? `${photo.mark} ${photo.blob.mediaType}` : '')

const named = (contact: string, mark: string, mediaType: string): { mediaType: string; name: string; key: string } => ({
  mediaType,
  name: `photo.${mediaType === 'image/png' ? 'png' : mediaType === 'image/gif' ? 'gif' : 'jpg'}`,
  key: `contact-photo/${contact}/${mark}`,
})

const typeOf = (data: Uint8Array): string => (data[0] === 0x89 ? 'image/png' : data[0] === 0x47 ? 'image/gif' : 'image/jpeg')
