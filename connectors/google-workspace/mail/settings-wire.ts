import { z } from 'zod'

const text = z.string().optional()
const texts = z.array(z.string()).default([])

/** The parts of `users.settings` as they are read. Everything may be missing: an account that never changed anything has `{}`. */
export const Filters = z.object({
  filter: z
    .array(
      z.object({
        id: z.string().min(1),
        criteria: z
          .object({
            from: text,
            to: text,
            subject: text,
            query: text,
            negatedQuery: text,
            hasAttachment: z.boolean().optional(),
            excludeChats: z.boolean().optional(),
            size: z.number().optional(),
            sizeComparison: text,
          })
          .default({}),
        action: z.object({ addLabelIds: texts, removeLabelIds: texts, forward: text }).default({ addLabelIds: [], removeLabelIds: [] }),
      }),
    )
    .default([]),
})
export type GmailFilter = z.infer<typeof Filters>['filter'][number]

export const SendAs = z.object({
  sendAs: z
    .array(
      z.object({
        sendAsEmail: z.string().min(1),
        displayName: text,
        replyToAddress: text,
        signature: text,
        isPrimary: z.boolean().optional(),
      }),
    )
    .default([]),
})
export const Vacation = z.object({
  enableAutoReply: z.boolean().optional(),
  responseSubject: text,
  responseBodyPlainText: text,
  responseBodyHtml: text,
  restrictToContacts: z.boolean().optional(),
  restrictToDomain: z.boolean().optional(),
  startTime: text,
  endTime: text,
})
export const Forwardings = z.object({
  forwardingAddresses: z.array(z.object({ forwardingEmail: z.string().min(1), verificationStatus: text })).default([]),
})
export const AutoForwarding = z.object({ enabled: z.boolean().optional(), emailAddress: text, disposition: text })
export const Delegates = z.object({
  delegates: z.array(z.object({ delegateEmail: z.string().min(1), verificationStatus: text })).default([]),
})
export const Language = z.object({ displayLanguage: text })

/** What was read of somebody's settings; a part that Google did not give is undefined. */
export interface Settings {
  readonly filters: z.infer<typeof Filters> | undefined
  readonly sendAs: z.infer<typeof SendAs> | undefined
  readonly vacation: z.infer<typeof Vacation> | undefined
  readonly forwardings: z.infer<typeof Forwardings> | undefined
  readonly autoForwarding: z.infer<typeof AutoForwarding> | undefined
  readonly delegates: z.infer<typeof Delegates> | undefined
  readonly language: z.infer<typeof Language> | undefined
}
