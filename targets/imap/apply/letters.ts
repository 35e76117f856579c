import type { Letter } from '../client/append.ts'
import type { FolderState } from './folder.ts'
import type { Waiting } from './work.ts'

/** Mails as they are sent. What is not held in memory is opened in the vault. */
export async function lettersOf(mails: readonly Waiting[], folder: FolderState): Promise<readonly Letter[]> {
  const letters: Letter[] = []
  for (const { op, content } of mails) {
    const literal = Buffer.isBuffer(content) ? { bytes: content.length, content } : { bytes: content.bytes, content: await content.open() }
    letters.push({ flags: allowedFlags(folder, op.flags), date: op.date, literal })
  }
  return letters
}

/** Flags that the folder can keep. */
export function allowedFlags(folder: FolderState, flags: readonly string[]): readonly string[] {
  const keywords = folder.opened?.keywords
  if (keywords === undefined || keywords.any) return flags
  return flags.filter((flag) => flag.startsWith('\\') || keywords.known.has(flag.toLowerCase()))
}
