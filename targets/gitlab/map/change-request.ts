import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { MergeRequestOperation } from '../operations.ts'
import { whoOf } from '../people.ts'
import { oneOf } from './authors.ts'
import type { MapContext } from './context.ts'
import type { Place } from './places.ts'
import { sealed } from './sealed.ts'
import { fullTime } from './times.ts'
import { Told } from './told.ts'
import { trackedParts } from './tracked.ts'

export function mapChangeRequest(item: Item<'change-request'>, place: Place, context: MapContext): Mapped<MergeRequestOperation> {
  const { body } = item
  const { people, places } = context
  const told = new Told(item.id)
  if (body.reviewerGroups.length > 0)
    told.degraded('no-such-concept', 'reviewers', `${body.reviewerGroups.length} teams were asked to review, which GitLab cannot ask`)
  const [owner = '', name = ''] = body.head.repository?.split('/') ?? []
  const own = body.head.repository !== null && places.named(owner, name)?.id === place.id
  const merged = body.state === 'merged'
  const op = sealed<MergeRequestOperation>({
    ...trackedParts(item, place, body.draft && !merged, context, told),
    summary: `merge request ${place.path}!${body.number}`,
    type: 'merge-request',
    state: body.state === 'open' ? 'opened' : body.state,
    draft: body.draft && !merged,
    head: { ref: body.head.ref, oid: body.head.oid, own, fork: own ? null : body.head.repository },
    base: { ref: body.base.ref, oid: body.base.oid },
    mergedAt: merged ? fullTime(body.mergedAt ?? body.closedAt ?? body.updatedAt) : null,
    mergedBy: merged && body.mergedBy !== null ? whoOf(people.who(body.mergedBy)) : null,
    mergeCommit: merged ? body.mergeCommit : null,
    reviewers: oneOf(body.reviewers, 'reviewers', people, told),
  })
  return { ops: [op], losses: told.losses }
}
