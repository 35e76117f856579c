import type { gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js'

/** What stands behind `users.settings`. */
export interface MailSettings {
  filters: gmail_v1.Schema$Filter[]
  sendAs: gmail_v1.Schema$SendAs[]
  vacation: gmail_v1.Schema$VacationSettings
  forwardingAddresses: gmail_v1.Schema$ForwardingAddress[]
  autoForwarding: gmail_v1.Schema$AutoForwarding
  delegates: gmail_v1.Schema$Delegate[]
  language: gmail_v1.Schema$LanguageSettings
  imap: gmail_v1.Schema$ImapSettings
}

/** As an account has them that never changed anything. */
export const newSettings = (address: string): MailSettings => ({
  filters: [],
  sendAs: [{ sendAsEmail: address, displayName: '', replyToAddress: '', signature: '', isPrimary: true, isDefault: true }],
  vacation: { enableAutoReply: false },
  forwardingAddresses: [],
  autoForwarding: { enabled: false },
  delegates: [],
  language: { displayLanguage: 'de' },
  imap: { enabled: true, autoExpunge: true, expungeBehavior: 'archive' },
})

/** Answers by the name of the route's end. Empty lists are left out, as Google does it. */
export const SETTINGS: Readonly<Record<string, (settings: MailSettings) => object>> = {
  filters: ({ filters }): gmail_v1.Schema$ListFiltersResponse => (filters.length === 0 ? {} : { filter: filters }),
  sendAs: ({ sendAs }): gmail_v1.Schema$ListSendAsResponse => ({ sendAs }),
  vacation: ({ vacation }): gmail_v1.Schema$VacationSettings => vacation,
  forwardingAddresses: ({ forwardingAddresses }): gmail_v1.Schema$ListForwardingAddressesResponse =>
    forwardingAddresses.length === 0 ? {} : { forwardingAddresses },
  autoForwarding: ({ autoForwarding }): gmail_v1.Schema$AutoForwarding => autoForwarding,
  delegates: ({ delegates }): gmail_v1.Schema$ListDelegatesResponse => (delegates.length === 0 ? {} : { delegates }),
  language: ({ language }): gmail_v1.Schema$LanguageSettings => language,
  imap: ({ imap }): gmail_v1.Schema$ImapSettings => imap,
}
