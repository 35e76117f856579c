import { z } from 'zod'

/**
 * One card. `vcf` is a vCard 4.0 (RFC 6350), CRLF, folded, as text and without PHOTO; the picture is `blobs[photo]`.
 * Groups a contact belongs to are its CATEGORIES. What the standard has no word for stands in `X-` properties.
 */
export const Contact = z.strictObject({
  /** Item id of the address book. */
  addressbook: z.string(),
  uid: z.string(),
  vcf: z.string(),
  /** Position in the item's blobs. */
  photo: z.number().int().nullable(),
})
export type Contact = z.infer<typeof Contact>
