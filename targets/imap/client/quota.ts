import type { Connection } from '../wire/connection.ts'
import type { Untagged } from '../wire/replies.ts'
import { isList, textOf } from '../wire/values.ts'

/** Storage of the mailbox (RFC 9208); null where there is no limit, or none is told. */
export async function quotaOf(connection: Connection): Promise<{ readonly usedKiB: number; readonly limitKiB: number } | null> {
  if (!connection.has('QUOTA')) return null
  let found: { usedKiB: number; limitKiB: number } | null = null
  const untagged = ({ name, values }: Untagged): void => {
    const list = name === 'QUOTA' ? values()[1] : undefined
    if (!isList(list)) return
    const at = list.findIndex((value) => textOf(value)?.toUpperCase() === 'STORAGE')
    if (at >= 0) found = { usedKiB: Number(textOf(list[at + 1])), limitKiB: Number(textOf(list[at + 2])) }
  }
  await connection.command(['GETQUOTAROOT INBOX'], { untagged })
  return found
}
