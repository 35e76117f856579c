import { z } from 'zod'

/** A custom emoji. Either an image (`image`: position in the item's blobs) or another name for one (`aliasFor`). */
export const Emoji = z.strictObject({
  name: z.string(),
  aliasFor: z.string().nullable(),
  image: z.number().int().nullable(),
})
export type Emoji = z.infer<typeof Emoji>
