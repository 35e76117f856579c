import { z } from 'zod'

/** What is read of a message. `internalDate`: milliseconds since 1970 as text. `raw`: base64 in the alphabet for addresses. */
export const Message = z.object({
  id: z.string().min(1),
  threadId: z.string().optional(),
  labelIds: z.array(z.string()).default([]),
  internalDate: z.string().optional(),
  sizeEstimate: z.number().optional(),
  raw: z.string().optional(),
})
export type Message = z.infer<typeof Message>

export const Label = z.object({
  id: z.string().min(1),
  name: z.string().default(''),
  type: z.string().default('user'),
  labelListVisibility: z.string().optional(),
  color: z.object({ backgroundColor: z.string().optional() }).optional(),
})
export type Label = z.infer<typeof Label>

const Named = z.object({ id: z.string().min(1) })
const Touched = z.object({
  message: Named.extend({ labelIds: z.array(z.string()).default([]) }),
  labelIds: z.array(z.string()).default([]),
})
const touched = z.array(Touched).default([])

/** A page of history. One without `history` is no mistake: nothing on it concerns us, and there may be more. */
export const HistoryPage = z.object({
  historyId: z.string().min(1),
  nextPageToken: z.string().optional(),
  history: z
    .array(z.object({ messagesAdded: touched, messagesDeleted: touched, labelsAdded: touched, labelsRemoved: touched }))
    .default([]),
})

export const ListPage = z.object({ nextPageToken: z.string().optional(), messages: z.array(Named).default([]) })
export const Profile = z.object({ historyId: z.string().min(1), messagesTotal: z.number().default(0) })
export const Labels = z.object({ labels: z.array(Label).default([]) })
