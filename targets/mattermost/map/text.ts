import type { ItemId } from '../../../src/contract/ids.ts'
import type { Directory } from '../../../src/contract/target.ts'
import type { Text } from '../../../src/model/message.ts'
import { wellFormed } from './names.ts'
import type { PostLink } from './operations.ts'
import type { Groups } from './groups.ts'
import type { People } from './people.ts'
import type { Places } from './places.ts'
import { TONED_EMOJI } from './system-emoji.ts'

/** What holes in texts are filled with. */
export interface Names {
  readonly directory: Directory
  readonly people: People
  readonly places: Places
  /** Names of custom emoji that had to change. */
  readonly emojiNames: ReadonlyMap<string, string>
  readonly groups: Groups
}
export interface Filled {
  readonly text: string
  readonly links: readonly PostLink[]
}

const NO_LINKS: readonly PostLink[] = []
/** A character without width that keeps a word from being a mention. */
const JOINER = '\u2060'
const TONES = ['light', 'medium_light', 'medium', 'medium_dark', 'dark'] as const

/** The text of a message as Mattermost reads it: holes filled, accidental mentions made harmless. */
export function fill(text: Text, names: Names): Filled {
  const [first] = text
  if (first === undefined) return { text: '', links: NO_LINKS }
  if (text.length === 1 && typeof first === 'string') return { text: literal(first, names), links: NO_LINKS }
  let out = ''
  const links: PostLink[] = []
  for (const segment of text) {
    if (typeof segment === 'string') {
      out += literal(segment, names)
      continue
    }
    switch (segment.type) {
      case 'account':
        out += mention(segment.id, segment.label, names)
        break
      case 'channel':
        out += channelLink(segment.id, segment.label, names)
        break
      case 'group':
        out += groupName(segment.id, segment.label, names)
        break
      case 'broadcast':
        out += segment.scope === 'everyone' ? '@all' : `@${segment.scope}`
        break
      case 'emoji':
        out += `:${emojiName(segment.name, segment.tone, names.emojiNames)}:`
        break
      case 'permalink':
        links.push({ message: segment.message as ItemId, url: segment.url })
        out += segment.label === null || segment.label === segment.url ? segment.url : `[${escapeLabel(segment.label)}](${segment.url})`
        break
    }
  }
  return { text: out, links }
}

/** The text without links to follow, for places that show one line (headers, titles of cards). */
export const fillPlain = (text: Text, names: Names): string => fill(text, names).text

/** A standard or custom emoji by name; a tone becomes the ending that Mattermost uses, if that emoji comes in tones. */
export function emojiName(name: string, tone: number | null, renamed: ReadonlyMap<string, string>): string {
  const clean = renamed.get(name) ?? name.toLowerCase()
  const suffix = tone === null ? undefined : TONES[tone - 2]
  return suffix === undefined || !TONED_EMOJI.has(clean) ? clean : `${clean}_${suffix}_skin_tone`
}

function mention(id: string, label: string | null, { people, directory }: Names): string {
  const person = people.of(id)
  if (person !== undefined) return `@${person.username}`
  return `@${JOINER}${escapeLabel(label ?? directory.accounts.get(id as ItemId)?.body.displayName ?? 'unknown')}`
}

function channelLink(id: string, label: string | null, { places, directory }: Names): string {
  const planned = places.channel(id)
  if (planned?.place.type === 'channel') return `~${planned.place.name}`
  return `#${escapeLabel(label ?? directory.channels.get(id as ItemId)?.body.name ?? 'unknown')}`
}

function groupName(id: string, label: string | null, { directory, groups }: Names): string {
  const name = groups.name(id)
  if (name !== undefined) return `@${name}`
  const group = directory.groups.get(id as ItemId)
  return `**@${JOINER}${escapeLabel(label?.replace(/^@/, '') ?? group?.body.handle ?? 'group')}**`
}

const escapeLabel = (label: string): string => wellFormed(label).replace(/([\\[\]*_`~])/g, '\\$1')

/** A literal `@name` is no mention at the source and must not become one; inside code it cannot. */
function literal(text: string, { people, groups }: Names): string {
  const whole = wellFormed(text)
  if (!whole.includes('@')) return whole
  return whole.replace(
    /```[\s\S]*?(?:```|$)|`[^`\n]*`|(?<![\w./-])@([A-Za-z0-9][A-Za-z0-9._-]*)/g,
    (all: string, name: string | undefined) => {
      const plain = name?.toLowerCase().replace(/[._-]+$/, '')
      return plain !== undefined && (people.addresses(plain) || groups.addresses(plain)) ? `@${JOINER}${name}` : all
    },
  )
}
