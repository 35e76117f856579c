import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import { epochMs } from '../../../src/model/time.ts'
import { mapFiles } from './files.ts'
import type { MessageContext } from './message.ts'
import { clip, wellFormed } from './names.ts'
import { type ChannelBookmark, type ChannelOperation, type PostOperation, postKey } from './operations.ts'
import { sealed } from './sealed.ts'
import { emojiName } from './text.ts'

/** A channel or conversation, and below it one pinned post with the bookmarks and documents that Mattermost has no place for. */
export function mapChannel(item: Item<'channel'>, context: MessageContext): Mapped<ChannelOperation | PostOperation> {
  const { body } = item
  const planned = context.places.channel(item.id)
  const losses: Loss[] = []
  if (planned === undefined) {
    const detail = context.places.excluded(item.id)
    const code = detail === undefined ? 'invalid-at-source' : 'excluded-by-policy'
    return {
      ops: [],
      losses: [{ item: item.id, stage: 'map', code, effect: { type: 'dropped' }, detail: detail ?? 'it is not in the directory' }],
    }
  }
  const report = (code: LossCode, field: string, detail: string) =>
    void losses.push({ item: item.id, stage: 'map', code, effect: { type: 'degraded', field }, detail })
  for (const { code, field, detail } of planned.notes) report(code, field, detail)
  if (body.shared) report('no-such-concept', 'shared', 'shared with another organisation at the source; here it belongs to this one alone')
  const [header, purpose] = [clip(body.topic, 1024), clip(body.purpose, 250)]
  if (header !== body.topic) report('too-large', 'header', `a topic of ${body.topic.length} characters was cut to 1024`)
  if (purpose !== body.purpose) report('too-large', 'purpose', `a purpose of ${body.purpose.length} characters was cut to 250`)
  const conversation = planned.place.type === 'direct'
  const bookmarks = context.features.bookmarks && !conversation ? bookmarksOf(body.bookmarks, context) : []
  if (conversation && body.archived) report('no-such-concept', 'archived', 'a conversation cannot be archived')
  if (conversation && body.purpose !== '') report('no-such-concept', 'purpose', 'a conversation has no purpose')
  const title = clip(body.name, 64).trim() || (planned.place.type === 'channel' ? planned.place.name : 'conversation')
  const op = sealed<ChannelOperation>({
    item: item.id,
    collection: item.collection,
    summary: planned.place.type === 'channel' ? `channel ${planned.place.name}` : 'conversation',
    type: 'channel',
    place: planned.place,
    title,
    open: planned.open,
    header,
    purpose: conversation ? '' : purpose,
    archived: body.archived && !conversation,
    bookmarks,
    members: planned.members,
  })
  const post = documentsPost(item, planned.place, bookmarks, context, report)
  return { ops: planned.merged ? (post === undefined ? [] : [post]) : post === undefined ? [op] : [op, post], losses }
}

/** Bookmarks of a channel on a server; it takes 50, and of links only those to the web. */
const MAX_BOOKMARKS = 50
function bookmarksOf(all: Item<'channel'>['body']['bookmarks'], { emojiNames }: MessageContext): readonly ChannelBookmark[] {
  const seen = new Set<string>()
  const bookmarks: ChannelBookmark[] = []
  for (const { title, link, emoji } of all) {
    if (link === null || !/^https?:\/\/[^\s/]/.test(link) || !URL.canParse(link) || seen.has(`${title}\0${link}`)) continue
    seen.add(`${title}\0${link}`)
    const name = emoji?.replaceAll(':', '') ?? ''
    bookmarks.push({ title: titleOf(title, link), link, emoji: name === '' ? '' : `:${emojiName(name, null, emojiNames)}:` })
  }
  return bookmarks.slice(0, MAX_BOOKMARKS)
}
const titleOf = (title: string, link: string | null): string => wellFormed(title).trim() || (link ?? '')

function documentsPost(
  item: Item<'channel'>,
  place: PostOperation['place'],
  carried: readonly ChannelBookmark[],
  context: MessageContext,
  report: (code: LossCode, field: string, detail: string) => void,
): PostOperation | undefined {
  const { body } = item
  const asBookmark = new Set(carried.map(({ title, link }) => `${title}\0${link}`))
  const others = body.bookmarks.filter(({ title, link }) => !asBookmark.has(`${titleOf(title, link)}\0${link ?? ''}`))
  if (others.length === 0 && body.documents.length === 0) return undefined
  const { files, notes } = mapFiles(item, context.features, report)
  const lines = others.map(({ title, link }) => (link === null ? `* ${title}` : `* [${title.replace(/([\\[\]])/g, '\\$1')}](${link})`))
  if (lines.length > 0) report('text-changed', 'bookmarks', `${lines.length} bookmarks stand in a pinned post`)
  if (body.documents.length > 0) report('text-changed', 'documents', `${body.documents.length} documents hang on a pinned post`)
  if (files.length > 10) report('too-large', 'documents', `${files.length - 10} documents more than a post holds were left out`)
  const person = body.creator === null ? undefined : context.people.of(body.creator)
  const stand = person === undefined ? context.people.placeholder(null) : undefined
  const at = body.createdAt === null ? Date.UTC(2000, 0, 1) : epochMs(body.createdAt)
  return {
    ...sealed<PostOperation>({
      item: item.id,
      collection: item.collection,
      summary: 'pinned post with bookmarks and documents',
      type: 'post',
      place,
      user: person?.username ?? stand?.username ?? '',
      placeholder: stand === undefined ? null : { username: stand.username, email: stand.email, title: 'Unknown' },
      message: clip([...lines, ...notes].join('\n'), context.features.maxMessage),
      at,
      sentAt: new Date(at).toISOString(),
      part: 'documents',
      root: null,
      props: null,
      mark: { source: context.directory.source, original: null },
      reactions: [],
      files: files.slice(0, 10),
      pinned: true,
      editedAt: null,
      followers: [],
      links: [],
    }),
    key: postKey(item.id, 'documents'),
  }
}
