import type { RemoteBlob } from '../../../src/contract/item.ts'
import type { FileRef } from '../../../src/model/file.ts'
import { findAttachments } from '../../../src/references/attachments.ts'
import { encodeHandle } from './handle.ts'
import type { Mapping } from './mapping.ts'

export interface Files {
  readonly files: FileRef[]
  readonly blobs: RemoteBlob[]
}

/** What people dropped into a text. The address is the only name such a file has; signatures in it are no part of the name. */
export function attachmentsIn(text: string, { hosts, place }: Mapping, from = 0): Files {
  const found = findAttachments(text, { hosts }).map((url) => {
    const bare = url.replace(/[?#].*$/, '')
    const name = nameOf(bare)
    return { url, bare, name, mediaType: mediaTypeOf(name) }
  })
  return {
    files: found.map(({ url, bare, name, mediaType }, at) => ({
      nativeId: bare,
      name,
      title: null,
      mediaType,
      bytes: null,
      form: 'attachment',
      state: 'stored',
      blob: from + at,
      url,
      owner: null,
    })),
    blobs: found.map(({ bare, name, mediaType }) => ({
      type: 'handle',
      mediaType,
      name,
      key: `attachment/${bare}`,
      handle: encodeHandle({ type: 'attachment', url: bare, context: place.name }),
    })),
  }
}

function nameOf(url: string): string {
  const last = url.slice(url.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  webp: 'image/webp',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  pdf: 'application/pdf',
  txt: 'text/plain',
  log: 'text/plain',
  zip: 'application/zip',
}
const mediaTypeOf = (name: string): string => types[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'
