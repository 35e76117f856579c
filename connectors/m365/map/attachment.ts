import type { Loss } from '../../../src/contract/fidelity.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { RemoteBlob } from '../../../src/contract/item.ts'
import type { FileRef } from '../../../src/model/file.ts'
import type { Attachment } from '../../../src/standards/properties.ts'
import type { WireAttachment } from '../calendar/wire.ts'
import { filled } from '../fields.ts'
import { seg } from '../graph.ts'
import { degraded } from './mapped.ts'

/** One attachment and the event (series or exception) it hangs on. */
export interface Attached {
  readonly event: string
  readonly attachment: WireAttachment
}
export interface Attachments {
  readonly refs: readonly FileRef[]
  readonly blobs: readonly RemoteBlob[]
  /** What ATTACH says, by native id of the event. */
  readonly lines: ReadonlyMap<string, readonly Attachment[]>
  readonly losses: readonly Loss[]
}

/** The names that attachments have in calendar files: Graph's own address, whichever cloud or proxy it is read through. */
const publicUrl = 'https://graph.microsoft.com/v1.0'

/**
 * Attachments of an event. Files and Outlook items come as bytes from `$value`, of any size; a reference only has an address, if that.
 * `size` counts more than the bytes, so it is not kept. Page: https://learn.microsoft.com/graph/api/attachment-get (read 2026-11-25).
 */
export function attachmentsOf(attached: readonly Attached[], person: string, item: ItemId): Attachments {
  const refs: FileRef[] = []
  const blobs: RemoteBlob[] = []
  const lines = new Map<string, Attachment[]>()
  const losses: Loss[] = []
  for (const { event, attachment } of attached) {
    const path = `/users/${seg(person)}/events/${seg(event)}/attachments/${seg(attachment.id)}/$value`
    const type = attachment['@odata.type'] ?? ''
    const form = type.endsWith('referenceAttachment') ? 'reference' : type.endsWith('itemAttachment') ? 'item' : 'file'
    const name = nameOf(attachment, form)
    const mediaType = form === 'item' ? 'message/rfc822' : (filled(attachment.contentType) ?? 'application/octet-stream')
    const url = form === 'reference' ? filled(attachment.sourceUrl) : `${publicUrl}${path}`
    if (form !== 'reference') {
      const key = `attachment/${attachment.id}/${attachment.lastModifiedDateTime ?? ''}`
      blobs.push({ type: 'handle', mediaType, name, key, handle: `calendars:${path}` })
    } else if (url === null)
      losses.push(degraded(item, 'attachments', 'withheld-by-source', 'a link to a file in the cloud, whose address was not given'))
    refs.push({
      nativeId: attachment.id,
      name,
      title: null,
      mediaType,
      bytes: null,
      form: form === 'file' && attachment.isInline === true ? 'inline' : form,
      state: form !== 'reference' ? 'stored' : url === null ? 'withheld' : 'link',
      blob: form === 'reference' ? null : blobs.length - 1,
      url,
      owner: null,
    })
    if (url !== null) lines.set(event, [...(lines.get(event) ?? []), { url, name, mediaType: form === 'reference' ? null : mediaType }])
  }
  return { refs, blobs, lines, losses }
}

function nameOf({ name }: WireAttachment, form: 'file' | 'item' | 'reference'): string {
  const given = filled(name) ?? 'attachment'
  return form === 'item' && !/\.(eml|ics|vcf)$/i.test(given) ? `${given}.eml` : given
}
