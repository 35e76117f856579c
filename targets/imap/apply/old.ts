import { Fault } from '../../../src/fault.ts'
import { removeMails } from '../client/change.ts'
import type { Connection } from '../wire/connection.ts'
import type { Box } from './box.ts'
import type { Delivered } from './delivered.ts'
import type { Work } from './work.ts'

/** Takes away what mails looked like, or where they stood, before the source changed them. Only what an import of ours had put there. */
export async function removeOld(work: Work, box: Box, connection: Connection, delivered: readonly Delivered[]): Promise<void> {
  const old = delivered.flatMap(({ waiting: { old }, notes }) =>
    old !== undefined && old.ours && old.uid > 0 && (old.folder !== notes.folder || old.uid !== notes.uid) ? [old] : [],
  )
  for (const [folder, mails] of Map.groupBy(old, (mail) => mail.folder)) {
    try {
      const { uidValidity } = await box.select(connection, folder)
      const uids = mails.filter((mail) => mail.uidValidity === uidValidity).map(({ uid }) => uid)
      if (uids.length > 0) await removeMails(connection, uids)
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'rejected') throw error
      // The mail stands where it should; that it stands here as well hurts nobody's mail.
      work.ports.log.warn('mails could not be taken away from where they stood before', { count: mails.length, why: error.message })
    }
  }
}
