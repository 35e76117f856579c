import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { collectionId } from '../../../src/contract/ids.ts'
import { mailSettings, type SettingsParts } from '../map/mail-settings.ts'
import type { Mapped } from '../map/mapped.ts'
import type { Wire } from '../wire.ts'

/** Rules, automatic replies and categories of one mailbox: three requests. */
export async function readSettings(
  graph: Graph,
  person: GraphPerson,
  folders: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Mapped<'mail-settings'>> {
  const user = `/users/${seg(person.id)}`
  const all = async (path: string): Promise<readonly Wire[]> => {
    const list: Wire[] = []
    for await (const { value } of graph.pages(path, {}, {}, signal)) list.push(...value)
    return list
  }
  const parts: SettingsParts = {
    settings: (await graph.get(`${user}/mailboxSettings`, {}, {}, signal)) as Wire,
    rules: await all(`${user}/mailFolders/inbox/messageRules`),
    categories: await all(`${user}/outlook/masterCategories`),
  }
  return mailSettings(parts, person, folders, collectionId(`mail/${person.id}`), graph.provenance(person.id, '/mailboxSettings'))
}
