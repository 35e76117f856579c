import { z } from 'zod'

/**
 * Who did something on a code host: item id of the account, and its name there. The name stands beside the id because many who speak in a
 * repository are in no directory: passers-by, bots, people who left. Null in place of an actor: the account was deleted.
 */
export const Actor = z.strictObject({ account: z.string(), login: z.string() })
export type Actor = z.infer<typeof Actor>

/** `content`: the sign by its short name (`thumbsup`, `heart`), as emoji lists name it. `by` null: the source told only that there was one. */
export const CodeReaction = z.strictObject({ content: z.string(), by: Actor.nullable(), at: z.string().nullable() })
export type CodeReaction = z.infer<typeof CodeReaction>
