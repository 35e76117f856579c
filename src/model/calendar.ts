import { z } from 'zod'

/** Who may do what. `who`: address of a person or group, or a domain; null for `everyone`. */
export const Access = z.strictObject({
  scope: z.enum(['person', 'group', 'domain', 'everyone']),
  who: z.string().nullable(),
  role: z.enum(['owner', 'writer', 'reader', 'free-busy']),
})
export type Access = z.infer<typeof Access>

export const Calendar = z.strictObject({
  /** Item id of the account whose calendar this is. */
  owner: z.string(),
  name: z.string(),
  description: z.string(),
  color: z.string().nullable(),
  /** IANA name. */
  timezone: z.string().nullable(),
  /** The one that everybody has. */
  primary: z.boolean(),
  hidden: z.boolean(),
  /** Sorted. */
  access: z.array(Access),
  /** Minutes before an event, where the event itself says nothing. */
  reminders: z.array(z.strictObject({ method: z.enum(['popup', 'email']), minutes: z.number().int() })),
})
export type Calendar = z.infer<typeof Calendar>
