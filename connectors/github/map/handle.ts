import { z } from 'zod'

/** Names bytes that are still at GitHub. `context`: `owner/name` of the repository whose text names the file. */
const Handle = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('attachment'), url: z.string(), context: z.string() }),
  z.strictObject({ type: z.literal('asset'), context: z.string(), id: z.number() }),
  z.strictObject({ type: z.literal('bundle'), repository: z.number(), key: z.string() }),
  /** `context` as above; `bytes` as the pointer says. */
  z.strictObject({ type: z.literal('lfs'), context: z.string(), oid: z.string(), bytes: z.number() }),
])
export type Handle = z.infer<typeof Handle>

export const encodeHandle = (handle: Handle): string => JSON.stringify(handle)
export function decodeHandle(text: string): Handle | undefined {
  try {
    return Handle.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
