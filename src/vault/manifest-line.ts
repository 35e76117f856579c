import { z } from 'zod'

/**
 * One line of a manifest. The first says what the collection is; then one per entry of a pack.
 * - `records`: NDJSON, the lines of one kind and month (`part`); `again` when a line replaces or removes one of an earlier entry of the same part
 * - `blob`: bytes under their human name
 */
export const ManifestLine = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('collection'),
    id: z.string(),
    c: z.string(),
    title: z.string(),
    kinds: z.array(z.string()),
    estimate: z.number().optional(),
    owner: z.string().optional(),
  }),
  z.strictObject({
    op: z.literal('put'),
    path: z.string(),
    kind: z.string(),
    part: z.string().optional(),
    month: z.string().nullable().optional(),
    items: z.number().int().optional(),
    again: z.boolean().optional(),
    mediaType: z.string().optional(),
    size: z.number().int(),
    sha256: z.string(),
    pack: z.string(),
  }),
])
export type ManifestLine = z.infer<typeof ManifestLine>
export type CollectionLine = Extract<ManifestLine, { op: 'collection' }>
export type EntryLine = Extract<ManifestLine, { op: 'put' }>
