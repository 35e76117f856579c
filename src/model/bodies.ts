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
}
