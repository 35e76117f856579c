import { z } from 'zod'
import { Actor } from './actor.ts'

/** A planning board of an organisation or person (GitHub calls it a project). */
export const Board = z.strictObject({
  number: z.number().int(),
  title: z.string(),
  text: z.string(),
  closed: z.boolean(),
  public: z.boolean(),
  author: Actor.nullable(),
  /** `options`: names of a single choice or iteration, in order. */
  fields: z.array(z.strictObject({ name: z.string(), type: z.string(), options: z.array(z.string()) })),
  /** In order. `content`: item id of an issue or change request; null: a note that stands only here. `values`: field name → text. */
  cards: z.array(
    z.strictObject({
      content: z.string().nullable(),
      title: z.string(),
      text: z.string(),
      archived: z.boolean(),
      values: z.record(z.string(), z.string()),
    }),
  ),
})
export type Board = z.infer<typeof Board>
