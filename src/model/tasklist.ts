import { z } from 'zod'

export const Tasklist = z.strictObject({
  /** Item id of the account whose list this is. */
  owner: z.string(),
  name: z.string(),
  color: z.string().nullable(),
  primary: z.boolean(),
})
export type Tasklist = z.infer<typeof Tasklist>
