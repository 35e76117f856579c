import { hash } from 'node:crypto'
import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import { epochMs } from '../../../src/model/time.ts'
import type { Features } from '../features.ts'
import type { Settings } from '../settings.ts'
import { attachmentOf, cardText } from './cards.ts'
import { mapFiles } from './files.ts'
import { wellFormed } from './names.ts'
import { type PostOperation, type PostReaction, postKey } from './operations.ts'
import type { PlannedChannel } from './places.ts'
import { split } from './split.ts'
import { emojiName, fill, type Names } from './text.ts'

/** What a message is mapped with; made once for a whole run. */
export interface MessageContext extends Names {
  readonly settings: Settings
  readonly features: Features
  /** Item ids of pinned messages. */
  readonly pinned: ReadonlySet<string>
}
type Report = (code: LossCode, field: string, detail: string) => void

/** Files on one post: the server keeps at most 300 characters of file ids. */
const MAX_FILES = 10
const NONE: readonly never[] = []

/** One message as one post, or as several when it is too long or carries too many files. */
export function mapMessage(item: Item<'message'>, channel: PlannedChannel, context: MessageContext): Mapped<PostOperation> {
  const { body } = item
  const { features } = context
  const losses: Loss[] = []
  const report: Report = (code, field, detail) =>
    void losses.push({ item: item.id, stage: 'map', code, effect: { type: 'degraded', field }, detail })
  const at = epochMs(body.sentAt)
  if (!(at > 0))
    return {
      ops: [],
      losses: [{ item: item.id, stage: 'map', code: 'invalid-at-source', effect: { type: 'dropped' }, detail: 'its time is no time' }],
    }

  const { user, placeholder } = authorOf(item, context, report)
  const filled = fill(body.text, context)
  let text = decorate(filled.text, item, context)
  let attachments: JsonObject[] = []
  if (body.cards.length > 0) {
    attachments = body.cards.map((card) => attachmentOf(card, context))
    if (JSON.stringify(attachments).length > features.maxProps - 600) {
      report('text-changed', 'props', `${attachments.length} cards became text: more than the props of a post hold`)
      text = [text, ...body.cards.map((card) => cardText(card, context))].filter((part) => part !== '').join('\n\n')
      attachments = []
    }
  }
  const { files, notes } = mapFiles(item, features, report)
  if (notes.length > 0) text = [text, ...notes].filter((part) => part !== '').join('\n')
  if (text === '' && files.length === 0 && attachments.length === 0) {
    text = body.type === 'tombstone' ? '*(this message was deleted)*' : '*(no text)*'
    if (body.type !== 'tombstone') report('text-changed', 'text', 'it has neither text nor files')
  }
  if (body.edited !== null && !features.editLines)
    report('no-such-concept', 'edited', 'the import of this server version does not carry when a post was edited')
  if (body.followers.length > 0 && !features.followerLines)
    report('no-such-concept', 'followers', `${body.followers.length} followers of the thread`)

  const parts = text.length <= features.maxMessage ? [text] : split(text, features.maxMessage)
  const count = Math.max(parts.length, Math.ceil(files.length / MAX_FILES))
  if (parts.length > 1) report('text-changed', 'text', `split into ${parts.length} posts of one thread`)
  if (files.length > MAX_FILES) report('text-changed', 'files', `${files.length} files on ${count} posts: a post holds ${MAX_FILES}`)
  const root = body.thread === null ? null : `${body.thread.root}#0`
  const props = propsOf(item, attachments, context)
  const mark = { source: context.directory.source, original: originalOf(item, props, filled.text, context) }
  const key = postKey(item.id, 0)
  const ops: PostOperation[] = []
  for (let part = 0; part < count; part++) {
    const first = part === 0
    const op: Omit<PostOperation, 'revision' | 'summary'> = {
      key: postKey(item.id, part),
      item: item.id,
      collection: item.collection,
      type: 'post',
      place: channel.place,
      user,
      placeholder,
      message: parts[part] ?? '',
      at,
      sentAt: body.sentAt,
      part,
      root: first ? root : (root ?? key),
      props: first ? props : null,
      mark: first ? mark : null,
      reactions: first && body.reactions.length > 0 ? reactionsOf(item, context, report) : NONE,
      files: files.length === 0 ? NONE : files.slice(part * MAX_FILES, (part + 1) * MAX_FILES),
      pinned: first && context.pinned.has(item.id),
      editedAt: body.edited === null || !features.editLines ? null : Math.max(epochMs(body.edited.at) || at, at),
      followers: first && features.followerLines && body.followers.length > 0 ? followersOf(body.followers, context) : NONE,
      links: filled.links,
    }
    ops.push(new MappedPost(op))
  }
  return { ops, losses }
}

/** A post whose revision and summary are made only when asked for: an import file needs neither. */
class MappedPost implements PostOperation {
  readonly type: 'post'
  readonly key
  readonly item
  readonly collection
  readonly place
  readonly user
  readonly placeholder
  readonly message
  readonly at
  readonly sentAt
  readonly part
  readonly root
  readonly props
  readonly mark
  readonly reactions
  readonly files
  readonly pinned
  readonly editedAt
  readonly followers
  readonly links
  constructor(op: Omit<PostOperation, 'revision' | 'summary'>) {
    this.type = op.type
    this.key = op.key
    this.item = op.item
    this.collection = op.collection
    this.place = op.place
    this.user = op.user
    this.placeholder = op.placeholder
    this.message = op.message
    this.at = op.at
    this.sentAt = op.sentAt
    this.part = op.part
    this.root = op.root
    this.props = op.props
    this.mark = op.mark
    this.reactions = op.reactions
    this.files = op.files
    this.pinned = op.pinned
    this.editedAt = op.editedAt
    this.followers = op.followers
    this.links = op.links
  }
  get revision(): string {
    return revision(this)
  }
  get summary(): string {
    const { place, sentAt } = this
    return `post in ${place.type === 'channel' ? place.name : 'a conversation'} at ${sentAt}`
  }
}

/** Over what people can see; raw source JSON changes without meaning. */
function revision(op: Omit<PostOperation, 'revision' | 'summary'>): string {
  let seen = `${op.user}\0${op.at}\0${op.root ?? ''}\0${op.message}\0${op.pinned ? 1 : 0}${op.editedAt ?? ''}`
  if (op.props !== null) seen += `\0${JSON.stringify({ fallreep: 0, ...op.props })}`
  for (const { user, emoji } of op.reactions) seen += `\0${emoji}:${user}`
  for (const { name, blob } of op.files) seen += `\0${blob.sha256}/${name}`
  for (const name of op.followers) seen += `\0${name}`
  return hash('sha1', seen, 'base64url')
}

function authorOf(item: Item<'message'>, { people }: MessageContext, report: Report) {
  const { author } = item.body
  const person = author === null ? undefined : people.of(author)
  if (person !== undefined) return { user: person.username, placeholder: null }
  const stand = people.placeholder(author)
  report('author-replaced', 'author', author === null ? 'the source names no author' : 'its author is not in the directory')
  return { user: stand.username, placeholder: { username: stand.username, email: stand.email, title: item.body.authorName ?? 'Unknown' } }
}

/** Says in words what Mattermost has no type for on every supported version. */
function decorate(text: string, { body }: Item<'message'>, { features, people }: MessageContext): string {
  const shown =
    body.authorName !== null && body.author !== null && people.of(body.author)?.username === body.authorName ? null : body.authorName
  const named = shown !== null && !features.overrideNames ? `**${wellFormed(shown).replace(/([\\*_`@])/g, '\\$1')}:** ${text}` : text
  switch (body.type) {
    case 'me':
      return text === '' ? '' : `*${text}*`
    case 'message':
    case 'bot':
    case 'event':
    case 'call':
      return named
    case 'tombstone':
      return text
    case 'join':
    case 'leave':
    case 'topic':
    case 'purpose':
    case 'rename':
    case 'archive':
    case 'unarchive':
    case 'pin':
      return text === '' ? `*(${body.type})*` : text
  }
  return named
}

function propsOf({ body }: Item<'message'>, attachments: readonly JsonObject[], { features }: MessageContext): JsonObject | null {
  const named = features.overrideNames ? body.authorName : null
  if (attachments.length === 0 && named === null) return null
  return {
    ...(attachments.length > 0 ? { attachments } : {}),
    ...(named === null ? {} : { from_webhook: 'true', override_username: named }),
  }
}

/** Most characters of an original, whatever the server takes. */
const MAX_ORIGINAL = 16_000
/** The JSON of the source, of a message whose notation changed, if the props have room for it. */
function originalOf(
  { body, raw }: Item<'message'>,
  props: JsonObject | null,
  filled: string,
  { features, settings }: MessageContext,
): string | null {
  const plain = body.text.length === 1 && body.text[0] === filled && body.cards.length === 0 && body.type === 'message'
  if (plain || settings.originals !== 'changed') return null
  const original = JSON.stringify(raw)
  const room = features.maxProps - 1300 - (props === null ? 0 : JSON.stringify(props).length)
  if (original.length > Math.min(room, MAX_ORIGINAL)) return null
  // As text in JSON each of its quotation marks takes two characters.
  return original.length * 2 <= room || JSON.stringify(original).length <= room ? original : null
}

function reactionsOf(item: Item<'message'>, { people, emojiNames }: MessageContext, report: Report): readonly PostReaction[] {
  const out: PostReaction[] = []
  const seen = new Set<string>()
  let strangers = 0
  for (const reaction of item.body.reactions) {
    const emoji = emojiName(reaction.name, reaction.tone, emojiNames)
    if (!/^[a-z0-9+_-]{1,64}$/.test(emoji)) {
      report('no-such-concept', 'reactions', 'an emoji whose name this server cannot store')
      continue
    }
    for (const account of reaction.accounts) {
      const user = people.of(account)?.username
      if (user === undefined) strangers++
      else if (!seen.has(`${emoji}:${user}`)) {
        seen.add(`${emoji}:${user}`)
        out.push({ user, emoji })
      }
    }
  }
  if (strangers > 0) report('author-replaced', 'reactions', `${strangers} reactions of people who are not in the directory`)
  return out
}

const followersOf = (accounts: readonly string[], { people }: MessageContext): readonly string[] =>
  [...new Set(accounts.map((account) => people.of(account)?.username).filter((name) => name !== undefined))].toSorted()
