import { removeMails } from '../client/change.ts'
import type { Connection } from '../wire/connection.ts'
import type { Box } from './box.ts'
import type { Delivered } from './delivered.ts'

/** Takes away what mails looked like, or where they stood, before the source changed them. Only what an import of ours had put there. */
export async function removeOld(box: Box, connection: Connection, delivered: readonly Delivered[]): Promise<void> {
  const old = delivered.flatMap(({ waiting: { old }, notes }) =>
    old !== undefined && old.ours && old.uid > 0 && (old.folder !== notes.folder || old.uid !== notes.uid) ? [old] : [],
  )
  for (const [folder, mails] of Map.groupBy(old, (mail) => mail.folder)) {
    const { uidValidity } = await box.select(connection, folder).catch(() => ({ uidValidity: 0 }))
    const uids = mails.filter((mail) => mail.uidValidity === uidValidity).map(({ uid }) => uid)
    if (uids.length > 0) await removeMails(connection, uids)
  }
}
