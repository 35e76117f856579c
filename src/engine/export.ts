import type { BlobRef, Item } from '../contract/item.ts'
import type { JsonValue } from '../contract/json.ts'
import type { SnapshotReader } from '../contract/vault.ts'
import { writeTar } from '../bundle/tar.ts'
import { writeZip } from '../bundle/zip.ts'
import { safeFileName, UniqueNames } from '../model/file-name.ts'
import { monthOf } from '../model/time.ts'
import { exportReadme } from './export-readme.ts'
import { slackLayout } from './export-slack.ts'

/** One file of an export, by its readable path. */
export interface ExportEntry {
  readonly name: string
  readonly bytes: number
  open(signal: AbortSignal): Promise<Uint8Array | ReadableStream<Uint8Array>>
}
export interface ExportSummary {
  readonly command: 'export'
  readonly snapshot: string
  readonly path: string
  readonly entries: number
  readonly bytes: number
}

/**
 * Writes a snapshot as one zip or tar that needs nothing of ours: JSON lines per channel and month, files under their names, and the same
 * messages once more in the layout of a Slack export, which other importers read. Plain text: the caller says so to the person.
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
      yield { ...entry, deflate: /\.(jsonl?|txt|md)$/.test(entry.name) }
    }
  }
  if (format === 'zip') await writeZip(path, counted(), signal)
  else await writeTar(path, counted(), signal)
  return { command: 'export', snapshot: reader.manifest.id, path, entries, bytes }
}

const text = (name: string, content: string): ExportEntry => {
  const data = Buffer.from(content)
  return { name, bytes: data.byteLength, open: () => Promise.resolve(data) }
}
const lines = (name: string, values: readonly object[]): ExportEntry =>
  text(name, values.map((value) => `${JSON.stringify(value)}\n`).join(''))

async function* exportEntries(reader: SnapshotReader, signal: AbortSignal): AsyncGenerator<ExportEntry> {
  yield text('README.txt', exportReadme(reader.manifest))
  yield text('snapshot.json', `${JSON.stringify(reader.manifest, undefined, 2)}\n`)
  yield lines('losses.jsonl', await Array.fromAsync(reader.losses(signal)))
  yield lines('deleted.jsonl', await Array.fromAsync(reader.tombstones(signal)))
  const files = new BlobFiles(reader)
  const slack = slackLayout()
  for (const kind of ['account', 'group', 'emoji'] as const) {
    const rows: object[] = []
    for await (const item of reader.items({ kinds: [kind] }, signal)) {
      const paths = item.blobs.map((blob) => (blob === null ? null : files.place(`directory/${kind}-files`, nameOf(item), blob)))
      yield* files.take()
      rows.push(row(item, paths))
      slack.directory(item.kind, item.raw)
    }
    yield lines(`directory/${kind}s.jsonl`, rows)
  }
  const folders = new UniqueNames()
  for await (const collection of reader.collections()) {
    const folder = `channels/${folders.take(safeFileName(collection.title, collection.id.replace('/', '-')))}`
    let slackFolder = folder.slice('channels/'.length)
    let month: { name: string; rows: { at: string; value: object; raw: JsonValue }[] } | undefined
    const flush = function* (): Generator<ExportEntry> {
      if (month === undefined) return
      // A vault keeps a month in the order of storing; people read in the order of time.
      const rows = month.rows.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
      yield lines(
        `${folder}/${month.name}.jsonl`,
        rows.map(({ value }) => value),
      )
      for (const day of slack.days(slackFolder, rows)) yield text(day.name, day.content)
      month = undefined
    }
    const placed = (item: Item) =>
      item.blobs.map((blob, at) => (blob === null ? null : files.place(`${folder}/files`, fileName(item, at), blob)))
    for await (const item of reader.items({ collection: collection.id, kinds: ['channel'] }, signal)) {
      if (item.kind !== 'channel') continue
      const paths = placed(item)
      yield* files.take()
      yield text(`${folder}/channel.json`, `${JSON.stringify(row(item, paths), undefined, 2)}\n`)
      slackFolder = slack.channel(item.body.type, item.raw, slackFolder)
    }
    for await (const item of reader.items({ collection: collection.id, kinds: ['message'] }, signal)) {
      if (item.kind !== 'message') continue
      const paths = placed(item)
      yield* files.take()
      const name = monthOf(item.body.sentAt)
      if (month !== undefined && month.name !== name) yield* flush()
      month ??= { name, rows: [] }
      month.rows.push({ at: item.body.sentAt, value: row(item, paths), raw: item.raw })
    }
    yield* flush()
  }
  for (const { name, content } of slack.roots()) yield text(name, content)
}

const row = ({ id, revision, body, provenance, raw }: Item, files: readonly (string | null)[]): object => ({
  id,
  revision,
  ...body,
  blobs: files,
  provenance,
  raw,
})

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
