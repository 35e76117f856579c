import { z } from 'zod'
import { FileRef } from './file.ts'

/** One large file that git history only points to. `oid`: SHA-256 in lower-case hex; `bytes` as the pointer says. */
export const LfsObject = z.strictObject({ repository: z.string(), oid: z.string(), bytes: z.number().int(), file: FileRef })
export type LfsObject = z.infer<typeof LfsObject>
