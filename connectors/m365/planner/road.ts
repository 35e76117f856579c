import { collectionId } from '../../../src/contract/ids.ts'
import type { Listed } from '../directory/listing.ts'
import type { Road } from '../roads.ts'
import { filled, texts } from '../wire.ts'
import { plannerChanges } from './changes.ts'

/** `planner/G`: the plans of a group. Only groups of Microsoft 365 can have some; whether one has is not listed anywhere. */
export const plannerRoad: Road = {
  service: 'planner',
  prefix: 'planner',
  roles: [['Tasks.Read.All', 'Tasks.ReadWrite.All']],
  collections: (listed) =>
    listed.groups
      .filter(({ raw }) => texts(raw['groupTypes']).includes('Unified'))
      .map(({ id, raw }) => ({
        id: collectionId(`planner/${id}`),
        title: `Plans of ${filled(raw['displayName']) ?? id}`,
        kinds: ['tasklist', 'task'],
      })),
  changes: (graph, id, listed, since, signal) => plannerChanges(graph, { id, addressOf: (user) => whoIs(listed, user) }, since, signal),
}

function whoIs({ users }: Listed, id: string): { readonly address: string | null; readonly name: string | null } {
  const raw = users.find((user) => user.id === id)?.raw
  return { address: filled(raw?.['mail']) ?? filled(raw?.['userPrincipalName']), name: filled(raw?.['displayName']) }
}
