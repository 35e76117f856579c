import { basename, join, normalize } from 'node:path/posix'
import { saveFile } from '../media.ts'
import type { FileRow, PostRow } from '../rows.ts'
import type { Store } from '../store.ts'
import type { AttachmentLine } from './shapes.ts'
import { abort } from './validate.ts'
import type { ImportZip } from './zip.ts'

/** What the lines of one run share. */
export interface Run {
  readonly store: Store
  readonly zip: ImportZip
  readonly warnings: string[]
}

/** Where a path of a line points in the zip: below `data/`, never out of it. */
export function entryName(path: string): string | undefined {
  const name = normalize(join('data', path.normalize('NFC')))
  return name.startsWith('data/') ? name : undefined
}

/** Bytes of a file a line names, or undefined if the zip has none. */
export async function readMember(run: Run, path: string): Promise<Buffer | undefined> {
  const name = entryName(path)
  return name !== undefined && run.zip.has(name) ? run.zip.read(name) : undefined
}

/**
 * Stores the attachments of one post and gives the ids it will have, in no order a client chose.
 * A file the post already has (same name, size and bytes) is kept. What is missing aborts old servers and is a warning on new ones.
 */
export async function storeAttachments(run: Run, lines: readonly AttachmentLine[] | undefined, post: PostRow): Promise<Set<string>> {
  const ids = new Set<string>()
  for (const { path = '' } of lines ?? []) {
    const bytes = await readMember(run, path)
    if (bytes === undefined) {
      if (run.store.can.missingAttachmentAborts) abort('app.import.attachment.bad_file.error', '', `Error reading the file: "${path}"`)
      run.warnings.push(`attachment ${path} not found`)
      continue
    }
    const kept = sameFile(run.store, post, basename(path), bytes)
    if (kept !== undefined) ids.add(kept.id)
    else if (!run.store.can.missingAttachmentAborts && bytes.byteLength > run.store.config.FileSettings.MaxFileSize)
      run.warnings.push(`attachment ${path} is larger than MaxFileSize`)
    else
      ids.add(
        saveFile(run.store, { user_id: post.user_id, channel_id: post.channel_id, name: basename(path), bytes, create_at: post.create_at })
          .id,
      )
  }
  return ids
}

function sameFile(store: Store, post: PostRow, name: string, bytes: Buffer): FileRow | undefined {
  if (post.id === '') return undefined
  return store.knownFiles(post.id).find((file) => store.files.has(file.id) && file.name === name && bytes.equals(file.bytes))
}

/** Makes exactly these files the post's: every other one is destroyed, whether the line meant that or not. */
export function replaceFiles(store: Store, post: PostRow, ids: ReadonlySet<string>): void {
  for (const id of post.file_ids) {
    const file = store.files.get(id)
    if (file !== undefined && !ids.has(id)) store.dropFile(file)
  }
  post.file_ids = [...ids].toSorted()
}

export function attachFiles(store: Store, post: PostRow): void {
  for (const id of post.file_ids) store.attachFile(id, post.id)
}
