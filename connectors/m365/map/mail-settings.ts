import { z } from 'zod'
import { type CollectionId, itemId } from '../../../src/contract/ids.ts'
import type { MailSettings } from '../../../src/model/mail-settings.ts'
import { ianaOfWindows } from '../../../src/standards/timezone.ts'
import { instantOf } from '../../../src/standards/when.ts'
import type { GraphPerson } from '../graph.ts'
import { filled, text, type Wire } from '../wire.ts'
import { filterOf } from './filter.ts'
import { textOfHtml } from './html.ts'
import { degraded, itemOf, type Mapped, type Mapping } from './mapped.ts'

const Moment = z.object({ dateTime: z.string(), timeZone: z.string() }).nullish().catch(undefined)
const Replies = z
  .object({
    status: z.enum(['disabled', 'alwaysEnabled', 'scheduled']),
    externalAudience: z.enum(['none', 'contactsOnly', 'all']).catch('none'),
    internalReplyMessage: z.string().nullish(),
    externalReplyMessage: z.string().nullish(),
    scheduledStartDateTime: Moment,
    scheduledEndDateTime: Moment,
  })
  .nullish()
  .catch(undefined)
const Settings = z.object({
  automaticRepliesSetting: Replies,
  timeZone: z.unknown().optional(),
  language: z.object({ locale: z.unknown().optional() }).nullish().catch(undefined),
})

/** What was read of one person's mailbox. Undefined: this part was not given. */
export interface SettingsParts {
  readonly settings: Wire
  readonly rules: readonly Wire[]
  readonly categories: readonly Wire[]
}

/** Rules, automatic replies, zone and language of a mailbox. Colours of categories stay in `raw`. */
export function mailSettings(
  parts: SettingsParts,
  person: GraphPerson,
  folders: ReadonlySet<string>,
  collection: CollectionId,
  mapping: Mapping,
): Mapped<'mail-settings'> {
  const read = Settings.safeParse(parts.settings).data
  const zone = text(read?.timeZone)
  const id = itemId('mail-settings', person.id)
  const body: MailSettings = {
    owner: person.account,
    filters: parts.rules
      .flatMap((rule) => filterOf(rule, person.id, folders) ?? [])
      .toSorted((a, b) => a.at - b.at)
      .map(({ filter }) => filter),
    vacation: vacationOf(read?.automaticRepliesSetting),
    senders: [{ address: person.address, name: person.name, replyTo: null, signature: null, primary: true }],
    forwarding: [],
    delegates: [],
    locale: filled(read?.language?.locale),
    timezone: zone === undefined ? null : (ianaOfWindows(zone) ?? null),
  }
  const raw = { mailboxSettings: parts.settings, messageRules: parts.rules, masterCategories: parts.categories }
  const item = itemOf({ kind: 'mail-settings', id, nativeId: person.id, collection, body, raw, blobs: [] }, mapping)
  return {
    item,
    losses: [degraded(id, 'senders', 'withheld-by-source', 'Microsoft Graph gives no signatures, delegates or forwarding of a mailbox')],
  }
}

function vacationOf(replies: z.infer<typeof Replies>): MailSettings['vacation'] {
  if (replies === null || replies === undefined) return null
  const inside = textOfHtml(replies.internalReplyMessage ?? '')
  const outside = textOfHtml(replies.externalReplyMessage ?? '')
  if (replies.status === 'disabled' && inside === '' && outside === '') return null
  const nobodyOutside = replies.externalAudience === 'none'
  const scheduled = replies.status === 'scheduled'
  const body = nobodyOutside ? inside : outside
  return {
    enabled: replies.status !== 'disabled',
    subject: null,
    text: body,
    internal: inside === body ? null : inside,
    from: scheduled ? utcOf(replies.scheduledStartDateTime) : null,
    until: scheduled ? utcOf(replies.scheduledEndDateTime) : null,
    audience: nobodyOutside ? 'organisation' : replies.externalAudience === 'contactsOnly' ? 'contacts' : 'everyone',
  }
}

/** Graph gives these in UTC unless a mailbox was told otherwise. */
function utcOf(given: z.infer<typeof Moment>): string | null {
  const whole = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?$/.exec(given?.dateTime ?? '')?.[1]
  if (whole === undefined || given === null || given === undefined) return null
  if (given.timeZone === 'UTC') return `${whole}Z`
  const zone = ianaOfWindows(given.timeZone)
  return zone === undefined ? null : (instantOf({ type: 'zoned', local: whole, zone }) ?? null)
}
