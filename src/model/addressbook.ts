import { z } from 'zod'

export const Addressbook = z.strictObject({
  /** Item id of the account whose address book this is. */
  owner: z.string(),
  name: z.string(),
  /** `collected`: gathered by the service from mail, not entered by the person. */
  type: z.enum(['personal', 'collected', 'shared']),
  primary: z.boolean(),
})
export type Addressbook = z.infer<typeof Addressbook>
