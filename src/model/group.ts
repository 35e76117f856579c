import { z } from 'zod'

/** A named set of accounts that can be mentioned. `members`: item ids of accounts; null if the source did not give them. */
export const Group = z.strictObject({
  handle: z.string(),
  name: z.string(),
  description: z.string(),
  members: z.array(z.string()).nullable(),
  active: z.boolean(),
})
export type Group = z.infer<typeof Group>
