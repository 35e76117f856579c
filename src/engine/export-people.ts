import type { Collection } from '../contract/connector.ts'
import type { Item, Kind } from '../contract/item.ts'
import type { SnapshotReader } from '../contract/vault.ts'
import { safeFileName, UniqueNames } from '../model/file-name.ts'
import { calendarFile } from './calendar-file.ts'
import { lines, row, text, type ExportEntry } from './export-entry.ts'

/** What every calendar or list holds, and the file it becomes. */
const files = {
  calendar: { holds: 'event', extension: '.ics' },
  tasklist: { holds: 'task', extension: '.ics' },
  addressbook: { holds: 'contact', extension: '.vcf' },
} as const satisfies Partial<Record<Kind, { holds: Kind; extension: string }>>
type Container = keyof typeof files

/** True for collections whose content stands in people's folders: mail, calendars, contacts, tasks. */
export const isPersonal = ({ kinds }: Collection): boolean =>
  kinds.some((kind) => kind === 'mailbox' || kind === 'calendar' || kind === 'addressbook' || kind === 'tasklist')

/**
 * A person's folder: mails as .eml under the name of their folder, one file for each calendar, address book and task list, and the same
 * once more as JSON lines with what those formats have no room for.
 */
export async function* personalEntries(
  { id, title, owner }: Collection,
  reader: SnapshotReader,
  folders: UniqueNames,
  owners: Map<string, string>,
  signal: AbortSignal,
): AsyncGenerator<ExportEntry> {
  const folder = owners.get(owner ?? id) ?? folders.take(`people/${safeFileName(title, 'unnamed')}`)
  owners.set(owner ?? id, folder)
  for (const container of Object.keys(files) as Container[]) yield* containerEntries(container, folder, id, reader, signal)
  for await (const item of reader.items({ collection: id, kinds: ['mail-settings'] }, signal))
    yield text(`${folder}/mail-settings.json`, `${JSON.stringify(row(item, []), undefined, 2)}\n`)
  yield* mailEntries(folder, id, reader, signal)
}

async function* containerEntries(
  container: Container,
  folder: string,
  collection: Collection['id'],
  reader: SnapshotReader,
  signal: AbortSignal,
): AsyncGenerator<ExportEntry> {
  const { holds, extension } = files[container]
  const names = new Map<string, string>()
  const taken = new UniqueNames()
  const rows: object[] = []
  for await (const item of reader.items({ collection, kinds: [container] }, signal)) {
    if (!('name' in item.body)) continue
    names.set(item.id, taken.take(`${folder}/${container}s/${safeFileName(item.body.name, container)}`))
    rows.push(row(item, []))
  }
  const texts = new Map<string, string[]>()
  for await (const item of reader.items({ collection, kinds: [holds] }, signal)) {
    const [place, content] = contentOf(item)
    const name = names.get(place) ?? `${folder}/${container}s/others`
    names.set(place, name)
    const all = texts.get(name)
    if (all === undefined) texts.set(name, [content])
    else all.push(content)
    const blobs: (string | null)[] = []
    for (const [at, blob] of item.blobs.entries()) {
      const path = blob === null ? null : `${name} files/${safeFileName(item.id.replaceAll('/', '-'))}-${at}`
      if (blob !== null && path !== null) yield { name: path, bytes: blob.bytes, open: (stop) => reader.open(blob, stop) }
      blobs.push(path)
    }
    rows.push(row(item, blobs))
  }
  for (const [name, all] of texts)
    yield text(`${name}${extension}`, extension === '.vcf' ? all.join('') : calendarFile(name.split('/').at(-1) ?? '', all).text)
  if (rows.length > 0) yield lines(`${folder}/${container}s.jsonl`, rows)
}

/** The container an item stands in, and its text. */
function contentOf(item: Item): readonly [string, string] {
  if (item.kind === 'event') return [item.body.calendar, item.body.ics]
  if (item.kind === 'task') return [item.body.tasklist, item.body.ics]
  if (item.kind === 'contact') return [item.body.addressbook, item.body.vcf]
  return ['', '']
}

async function* mailEntries(
  folder: string,
  collection: Collection['id'],
  reader: SnapshotReader,
  signal: AbortSignal,
): AsyncGenerator<ExportEntry> {
  const places = new Map<string, string>()
  const taken = new UniqueNames()
  const mailboxes: object[] = []
  for await (const item of reader.items({ collection, kinds: ['mailbox'] }, signal)) {
    if (item.kind !== 'mailbox') continue
    places.set(item.id, taken.take(`${folder}/mail/${item.body.path.map((name) => safeFileName(name)).join('/')}`))
    mailboxes.push(row(item, []))
  }
  if (mailboxes.length > 0) yield lines(`${folder}/mailboxes.jsonl`, mailboxes)
  let month: { readonly name: string; readonly rows: object[] } | undefined
  for await (const item of reader.items({ collection, kinds: ['mail'] }, signal)) {
    if (item.kind !== 'mail') continue
    const { receivedAt, mailboxes: in_, rfc822 } = item.body
    const blob = rfc822 === null ? null : (item.blobs[rfc822] ?? null)
    const place = places.get(in_[0] ?? '') ?? `${folder}/mail/(archived)`
    const path = `${place}/${receivedAt.slice(0, 10)}_${safeFileName(item.id.split('/').at(-1) ?? '')}.eml`
    if (blob !== null) yield { name: path, bytes: blob.bytes, open: (stop) => reader.open(blob, stop) }
    const name = receivedAt.slice(0, 7)
    if (month !== undefined && month.name !== name) yield lines(`${folder}/mail ${month.name}.jsonl`, month.rows)
    if (month?.name !== name) month = { name, rows: [] }
    month.rows.push(row(item, [blob === null ? null : path]))
  }
  if (month !== undefined) yield lines(`${folder}/mail ${month.name}.jsonl`, month.rows)
}
