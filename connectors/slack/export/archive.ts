import type { Unzip, ZipEntry } from '../../../src/bundle/unzip.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { Fault } from '../../../src/fault.ts'
import type { Channel } from '../../../src/model/channel.ts'
import { type Selection, selects } from '../config.ts'
import { channelId, dropped, sharedNative } from '../map/item.ts'
import { filled, text, type Wire } from '../wire.ts'
import { type Element, elements } from './json.ts'

/** A channel of an export: what its list says, and the files its messages are in, by date. */
export interface ExportedChannel {
  readonly object: Wire
  readonly type: Channel['type']
  /** The file that named it; undefined: none did, and only its folder is there. */
  readonly from: string | undefined
  readonly days: readonly ZipEntry[]
  /** Files beside the days that speak of canvases. */
  readonly documents: readonly ZipEntry[]
}
export interface Layout {
  /** Where the lists of people are: the root, and in a Grid export each team's folder. */
  readonly users: readonly ZipEntry[]
  readonly channels: ReadonlyMap<string, ExportedChannel>
  readonly losses: readonly Loss[]
}

const lists = [
  ['channels.json', 'public'],
  ['groups.json', 'private'],
  ['dms.json', 'direct'],
  ['mpims.json', 'group-direct'],
] as const
const day = /^\d{4}-\d{2}-\d{2}\.json$/

/** Finds everything in an export by name; reads the lists of channels, which grow with channels and members, and nothing else. */
export async function layoutOf(zip: Unzip, selection: Selection, signal: AbortSignal): Promise<Layout> {
  const folders = foldersOf(zip)
  const roots = rootsOf(zip)
  if (roots.length === 0)
    throw new Fault({
      code: 'config',
      what: 'This zip is not a Slack export',
      why: 'it has neither users.json nor channels.json',
      remedy: 'Give the file that Slack made, as it is',
    })
  const losses: Loss[] = zip.refused.map(({ why }, at) =>
    dropped(channelId(`entry-${at + 1}`), 'invalid-at-source', `an entry of the archive is not read: ${why}`),
  )
  const channels = new Map<string, ExportedChannel>()
  const claimed = new Set<string>()
  for (const root of roots) {
    for (const [name, type] of lists) {
      const entry = zip.entries.get(root + name)
      if (entry === undefined) continue
      for await (const object of elements(zip.stream(entry, signal)))
        addChannel(object, type, { root, name, folders, channels, claimed, losses })
    }
  }
  for (const [folder, files] of folders)
    if (!claimed.has(folder) && files.some((file) => day.test(baseOf(file.name)))) addUnknown(folder, files, channels, losses)
  for (const [id, { object }] of channels) {
    if (selects(selection, id, text(object['name']) ?? '')) continue
    channels.delete(id)
    losses.push(dropped(channelId(id), 'excluded-by-policy', 'left out by the configuration'))
  }
  const users = roots.flatMap((root) => ['users.json', 'org_users.json'].flatMap((name) => zip.entries.get(root + name) ?? []))
  return { users, channels, losses }
}

interface Finding {
  readonly root: string
  readonly name: string
  readonly folders: ReadonlyMap<string, readonly ZipEntry[]>
  readonly channels: Map<string, ExportedChannel>
  readonly claimed: Set<string>
  readonly losses: Loss[]
}

function addChannel(object: Element, type: Channel['type'], { root, name: from, folders, channels, claimed, losses }: Finding): void {
  const id = filled(object?.['id'])
  if (object === undefined || id === null) {
    losses.push(dropped(channelId(`${from}-unreadable`), 'invalid-at-source', `an entry of ${from} cannot be read`))
    return
  }
  const name = filled(object['name'])
  const own = [name, id]
    .flatMap((folder) => (folder === null ? [] : [root + folder]))
    .filter((folder) => folders.has(folder) && !claimed.has(folder))
  own.forEach((folder) => claimed.add(folder))
  const files = own.flatMap((folder) => folders.get(folder) ?? [])
  const known = channels.get(id)
  const days = [...(known?.days ?? []), ...files.filter((file) => day.test(baseOf(file.name)))]
  const documents = [...(known?.documents ?? []), ...files.filter((file) => /^canvas/.test(baseOf(file.name)))]
  // A channel that is shared between the teams of a Grid is listed by each; the first is kept, and never made more open by the others.
  channels.set(id, {
    object: known?.object ?? sharing(object),
    type: known?.type ?? type,
    from: known?.from ?? from,
    days: days.toSorted(byDate),
    documents,
  })
}

/** A company has as many memberships as people times channels, and all of these objects stay: each person is one text in them. */
const sharing = (object: Wire): Wire => (Array.isArray(object['members']) ? { ...object, members: object['members'].map(shared) } : object)
const shared = (member: unknown): unknown => (typeof member === 'string' ? sharedNative(member) : member)

/** Messages in a folder that no list names: whose they are is unknown, so it is private and nobody is said to be in it. */
function addUnknown(folder: string, files: readonly ZipEntry[], channels: Map<string, ExportedChannel>, losses: Loss[]): void {
  const base = baseOf(folder)
  if (base.startsWith('FC:')) {
    losses.push(dropped(channelId(base.split(':')[1] ?? base), 'no-such-concept', 'a conversation about a file, outside of any channel'))
    return
  }
  const id = /^[CDG][A-Z\d]{7,}$/.test(base) ? base : undefined
  if (id === undefined || channels.has(id)) {
    losses.push(
      dropped(
        channelId(`folder-${channels.size}`),
        'invalid-at-source',
        `a folder with ${files.length} files belongs to no channel of this export`,
      ),
    )
    return
  }
  channels.set(id, {
    object: { id },
    type: id.startsWith('D') ? 'direct' : 'private',
    from: undefined,
    days: files.filter((file) => day.test(baseOf(file.name))).toSorted(byDate),
    documents: [],
  })
}

const baseOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
const byDate = (a: ZipEntry, b: ZipEntry): number => {
  const [one, other] = [baseOf(a.name), baseOf(b.name)]
  return one === other ? (a.name < b.name ? -1 : 1) : one < other ? -1 : 1
}

function foldersOf(zip: Unzip): ReadonlyMap<string, readonly ZipEntry[]> {
  const folders = new Map<string, ZipEntry[]>()
  for (const entry of zip.entries.values()) {
    const slash = entry.name.lastIndexOf('/')
    if (slash === -1) continue
    const folder = entry.name.slice(0, slash)
    const files = folders.get(folder)
    if (files === undefined) folders.set(folder, [entry])
    else files.push(entry)
  }
  return folders
}

/** The root, the folder somebody packed the whole thing in, and the teams of a Grid. Each ends with `/` unless it is the root. */
function rootsOf(zip: Unzip): readonly string[] {
  const found = new Set<string>()
  for (const name of zip.entries.keys()) {
    const match = /^((?:[^/]+\/)?(?:teams\/[^/]+\/)?)(?:users|org_users|channels|groups|dms|mpims)\.json$/.exec(name)
    if (match !== null) found.add(match[1] ?? '')
  }
  return [...found].toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
}
