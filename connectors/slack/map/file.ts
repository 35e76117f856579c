import type { Loss } from '../../../src/contract/fidelity.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { RemoteBlob } from '../../../src/contract/item.ts'
import type { FileRef } from '../../../src/model/file.ts'
import { type Wire, filled, flag, text, whole } from '../wire.ts'
import { encodeHandle } from './handle.ts'
import { accountId, degraded } from './item.ts'
import { unescapeEntities } from './text.ts'

export interface Files {
  readonly refs: readonly FileRef[]
  readonly blobs: readonly RemoteBlob[]
  readonly losses: readonly Loss[]
}

const noFiles: Files = { refs: [], blobs: [], losses: [] }

const forms: { readonly [mode: string]: string } = {
  hosted: 'upload',
  file_access: 'upload',
  snippet: 'snippet',
  email: 'upload',
  space: 'post',
  docs: 'post',
  post: 'post',
  canvas: 'canvas',
  quip: 'canvas',
  list: 'list',
  external: 'external',
}
const pages = new Set(['post', 'canvas'])

/** Files as they hang on one item. `from`: how many blobs stand before theirs. A file that is named twice counts once. */
export function files(all: readonly Wire[], of: ItemId, from = 0): Files {
  if (all.length === 0) return noFiles
  const refs: FileRef[] = []
  const blobs: RemoteBlob[] = []
  const losses: Loss[] = []
  const seen = new Set<string>()
  for (const file of all) {
    const id = text(file['id']) ?? ''
    if (id !== '' && seen.has(id)) continue
    seen.add(id)
    const bytes = blobOf(file, id)
    const ref = refOf(file, id)
    const why = lossOf(file, ref, bytes)
    if (why !== undefined) losses.push(degraded(of, 'files', why.code, `file ${id === '' ? 'without id' : id}: ${why.detail}`))
    if (ref.state !== 'stored' || bytes === undefined) refs.push(ref)
    else {
      refs.push({ ...ref, blob: from + blobs.length })
      blobs.push(bytes)
    }
  }
  return { refs, blobs, losses }
}

function lossOf(file: Wire, ref: FileRef, bytes: RemoteBlob | undefined): Pick<Loss, 'code' | 'detail'> | undefined {
  if (ref.state === 'withheld')
    return {
      code: 'withheld-by-source',
      detail: file['mode'] === 'hidden_by_limit' ? 'hidden by the limits of the plan' : 'deleted at the source',
    }
  if (ref.state !== 'stored' || bytes !== undefined) return undefined
  return {
    code: 'withheld-by-source',
    detail: file['file_access'] === 'access_denied' ? 'access denied' : 'the source gives no address of its bytes',
  }
}

function refOf(file: Wire, id: string): FileRef {
  const mode = text(file['mode']) ?? 'hosted'
  const withheld = mode === 'tombstone' || mode === 'hidden_by_limit' || file['file_access'] === 'file_not_found'
  const external = mode === 'external' || flag(file['is_external'])
  const title = filled(file['title'])
  return {
    nativeId: id,
    name: nameOf(file, id),
    title: title === null ? null : unescapeEntities(title),
    mediaType: mediaTypeOf(file, mode),
    bytes: whole(file['size']),
    form: external ? 'external' : (forms[mode] ?? (withheld ? 'upload' : mode)),
    state: withheld ? 'withheld' : external ? 'link' : 'stored',
    blob: null,
    url: external ? (filled(file['external_url']) ?? filled(file['url_private']) ?? filled(file['permalink'])) : null,
    owner: filled(file['user']) === null ? null : accountId(text(file['user']) ?? ''),
  }
}

const extensions: { readonly [form: string]: string } = { post: '.html', canvas: '.html', list: '.json' }
function nameOf(file: Wire, id: string): string {
  const mode = text(file['mode']) ?? ''
  const own = filled(file['name']) ?? filled(file['title'])
  const name = own === null ? (id === '' ? 'file' : id) : unescapeEntities(own)
  const extension = extensions[forms[mode] ?? ''] ?? ''
  return extension === '' || name.endsWith(extension) ? name : `${name}${extension}`
}

function mediaTypeOf(file: Wire, mode: string): string {
  const form = forms[mode] ?? ''
  if (pages.has(form)) return 'text/html'
  if (form === 'list') return 'application/json'
  const said = filled(file['mimetype'])
  return said !== null && /^[\w.+-]+\/[\w.+-]+$/.test(said) ? said.toLowerCase() : 'application/octet-stream'
}

/** The bytes of a stored file. Their key changes when the file is edited at the source and is equal for every road to it. */
function blobOf(file: Wire, id: string): RemoteBlob | undefined {
  const mode = text(file['mode']) ?? 'hosted'
  if (id === '' || flag(file['is_external']) || ['external', 'tombstone', 'hidden_by_limit'].includes(mode)) return undefined
  const form = forms[mode] ?? ''
  const size = whole(file['size'])
  const editable = form !== 'upload' && form !== ''
  const version =
    (editable ? (whole(file['edit_timestamp']) ?? whole(file['updated'])) : null) ?? whole(file['timestamp']) ?? whole(file['created']) ?? 0
  const blob = { mediaType: mediaTypeOf(file, mode), name: nameOf(file, id), key: `file/${id}/${version}-${size ?? 0}` }
  if (form === 'list') return { ...blob, type: 'handle', handle: encodeHandle({ type: 'list', id }) }
  const url = filled(file['url_private_download']) ?? filled(file['url_private'])
  if (url === null) return undefined
  const html = pages.has(form)
  // What a page weighs is not what Slack says of the document behind it.
  const bytes = html || size === null || size === 0 ? null : size
  const handle = encodeHandle({
    type: 'url',
    url,
    html: html || blob.mediaType.includes('html') || file['filetype'] === 'html',
    auth: true,
    bytes,
  })
  return bytes === null ? { ...blob, type: 'handle', handle } : { ...blob, type: 'handle', handle, bytes }
}
