import { z } from 'zod'

/**
 * Fields of Graph as this connector reads them: a field of a wrong type, or none at all, counts as not given.
 * One broken field never costs the item, one broken item never costs its page.
 */
export const text = z.string().nullable().catch(null)
export const flag = z.boolean().nullable().catch(null)
export const number = z.number().nullable().catch(null)
/** A list in which entries that cannot be read are left out. */
export const listOf = <S extends z.ZodType>(entry: S) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((entries): z.output<S>[] =>
      entries.flatMap((each) => {
        const read = entry.safeParse(each)
        return read.success ? [read.data] : []
      }),
    )
export const texts = listOf(z.string())

/** Text that says something. */
export const filled = (value: string | null): string | null => (value === null || value.trim() === '' ? null : value)

export const ItemBody = z.object({ content: text, contentType: text }).nullable().catch(null)
export type ItemBody = z.infer<typeof ItemBody>
export const DateTimeZone = z.object({ dateTime: z.string(), timeZone: text }).nullable().catch(null)
export type DateTimeZone = z.infer<typeof DateTimeZone>
export const Address = z.object({ name: text, address: text }).nullable().catch(null)
export const PostalAddress = z
  .object({ street: text, city: text, state: text, postalCode: text, countryOrRegion: text })
  .nullable()
  .catch(null)
export type PostalAddress = z.infer<typeof PostalAddress>
export const Recurrence = z
  .object({
    pattern: z.object({
      type: text,
      interval: number,
      month: number,
      dayOfMonth: number,
      daysOfWeek: texts,
      firstDayOfWeek: text,
      index: text,
    }),
    range: z.object({ type: text, startDate: text, endDate: text, numberOfOccurrences: number, recurrenceTimeZone: text }),
  })
  .nullable()
  .catch(null)
export type Recurrence = NonNullable<z.infer<typeof Recurrence>>
