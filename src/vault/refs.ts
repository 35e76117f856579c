import { z } from 'zod'

const Hex = z.string().regex(/^[0-9a-f]+$/)
/**
 * One line of a refs file: what the nightly host may know of a change. No name, no path, no text.
 * - `put`, `del`: an item (or a loss, `k` = `loss`, of item `i`) under keyed hashes; `e` numbers the entry of this commit that holds its line, `h` its blobs
 * - `entry`: what the numbers stand for: the hash of the entry
 * - `blob`: bytes that the vendor names by a key whose keyed hash is `b`; `t` is their media type
 * - `col`: a collection, and the keyed hash of what is said of it
 */
export const RefLine = z.discriminatedUnion('o', [
  z.strictObject({
    o: z.literal('put'),
    c: Hex,
    id: Hex,
    ver: Hex,
    k: z.string(),
    p: Hex,
    e: z.number(),
    h: z.array(Hex).optional(),
    i: Hex.optional(),
  }),
  z.strictObject({ o: z.literal('del'), c: Hex, id: Hex }),
  z.strictObject({ o: z.literal('entry'), e: z.number(), h: Hex }),
  z.strictObject({ o: z.literal('blob'), b: Hex, h: Hex, n: z.number(), t: z.string() }),
  z.strictObject({ o: z.literal('col'), c: Hex, t: Hex }),
])
export type RefLine = z.infer<typeof RefLine>

/** One line of a cursors file. */
export const CursorLine = z.strictObject({ c: z.string(), cursor: z.string() })
