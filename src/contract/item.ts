import type { Account } from '../model/account.ts'
import type { Addressbook } from '../model/addressbook.ts'
import type { Calendar } from '../model/calendar.ts'
import type { Channel } from '../model/channel.ts'
import type { Contact } from '../model/contact.ts'
import type { Emoji } from '../model/emoji.ts'
import type { Event } from '../model/event.ts'
import type { Group } from '../model/group.ts'
import type { Mail } from '../model/mail.ts'
import type { MailSettings } from '../model/mail-settings.ts'
import type { Mailbox } from '../model/mailbox.ts'
import type { Message } from '../model/message.ts'
import type { Task } from '../model/task.ts'
import type { Tasklist } from '../model/tasklist.ts'
import type { Repository } from '../model/repository.ts'
import type { RepositorySettings } from '../model/repository-settings.ts'
import type { LfsObject } from '../model/lfs-object.ts'
import type { Label } from '../model/label.ts'
import type { Milestone } from '../model/milestone.ts'
import type { Issue } from '../model/issue.ts'
import type { ChangeRequest } from '../model/change-request.ts'
import type { Comment } from '../model/comment.ts'
import type { Review } from '../model/review.ts'
import type { Thread } from '../model/thread.ts'
import type { TimelineEvent } from '../model/timeline-event.ts'
import type { Release } from '../model/release.ts'
import type { Discussion } from '../model/discussion.ts'
import type { Board } from '../model/board.ts'
import type { CollectionId, ItemId } from './ids.ts'
import type { JsonValue } from './json.ts'

/** One line per kind of the neutral model. A new line breaks every `Capabilities` until each backend says what it does with it. */
export interface BodyByKind {
  account: Account
  group: Group
  emoji: Emoji
  channel: Channel
  message: Message
  mailbox: Mailbox
  'mail-settings': MailSettings
  mail: Mail
  calendar: Calendar
  event: Event
  addressbook: Addressbook
  contact: Contact
  tasklist: Tasklist
  task: Task
  repository: Repository
  'repository-settings': RepositorySettings
  'lfs-object': LfsObject
  label: Label
  milestone: Milestone
  issue: Issue
  'change-request': ChangeRequest
  comment: Comment
  review: Review
  thread: Thread
  'timeline-event': TimelineEvent
  release: Release
  discussion: Discussion
  board: Board
}
export type Kind = keyof BodyByKind

/**
 * Bytes still at the vendor, or already in hand.
 * `key` names this version of these bytes for ever at the vendor (file id and version): a later run finds by it what it need not fetch again.
 * `name` is the human file name, used for the readable path in the vault. `bytes` and `hashes` are what the vendor publishes, to verify the download.
 */
export type RemoteBlob = { readonly mediaType: string; readonly name: string; readonly key: string } & (
  | { readonly type: 'inline'; readonly data: Uint8Array }
  | { readonly type: 'handle'; readonly handle: string; readonly bytes?: number; readonly hashes?: Readonly<Record<string, string>> }
)

/** Bytes in the vault, named by content: sha256 in lower-case hex, size in bytes. */
export interface BlobRef {
  readonly sha256: string
  readonly bytes: number
  readonly mediaType: string
}

/** Where an item came from: source name, the vendor's id, when (ISO 8601, UTC) and by which endpoint or export file. */
export interface Provenance {
  readonly source: string
  readonly nativeId: string
  readonly fetchedAt: string
  readonly endpoint: string
}

/**
 * A union over kinds, so `switch (item.kind)` narrows `item.body`.
 * `raw` is the vendor's JSON, verbatim apart from redacted secrets: re-map without re-fetch.
 * `revision` changes if and only if the body or the keys of its blobs change (see `revisionOf`).
 * Fields of a body that name a blob hold its position in `blobs`; a `null` there is a blob the vendor did not give (a loss says why).
 */
export type ItemWith<Blob, K extends Kind = Kind> = {
  [P in K]: {
    readonly kind: P
    readonly id: ItemId
    readonly collection: CollectionId
    readonly revision: string
    readonly body: BodyByKind[P]
    readonly raw: JsonValue
    readonly blobs: readonly Blob[]
    readonly provenance: Provenance
  }
}[K]
/** What a connector yields. */
export type SourceItem<K extends Kind = Kind> = ItemWith<RemoteBlob, K>
/** What the vault holds and a target maps. */
export type Item<K extends Kind = Kind> = ItemWith<BlobRef | null, K>
