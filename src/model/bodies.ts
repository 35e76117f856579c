import type { ZodType } from 'zod'
import type { BodyByKind, Kind } from '../contract/item.ts'
import { Account } from './account.ts'
import { Addressbook } from './addressbook.ts'
import { Calendar } from './calendar.ts'
import { Channel } from './channel.ts'
import { Contact } from './contact.ts'
import { Emoji } from './emoji.ts'
import { Event } from './event.ts'
import { Group } from './group.ts'
import { MailSettings } from './mail-settings.ts'
import { Mail } from './mail.ts'
import { Mailbox } from './mailbox.ts'
import { Message } from './message.ts'
import { Task } from './task.ts'
import { Tasklist } from './tasklist.ts'
import { Repository } from './repository.ts'
import { RepositorySettings } from './repository-settings.ts'
import { LfsObject } from './lfs-object.ts'
import { Label } from './label.ts'
import { Milestone } from './milestone.ts'
import { Issue } from './issue.ts'
import { ChangeRequest } from './change-request.ts'
import { Comment } from './comment.ts'
import { Review } from './review.ts'
import { Thread } from './thread.ts'
import { TimelineEvent } from './timeline-event.ts'
import { Release } from './release.ts'
import { Discussion } from './discussion.ts'
import { Board } from './board.ts'

/** The schema of every kind's body: vault readers and contract suites parse with these. */
export const bodySchemas: { readonly [K in Kind]: ZodType<BodyByKind[K]> } = {
  account: Account,
  group: Group,
  emoji: Emoji,
  channel: Channel,
  message: Message,
  mailbox: Mailbox,
  'mail-settings': MailSettings,
  mail: Mail,
  calendar: Calendar,
  event: Event,
  addressbook: Addressbook,
  contact: Contact,
  tasklist: Tasklist,
  task: Task,
  repository: Repository,
  'repository-settings': RepositorySettings,
  'lfs-object': LfsObject,
  label: Label,
  milestone: Milestone,
  issue: Issue,
  'change-request': ChangeRequest,
  comment: Comment,
  review: Review,
  thread: Thread,
  'timeline-event': TimelineEvent,
  release: Release,
  discussion: Discussion,
  board: Board,
}
