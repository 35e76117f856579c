import { Refusal } from './refusal.ts'
import type { FileRow } from './rows.ts'
import type { Store } from './store.ts'

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  txt: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  zip: 'application/zip',
  mp4: 'video/mp4',
  csv: 'text/csv; charset=utf-8',
}
const MAX_PIXELS = 6048 * 4032

export const extensionOf = (name: string): string => (name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : '')

/** Width and height of a PNG or GIF, else zero: enough for what answers carry. */
export function dimensions(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length >= 24 && view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) }
  if (bytes.length >= 10 && view.getUint32(0) === 0x47494638) return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
  return { width: 0, height: 0 }
}

/** PNG, GIF or JPEG by its first bytes. */
export const isImage = (bytes: Uint8Array): boolean =>
  ['89504e47', '47494638', 'ffd8ff'].some((magic) => Buffer.from(bytes.subarray(0, 4)).toString('hex').startsWith(magic))

/** Stores the bytes of a file. Pictures of more than 24 million pixels are refused, with the one error an import shrugs off. */
export function saveFile(
  store: Store,
  fields: Pick<FileRow, 'user_id' | 'channel_id' | 'name' | 'bytes'> & { create_at?: number },
): FileRow {
  const extension = extensionOf(fields.name)
  const image = (TYPES[extension] ?? '').startsWith('image/') && extension !== 'svg'
  const size = image ? dimensions(fields.bytes) : { width: 0, height: 0 }
  if (size.width * size.height > MAX_PIXELS) throw new Refusal('api.file.upload_file.large_image.app_error', 400, 'The image is too large.')
  const create_at = fields.create_at ?? store.now()
  return store.addFile({
    ...fields,
    ...size,
    id: store.id(),
    post_id: '',
    create_at,
    update_at: create_at,
    delete_at: 0,
    mime_type: TYPES[extension] ?? 'application/octet-stream',
  })
}
