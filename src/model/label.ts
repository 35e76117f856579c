import { z } from 'zod'

/** `color`: six hex digits, no sign before them. */
export const Label = z.strictObject({ repository: z.string(), name: z.string(), color: z.string(), description: z.string().nullable() })
export type Label = z.infer<typeof Label>
