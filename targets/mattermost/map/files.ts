import type { Item } from '../../../src/contract/item.ts'
import type { LossCode } from '../../../src/contract/fidelity.ts'
import type { FileRef } from '../../../src/model/file.ts'
import type { Features } from '../features.ts'
import { fileName } from './names.ts'
import type { PostFile } from './operations.ts'

const NOTHING = { files: [], notes: [] }

/** The files of a message that travel, and a readable line for each one that does not. */
export function mapFiles(
  item: Item<'message'> | Item<'channel'>,
  features: Features,
  report: (code: LossCode, field: string, detail: string) => void,
): { readonly files: readonly PostFile[]; readonly notes: readonly string[] } {
  const refs: readonly FileRef[] = item.kind === 'message' ? item.body.files : item.body.documents
  if (refs.length === 0) return NOTHING
  const files: PostFile[] = []
  const notes: string[] = []
  for (const ref of refs) {
    const blob = ref.blob === null ? null : (item.blobs[ref.blob] ?? null)
    const own = ref.name === '' ? (ref.title ?? '') : ref.name
    const name = fileName(own)
    if (ref.state === 'link')
      notes.push(ref.url === null ? `*(a file elsewhere: ${name})*` : `[${name.replace(/([\\[\]])/g, '\\$1')}](${ref.url})`)
    // Why the source did not give it was recorded when it was backed up.
    else if (blob === null) notes.push(`*(file not available: ${name})*`)
    else if (blob.bytes > features.maxFileBytes) {
      notes.push(`*(file too large: ${name})*`)
      report('too-large', 'files', `a file of ${blob.bytes} bytes; the server takes ${features.maxFileBytes}`)
    } else {
      if (name !== own.normalize('NFC')) report('name-changed', 'files', `a file that cannot have its own name here became "${name}"`)
      files.push({ name, folder: `${blob.sha256.slice(0, 2)}/${blob.sha256}`, blob })
    }
  }
  return { files, notes }
}
