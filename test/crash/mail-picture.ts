import { createHash } from 'node:crypto'
import { OtherClient } from '../targets/imap/other-client.ts'
import { steady } from './steady.ts'

/**
 * Every folder and every mail on a mail server, a line each, through a client that is not ours: where it stands, what it says, its flags and
 * keywords, when it came. `known`: SHA-256 of the bytes in the vault; whether a mail is one of them byte for byte is part of its line.
 */
export async function mailPicture(
  at: { readonly host: string; readonly port: number },
  people: readonly string[],
  known: ReadonlySet<string>,
): Promise<readonly string[]> {
  const lines: string[] = []
  for (const login of people) {
    await using client = await OtherClient.open(at, login)
    for (const { path, subscribed, specialUse } of await client.listed()) {
      lines.push(`folder ${login} ${path} ${subscribed ? 'subscribed' : 'not subscribed'} ${specialUse ?? ''}`)
      for (const { flags, date, source, sha256 } of await client.mails(path)) {
        const says = createHash('sha256').update(steady(source)).digest('hex')
        lines.push(`mail ${login} ${path} ${says} ${known.has(sha256) ? 'as in the vault' : 'changed'} ${date} ${flags.join(' ')}`)
      }
    }
  }
  return lines
}
