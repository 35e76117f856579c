import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { ThreadOperation } from '../operations.ts'
import { whoOf } from '../people.ts'
import type { MapContext } from './context.ts'
import type { Place } from './places.ts'
import { sealed } from './sealed.ts'
import { Told } from './told.ts'
import { numberOf } from './tracked.ts'

export function mapThread(item: Item<'thread'>, place: Place, { people }: MapContext): Mapped<ThreadOperation> {
  const { body } = item
  const told = new Told(item.id)
  const iid = numberOf(body.changeRequest)
  if (body.resolved) told.substituted('time-replaced', 'resolvedAt', 'the source does not say when: the time of its last comment')
  const op = sealed<ThreadOperation>({
    item: item.id,
    collection: item.collection,
    summary: `conversation on ${place.path}!${iid}`,
    type: 'thread',
    repository: place.id,
    project: place.path,
    iid,
    root: body.root,
    resolved: body.resolved,
    resolvedBy: body.resolved ? whoOf(people.who(body.resolvedBy)) : null,
  })
  return { ops: [op], losses: told.losses }
}
