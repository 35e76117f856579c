import type { Collection } from '../contract/connector.ts'
import type { BlobRef, Item, Kind } from '../contract/item.ts'
import type { SnapshotReader } from '../contract/vault.ts'
import { safeFileName, UniqueNames } from '../model/file-name.ts'
import { codeKinds } from '../model/code-kinds.ts'
import type { FileRef } from '../model/file.ts'
import { CodePages } from './code-pages.ts'
import { lines, row, text, type ExportEntry } from './export-entry.ts'

/** Kinds that grow without end: one file of lines a month. */
const monthly: ReadonlySet<Kind> = new Set(['issue', 'change-request', 'discussion', 'review', 'comment', 'timeline-event'])

/** True for collections that hold a repository or boards. */
export const isCode = ({ kinds }: Collection): boolean => kinds.some((kind) => (codeKinds as readonly Kind[]).includes(kind))

/**
 * A repository's folder: git bundles that `git clone` and `git fetch` open, one Markdown file for each issue, change request and discussion with
 * everything that was said under it, the same once more as JSON lines, and releases, attachments and large files under their names.
 * Memory grows with one month of one kind; what was said waits in a temporary database.
 */
export async function* codeEntries(
  { id, title, kinds }: Collection,
  reader: SnapshotReader,
  folders: UniqueNames,
  signal: AbortSignal,
): AsyncGenerator<ExportEntry> {
  const folder = folders.take(
    `code/${title
      .split('/')
      .map((part) => safeFileName(part, 'unnamed'))
      .join('/')}`,
  )
  using pages = new CodePages()
  const files = new UniqueNames()
  for (const kind of codeKinds) {
    if (!kinds.includes(kind)) continue
    let rows: object[] = []
    let month = ''
    const name = (): string => `${folder}/${kind}${month === '' ? '' : ` ${month}`}.jsonl`
    for await (const item of reader.items({ collection: id, kinds: [kind] }, signal)) {
      pages.add(item)
      const now = monthly.has(kind) ? timeOf(item).slice(0, 7) : ''
      if (rows.length > 0 && now !== month) {
        yield lines(name(), rows)
        rows = []
      }
      month = now
      const paths: (string | null)[] = []
      for (const [at, blob] of item.blobs.entries()) {
        const path = blob === null ? null : files.take(`${folder}/${pathOf(item, at)}`)
        if (blob !== null && path !== null) yield entry(path, blob, reader)
        paths.push(path)
      }
      rows.push(row(item, paths))
    }
    if (rows.length > 0) yield lines(name(), rows)
  }
  for (const page of pages.all()) yield text(`${folder}/${page.name}`, page.content)
}

const entry = (name: string, blob: BlobRef, reader: SnapshotReader): ExportEntry => ({
  name,
  bytes: blob.bytes,
  open: (signal) => reader.open(blob, signal),
})

function timeOf({ kind, body }: Item): string {
  switch (kind) {
    case 'review':
      return body.submittedAt
    case 'timeline-event':
      return body.at
    default:
      return 'createdAt' in body && typeof body.createdAt === 'string' ? body.createdAt : ''
  }
}

/** Where the bytes at a position of an item stand, below the folder of its repository. */
function pathOf(item: Item, at: number): string {
  switch (item.kind) {
    case 'repository': {
      const wiki = (item.body.wiki?.bundles ?? []).findIndex(({ blob }) => blob === at)
      const number = wiki < 0 ? (item.body.git?.bundles ?? []).findIndex(({ blob }) => blob === at) : wiki
      return `${wiki < 0 ? 'git' : 'wiki'}/${String(number + 1).padStart(4, '0')}.bundle`
    }
    case 'lfs-object':
      return `lfs/${item.body.oid.slice(0, 2)}/${item.body.oid}`
    case 'release': {
      const asset = item.body.assets.find(({ blob }) => blob === at)
      return asset === undefined
        ? attachment(item.body.attachments, at)
        : `releases/${safeFileName(item.body.tag, 'untagged')}/${nameOf(asset)}`
    }
    default:
      return attachment('attachments' in item.body ? item.body.attachments : [], at)
  }
}
const nameOf = ({ name, nativeId }: FileRef): string => safeFileName(name, safeFileName(nativeId, 'file'))
function attachment(refs: readonly FileRef[], at: number): string {
  const ref = refs.find(({ blob }) => blob === at)
  return `attachments/${ref === undefined ? `file-${at}` : nameOf(ref)}`
}
