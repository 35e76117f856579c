import { z } from 'zod'

/** What a filter looks at. All conditions of a filter must hold. `values`: one of them is enough. */
export const FilterCondition = z.strictObject({
  field: z.enum(['from', 'to', 'cc', 'recipient', 'subject', 'body', 'header', 'size-over', 'size-under', 'has-attachment', 'importance']),
  /** Name of the header, for `header` only. */
  header: z.string().nullable(),
  match: z.enum(['contains', 'is', 'begins', 'ends']),
  values: z.array(z.string()),
  negated: z.boolean(),
})
export type FilterCondition = z.infer<typeof FilterCondition>

/** What a filter does. `mailbox`: item id. `value`: keyword or address. */
export const FilterAction = z.strictObject({
  type: z.enum(['move', 'copy', 'archive', 'mark-seen', 'flag', 'keyword', 'delete', 'never-junk', 'forward', 'redirect']),
  mailbox: z.string().nullable(),
  value: z.string().nullable(),
})
export type FilterAction = z.infer<typeof FilterAction>

export const Filter = z.strictObject({
  nativeId: z.string(),
  name: z.string().nullable(),
  enabled: z.boolean(),
  /** No later filter is looked at once this one matched. */
  stop: z.boolean(),
  conditions: z.array(FilterCondition),
  /** A mail that matches one of these is left alone. */
  exceptions: z.array(FilterCondition),
  actions: z.array(FilterAction),
  /** Conditions and actions that this model has no word for, in the source's own words. A filter with any is never switched on elsewhere. */
  unsupported: z.array(z.string()),
})
export type Filter = z.infer<typeof Filter>

/** How somebody's mail is treated: one item for each account with mail. */
export const MailSettings = z.strictObject({
  /** Item id of the account. */
  owner: z.string(),
  /** In the order in which they are tried. */
  filters: z.array(Filter),
  vacation: z
    .strictObject({
      enabled: z.boolean(),
      subject: z.string().nullable(),
      /** Plain text for everybody; `internal` for the own organisation where it differs. HTML stays in `raw`. */
      text: z.string(),
      internal: z.string().nullable(),
      /** ISO 8601, UTC; null: open. */
      from: z.string().nullable(),
      until: z.string().nullable(),
      audience: z.enum(['everyone', 'contacts', 'organisation', 'nobody']),
    })
    .nullable(),
  /** Addresses to send as, with their signatures (HTML). */
  senders: z.array(
    z.strictObject({
      address: z.string(),
      name: z.string().nullable(),
      replyTo: z.string().nullable(),
      signature: z.string().nullable(),
      primary: z.boolean(),
    }),
  ),
  forwarding: z.array(z.strictObject({ address: z.string(), enabled: z.boolean(), keep: z.boolean() })),
  /** Addresses of people who may read and send for this account. */
  delegates: z.array(z.string()),
  locale: z.string().nullable(),
  /** IANA name. */
  timezone: z.string().nullable(),
})
export type MailSettings = z.infer<typeof MailSettings>
