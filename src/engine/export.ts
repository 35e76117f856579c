import type { CollectionId } from '../contract/ids.ts'
import type { BlobRef, Item } from '../contract/item.ts'
import type { JsonValue } from '../contract/json.ts'
import type { SnapshotReader } from '../contract/vault.ts'
import { writeTar } from '../bundle/tar.ts'
import { writeZip } from '../bundle/zip.ts'
import { safeFileName, UniqueNames } from '../model/file-name.ts'
import { monthOf } from '../model/time.ts'
import { lines, row, text, type ExportEntry } from './export-entry.ts'
import { codeEntries, isCode } from './export-code.ts'
import { isPersonal, personalEntries } from './export-people.ts'
import { exportReadme } from './export-readme.ts'
import { slackLayout } from './export-slack.ts'

export interface ExportSummary {
  readonly command: 'export'
  readonly snapshot: string
  readonly path: string
  readonly entries: number
  readonly bytes: number
}

/**
 * Writes a snapshot as one zip or tar that needs nothing of ours: JSON lines per channel and month, files under their names, the same messages
 * once more in the layout of a Slack export, which other importers read; mails, calendars and address books as .eml, .ics and .vcf by person;
 * repositories as git bundles with a Markdown page for each issue and change request.
 * Plain text: the caller says so to the person.
 */
export async function exportSnapshot(
  reader: SnapshotReader,
  path: string,
  format: 'zip' | 'tar',
  signal: AbortSignal,
): Promise<ExportSummary> {
  let entries = 0
  let bytes = 0
  const counted = async function* (): AsyncGenerator<ExportEntry & { deflate: boolean }> {
    for await (const entry of exportEntries(reader, signal)) {
      entries++
      bytes += entry.bytes
      yield { ...entry, deflate: /\.(jsonl?|txt|md|eml|ics|vcf)$/.test(entry.name) }
    }
  }
  if (format === 'zip') await writeZip(path, counted(), signal)
  else await writeTar(path, counted(), signal)
  return { command: 'export', snapshot: reader.manifest.id, path, entries, bytes }
}

/** What all parts of one export share. */
interface Parts {
  readonly reader: SnapshotReader
  readonly files: BlobFiles
  readonly slack: ReturnType<typeof slackLayout>
  readonly folders: UniqueNames
}

async function* exportEntries(reader: SnapshotReader, signal: AbortSignal): AsyncGenerator<ExportEntry> {
  yield text('README.txt', exportReadme(reader.manifest))
  yield text('snapshot.json', `${JSON.stringify(reader.manifest, undefined, 2)}\n`)
  yield lines('losses.jsonl', await Array.fromAsync(reader.losses(undefined, signal)))
  yield lines('deleted.jsonl', await Array.fromAsync(reader.tombstones(signal)))
  const parts: Parts = { reader, files: new BlobFiles(reader), slack: slackLayout(), folders: new UniqueNames() }
  for (const kind of ['account', 'group', 'emoji'] as const) yield* directoryEntries(kind, parts, signal)
  const owners = new Map<string, string>()
  for await (const collection of reader.collections())
    if (isCode(collection)) yield* codeEntries(collection, reader, parts.folders, signal)
    else if (isPersonal(collection)) yield* personalEntries(collection, reader, parts.folders, owners, signal)
    else yield* channelEntries(collection.id, parts, signal)
  for (const { name, content } of parts.slack.roots()) yield text(name, content)
}

async function* directoryEntries(
  kind: 'account' | 'group' | 'emoji',
  { reader, files, slack }: Parts,
  signal: AbortSignal,
): AsyncGenerator<ExportEntry> {
  const rows: object[] = []
  for await (const item of reader.items({ kinds: [kind] }, signal)) {
    const paths = item.blobs.map((blob) =>
      blob === null ? null : files.place(`directory/${kind}-files`, `${nameOf(item)}${extensions[blob.mediaType] ?? ''}`, blob),
    )
    yield* files.take()
    rows.push(row(item, paths))
    slack.directory(item.kind, item.raw)
  }
  yield lines(`directory/${kind}s.jsonl`, rows)
}

/** A channel's folder: the channel itself, a file of messages for each month, its files; and its days in the layout of Slack. */
async function* channelEntries(
  collection: CollectionId,
  { reader, files, slack, folders }: Parts,
  signal: AbortSignal,
): AsyncGenerator<ExportEntry> {
  let folder: string | undefined
  let slackFolder = ''
  const placed = (item: Item): readonly (string | null)[] =>
    item.blobs.map((blob, at) => (blob === null ? null : files.place(`channels/${folder}/files`, fileName(item, at), blob)))
  for await (const item of reader.items({ collection, kinds: ['channel'] }, signal)) {
    if (item.kind !== 'channel') continue
    folder ??= folders.take(safeFileName(item.body.name, collection.replace('/', '-')))
    slackFolder = slack.channel(item.body.type, item.raw, folder)
    const paths = placed(item)
    yield* files.take()
    yield text(`channels/${folder}/channel.json`, `${JSON.stringify(row(item, paths), undefined, 2)}\n`)
  }
  let month: Month | undefined
  for await (const item of reader.items({ collection, kinds: ['message'] }, signal)) {
    if (item.kind !== 'message') continue
    // A channel that is not there itself, but whose messages are, has its id for a name.
    if (folder === undefined) slackFolder = folder = folders.take(collection.replace('/', '-'))
    const paths = placed(item)
    yield* files.take()
    const name = monthOf(item.body.sentAt)
    if (month !== undefined && month.name !== name) {
      yield* monthEntries(month, folder, slackFolder, slack)
      month = undefined
    }
    month ??= { name, rows: [] }
    month.rows.push({ at: item.body.sentAt, value: row(item, paths), raw: item.raw })
  }
  if (month !== undefined && folder !== undefined) yield* monthEntries(month, folder, slackFolder, slack)
}

interface Month {
  readonly name: string
  readonly rows: { readonly at: string; readonly value: object; readonly raw: JsonValue }[]
}

function* monthEntries(month: Month, folder: string, slackFolder: string, slack: Parts['slack']): Generator<ExportEntry> {
  // A vault keeps a month in the order of storing; people read in the order of time.
  const rows = month.rows.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  yield lines(
    `channels/${folder}/${month.name}.jsonl`,
    rows.map(({ value }) => value),
  )
  for (const day of slack.days(slackFolder, rows)) yield text(day.name, day.content)
}

/** Pictures have no file name at the source. */
const extensions: Readonly<Record<string, string>> = {
  'image/png': '.png',
  'image/gif': '.gif',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
}

function nameOf(item: Item): string {
  return item.kind === 'emoji' ? item.body.name : item.kind === 'account' || item.kind === 'group' ? item.body.handle : item.id
}

function fileName(item: Item, at: number): string {
  const files = item.kind === 'channel' ? item.body.documents : item.kind === 'message' ? item.body.files : []
  return files.find(({ blob }) => blob === at)?.name ?? `${item.id.replaceAll('/', '-')}-${at}`
}

/** Gives every content one file: the same bytes shared in two channels are written once, and both rows name that path. */
class BlobFiles {
  readonly #reader: SnapshotReader
  readonly #paths = new Map<string, string>()
  readonly #names = new UniqueNames()
  #placed: ExportEntry[] = []
  constructor(reader: SnapshotReader) {
    this.#reader = reader
  }
  place(folder: string, name: string, blob: BlobRef): string {
    const known = this.#paths.get(blob.sha256)
    if (known !== undefined) return known
    const path = this.#names.take(`${folder}/${safeFileName(name, blob.sha256.slice(0, 16))}`)
    this.#paths.set(blob.sha256, path)
    this.#placed.push({ name: path, bytes: blob.bytes, open: (signal) => this.#reader.open(blob, signal) })
    return path
  }
  take(): readonly ExportEntry[] {
    const placed = this.#placed
    this.#placed = []
    return placed
  }
}
