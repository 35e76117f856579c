/** No segment of a path in a pack is longer, in bytes of UTF-8; file systems stop at 255. */
const SEGMENT_LIMIT = 120
/** Names Windows cannot have, with or without an extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
/** Control characters, separators, what Windows forbids, `%` (BagIt escapes it), the invisible marks that turn text around, and lone surrogates. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f/\\<>:"|?*%\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu

function cut(text: string, limit: number): string {
  let size = 0
  let out = ''
  for (const letter of text) {
    size += Buffer.byteLength(letter)
    if (size > limit) break
    out += letter
  }
  return out
}

/** Any text as one segment of a path: never empty, `.` or `..`, never with a separator, at most 120 bytes. Different texts may give the same segment. */
export function safeSegment(text: string, limit = SEGMENT_LIMIT): string {
  const clean = cut(text.normalize('NFC').replace(FORBIDDEN, '_'), limit)
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .replace(/^-/, '_')
  return clean === '' ? '_' : RESERVED.test(clean) ? `_${clean}` : clean
}

/** A file name that keeps its extension and carries `tag`, which makes it unique even where case does not count. `.part0001` is no extension: it means a file in parts. */
export function taggedName(name: string, tag: string): string {
  const [, stem = '', extension = ''] = /^(.*?)(\.(?!part\d{4}$)[\p{L}\p{N}]{1,12})?$/su.exec(name) ?? []
  return `${safeSegment(stem, SEGMENT_LIMIT - tag.length - 16)}_${tag}${extension === '' ? '' : `.${safeSegment(extension.slice(1), 40)}`}`
}

/** The part of the tree that a kind of record stands in, by the name people look for. */
export const areaOf = (kind: string): string => areas[kind] ?? 'chat'
const areas: Readonly<Record<string, string>> = {
  mailbox: 'mail',
  mail: 'mail',
  'mail-settings': 'mail',
  calendar: 'calendar',
  event: 'calendar',
  addressbook: 'contacts',
  contact: 'contacts',
  tasklist: 'tasks',
  task: 'tasks',
  repository: 'code',
  'repository-settings': 'code',
  'lfs-object': 'code',
  label: 'code',
  milestone: 'code',
  issue: 'code',
  'change-request': 'code',
  comment: 'code',
  review: 'code',
  thread: 'code',
  'timeline-event': 'code',
  release: 'code',
  discussion: 'code',
  board: 'code',
}
