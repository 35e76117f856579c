import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Message, Text } from '../../../src/model/message.ts'
import { isoFromSecondsText } from '../../../src/model/time.ts'
import { type Wire, filled, stamp, text, texts, whole, wire, wires } from '../wire.ts'
import { blocks } from './blocks.ts'
import { cardsOf } from './card.ts'
import { files } from './file.ts'
import { accountId, channelCollection, clean, degraded, dropped, itemOf, type Mapped, type Mapping, messageId } from './item.ts'
import { isBlank } from './markdown.ts'
import { mrkdwn, unescapeEntities } from './text.ts'

/** The account behind an id, or null for what Slack writes where there is none. */
const author = (value: unknown): string | null => {
  const id = text(value)
  return id !== undefined && /^[A-Z\d]{2,}$/.test(id) && !id.startsWith('B') ? accountId(id) : null
}

/** One message of a channel, from any method or file that gives messages. Never throws; what cannot be read becomes a loss. */
export function message(given: Wire, channel: string, mapping: Mapping): Mapped<'message'> {
  const raw = clean(given, mapping)
  const ts = stamp(raw['ts'])
  const sentAt = ts === undefined ? undefined : isoFromSecondsText(ts)
  if (ts === undefined || sentAt === undefined) {
    const said = text(raw['client_msg_id']) ?? (typeof raw['ts'] === 'string' ? raw['ts'].slice(0, 40) : typeof raw['ts'])
    return { item: undefined, losses: [dropped(messageId(channel, said), 'invalid-at-source', 'a message whose time is no time')] }
  }
  const id = messageId(channel, ts)
  const losses: Loss[] = []
  const attachments = wires(raw['attachments'])
  const carried = files(fileObjects(raw, attachments), id)
  losses.push(...carried.losses)
  const shown = blocks(raw['blocks'])
  const cards = attachments.length === 0 ? [...shown.cards] : [...shown.cards, ...attachments.flatMap(cardsOf)]
  const subtype = filled(raw['subtype'])
  const type = typeOf(subtype, raw)
  const profile = wire(raw['bot_profile'])
  const from = author(raw['user']) ?? author(profile?.['user_id'])
  const body: Message = {
    author: from,
    authorName: filled(raw['username']) ?? (from === null ? (filled(profile?.['name']) ?? filled(raw['bot_id'])) : null),
    sentAt,
    type,
    subtype,
    text: textOf(raw, shown.text, type, cards.length + carried.refs.length > 0),
    cards,
    files: [...carried.refs],
    reactions: reactionsOf(raw, id, losses),
    thread: threadOf(raw, ts, channel),
    followers: followersOf(raw),
    edited: editedOf(raw),
  }
  return {
    item: itemOf(
      { kind: 'message', id, nativeId: `${channel}/${ts}`, collection: channelCollection(channel), body, raw, blobs: carried.blobs },
      mapping,
    ),
    losses,
  }
}

/** Those of the message, and those of what it quotes. */
function fileObjects(raw: Wire, attachments: readonly Wire[]): readonly Wire[] {
  const own = wires(raw['files'])
  const single = wire(raw['file'])
  if (single === undefined && attachments.length === 0) return own
  return [...own, ...(single === undefined ? [] : [single]), ...attachments.flatMap((entry) => wires(entry['files']))]
}

const types: { readonly [subtype: string]: Message['type'] } = {
  file_share: 'message',
  file_comment: 'message',
  file_mention: 'message',
  thread_broadcast: 'message',
  reply_broadcast: 'message',
  assistant_app_thread: 'message',
  me_message: 'me',
  bot_message: 'bot',
  channel_join: 'join',
  group_join: 'join',
  channel_leave: 'leave',
  group_leave: 'leave',
  channel_topic: 'topic',
  group_topic: 'topic',
  channel_purpose: 'purpose',
  group_purpose: 'purpose',
  channel_name: 'rename',
  group_name: 'rename',
  channel_archive: 'archive',
  group_archive: 'archive',
  channel_unarchive: 'unarchive',
  group_unarchive: 'unarchive',
  pinned_item: 'pin',
  unpinned_item: 'pin',
  huddle_thread: 'call',
  sh_room_created: 'call',
  sh_room_shared: 'call',
  tombstone: 'tombstone',
}
function typeOf(subtype: string | null, raw: Wire): Message['type'] {
  if (subtype === null) return filled(raw['bot_id']) === null ? 'message' : 'bot'
  return Object.hasOwn(types, subtype) ? (types[subtype] ?? 'event') : 'event'
}

/** Blocks say most; without them the text; and an event that says nothing is called by its name. */
function textOf(raw: Wire, shown: Text, type: Message['type'], hasMore: boolean): Text {
  if (!isBlank(shown)) return shown
  const said = mrkdwn(text(raw['text']) ?? '')
  if (!isBlank(said) || hasMore || type === 'message' || type === 'me' || type === 'tombstone') return isBlank(said) ? [] : said
  const subtype = text(raw['subtype'])
  if (type === 'call') return ['Huddle']
  return subtype === undefined ? [] : [subtype.replaceAll(/[^A-Za-z\d]+/g, ' ')]
}

function reactionsOf(raw: Wire, id: Parameters<typeof degraded>[0], losses: Loss[]): Message['reactions'] {
  const all = wires(raw['reactions'])
  if (all.length === 0) return []
  return all.flatMap((entry) => {
    const [name = '', tone] = (text(entry['name']) ?? '').split('::skin-tone-')
    if (name === '') return []
    const accounts = [...new Set(texts(entry['users']))].map(accountId)
    const count = Math.max(whole(entry['count']) ?? 0, accounts.length)
    if (count > accounts.length)
      losses.push(
        degraded(id, 'reactions', 'withheld-by-source', `${count - accounts.length} of ${count} people behind a reaction are not named`),
      )
    return [{ name, tone: tone !== undefined && /^[2-6]$/.test(tone) ? Number(tone) : null, accounts, count }]
  })
}

function threadOf(raw: Wire, ts: string, channel: string): Message['thread'] {
  const root = stamp(raw['thread_ts'])
  if (root === undefined || root === ts) return null
  return { root: messageId(channel, root), broadcast: raw['subtype'] === 'thread_broadcast' || raw['subtype'] === 'reply_broadcast' }
}

/** People who wrote in a thread follow it; Slack names them on its root. */
function followersOf(raw: Wire): string[] {
  if ((whole(raw['reply_count']) ?? 0) === 0) return []
  const named = [text(raw['user']), ...texts(raw['reply_users'])].flatMap((id) => author(id) ?? [])
  return [...new Set(named)].toSorted()
}

function editedOf(raw: Wire): Message['edited'] {
  const edited = wire(raw['edited'])
  const ts = stamp(edited?.['ts'])
  const at = ts === undefined ? undefined : isoFromSecondsText(ts)
  return at === undefined ? null : { at, by: author(edited?.['user']) }
}

/** The name a person gives a channel, a topic and the like: text without notation. */
export const plainText = (value: unknown): string => unescapeEntities(text(value) ?? '')
