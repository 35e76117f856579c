import type { Loss } from '../../../src/contract/fidelity.ts'
import { type ItemId, idempotencyKey } from '../../../src/contract/ids.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import { type FolderOperation, type ImapOperation, revisionOver } from './operations.ts'
import { type Plan, dropped } from './plan.ts'
import type { Role } from './roles.ts'

/** A folder, or why it is none here. */
export function mapMailbox(item: Item<'mailbox'>, { login, places }: Plan): Mapped<ImapOperation> {
  const place = places.of.get(item.id)
  const beside =
    places.archive.carrier === item.id ? [operation(item, `${item.id}#archive`, login, places.archive.folder, 'archive', true)] : []
  const without = (mapped: Mapped<ImapOperation>): Mapped<ImapOperation> => ({ ...mapped, ops: beside })
  if (place === undefined) return without(dropped(item, 'invalid-at-source', 'it is not in the directory'))
  switch (place.type) {
    case 'flag':
      return without(dropped(item, 'no-such-concept', String.raw`it is no folder here: its mails are marked \Flagged`))
    case 'view':
      return without(dropped(item, 'no-such-concept', 'it is a view of everything, and no folder here'))
    case 'keyword':
      return without(dropped(item, 'no-such-concept', `it is no folder here: its mails carry the keyword ${place.keyword}`))
    case 'skipped':
      return without(dropped(item, 'excluded-by-policy', `\`skip\` leaves out ${place.role}`))
    case 'folder': {
      const losses: Loss[] = []
      const lose = (code: Loss['code'], effect: 'degraded' | 'substituted', field: string, detail: string): void =>
        void losses.push({ item: item.id, stage: 'map', code, effect: { type: effect, field }, detail })
      if (place.renamed) lose('name-changed', 'substituted', 'path', `stands as "${place.folder}"`)
      if (item.body.color !== null) lose('no-such-concept', 'degraded', 'color', 'folders have no colours here')
      return { ops: [operation(item, item.id, login, place.folder, place.role, !item.body.hidden), ...beside], losses }
    }
  }
}

function operation(
  item: { readonly id: ItemId; readonly collection: Item['collection'] },
  key: string,
  login: string,
  folder: string,
  role: Role | null,
  subscribed: boolean,
): FolderOperation {
  return {
    type: 'folder',
    key: idempotencyKey(key),
    item: item.id,
    collection: item.collection,
    revision: revisionOver([login, folder, role, subscribed]),
    summary: `folder "${folder}" of ${login}`,
    login,
    folder,
    role,
    subscribed,
  }
}
