import type { CollectionId, ItemId } from '../../../src/contract/ids.ts'
import { itemId } from '../../../src/contract/ids.ts'
import type { Provenance, SourceItem } from '../../../src/contract/item.ts'
import type { MailSettings } from '../../../src/model/mail-settings.ts'
import type { GooglePerson } from '../google.ts'
import type { Settings } from '../mail/settings-wire.ts'
import { filter } from './filter.ts'
import { htmlToText } from './html-text.ts'
import { itemOf } from './item.ts'

export const settingsId = (person: string): ItemId => itemId('mail-settings', person)

/** Settings as Gmail's parts give them. Lists stand in the order of ids and addresses: Gmail promises none, and all filters apply. */
export function mailSettings(
  settings: Settings,
  person: GooglePerson,
  collection: CollectionId,
  provenance: Provenance,
): SourceItem<'mail-settings'> {
  const { filters, sendAs, delegates, language } = settings
  const body: MailSettings = {
    owner: person.account,
    filters: by(filters?.filter ?? [], ({ id }) => id).map((given) => filter(given, person.id)),
    vacation: vacationOf(settings.vacation),
    senders: by(sendAs?.sendAs ?? [], ({ sendAsEmail }) => sendAsEmail).map((sender) => ({
      address: sender.sendAsEmail,
      name: filled(sender.displayName),
      replyTo: filled(sender.replyToAddress),
      signature: filled(sender.signature),
      primary: sender.isPrimary === true,
    })),
    forwarding: forwardingOf(settings),
    delegates: (delegates?.delegates ?? [])
      .filter(({ verificationStatus }) => verificationStatus === undefined || verificationStatus === 'accepted')
      .map(({ delegateEmail }) => delegateEmail)
      .toSorted(),
    locale: filled(language?.displayLanguage),
    timezone: null,
  }
  return itemOf({ kind: 'mail-settings', id: settingsId(person.id), collection, body, raw: present(settings), blobs: [], provenance })
}

function vacationOf(vacation: Settings['vacation']): MailSettings['vacation'] {
  if (vacation === undefined) return null
  const { responseBodyHtml: html, responseBodyPlainText: plain } = vacation
  const text = html !== undefined && html !== '' ? htmlToText(html) : (plain ?? '')
  const enabled = vacation.enableAutoReply === true
  const subject = filled(vacation.responseSubject)
  if (!enabled && text === '' && subject === null) return null
  return {
    enabled,
    subject,
    text,
    internal: null,
    from: moment(vacation.startTime),
    until: moment(vacation.endTime),
    audience: vacation.restrictToContacts === true ? 'contacts' : vacation.restrictToDomain === true ? 'organisation' : 'everyone',
  }
}

/** Addresses that were confirmed; at most one of them is in use. */
function forwardingOf({ forwardings, autoForwarding }: Settings): MailSettings['forwarding'] {
  const keep = autoForwarding?.disposition !== 'trash'
  const used = autoForwarding?.enabled === true ? autoForwarding.emailAddress : undefined
  const addresses = new Set((forwardings?.forwardingAddresses ?? []).map(({ forwardingEmail }) => forwardingEmail))
  if (used !== undefined) addresses.add(used)
  return [...addresses].toSorted().map((address) => ({ address, enabled: address === used, keep: address === used ? keep : true }))
}

const filled = (value: string | undefined): string | null => (value === undefined || value === '' ? null : value)
const moment = (ms: string | undefined): string | null =>
  ms !== undefined && /^\d{1,14}$/.test(ms) && ms !== '0' ? new Date(Number(ms)).toISOString() : null
const by = <T>(list: readonly T[], key: (entry: T) => string): T[] => list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
/** Without the parts that are missing: undefined is no JSON. */
const present = (settings: Settings): object => Object.fromEntries(Object.entries(settings).filter(([, part]) => part !== undefined))
