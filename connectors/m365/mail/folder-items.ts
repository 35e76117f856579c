import type { Change } from '../../../src/contract/connector.ts'
import { mailbox } from '../map/mailbox.ts'
import type { Run } from './run.ts'

/** The folders that are not what they were. */
export function* folderItems(run: Run): Generator<Change> {
  const { state, folders, person, collection, graph } = run
  for (const folder of folders.values()) {
    const { item } = mailbox(folder, person.id, collection, graph.provenance(folder.id, '/mailFolders'))
    const known = state.folder(folder.id)
    if (item === undefined || known.revision === item.revision) continue
    known.revision = item.revision
    yield { type: 'upsert', item }
  }
}
