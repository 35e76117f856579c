import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { IssueOperation } from '../operations.ts'
import type { MapContext } from './context.ts'
import type { Place } from './places.ts'
import { sealed } from './sealed.ts'
import { Told } from './told.ts'
import { trackedParts } from './tracked.ts'

export function mapIssue(item: Item<'issue'>, place: Place, context: MapContext): Mapped<IssueOperation> {
  const { body } = item
  const told = new Told(item.id)
  if (body.type !== null) told.degraded('no-such-concept', 'type', `of the type ${body.type}`)
  if (body.parent !== null) told.degraded('no-such-concept', 'parent', `part of ${body.parent}: parents need a paid edition`)
  if (body.state === 'closed' && body.stateReason !== null && body.stateReason !== 'completed')
    told.degraded('no-such-concept', 'stateReason', `closed as ${body.stateReason}`)
  const op = sealed<IssueOperation>({
    ...trackedParts(item, place, null, context, told),
    summary: `issue ${place.path}#${body.number}`,
    type: 'issue',
    from: 'issue',
    state: body.state === 'open' ? 'opened' : 'closed',
  })
  return { ops: [op], losses: told.losses }
}
