import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { IssueOperation } from '../operations.ts'
import { authorOf } from './authors.ts'
import type { MapContext } from './context.ts'
import { awardsOf } from './emoji.ts'
import { categoryLabel, labelTitles } from './labels.ts'
import type { Place } from './places.ts'
import { sealed } from './sealed.ts'
import { MOST_DESCRIPTION, carryText } from './text.ts'
import { fullTime } from './times.ts'
import { titleOf } from './title.ts'
import { Told, nothing } from './told.ts'

/** A discussion as an issue under the same number, which no issue has: the source counts both in one sequence. */
export function mapDiscussion(item: Item<'discussion'>, place: Place, context: MapContext): Mapped<IssueOperation> {
  const { body } = item
  if (context.settings.discussions === 'leave-out') return nothing(item.id, 'excluded-by-policy', 'discussions are to be left out')
  const told = new Told(item.id)
  const { title, lead } = titleOf(body.title, null, told)
  const author = authorOf(body.author, body.createdAt, context.people, told)
  const head = author.lead + lead
  const source = { text: body.text, attachments: body.attachments, blobs: item.blobs, place, most: MOST_DESCRIPTION - head.length }
  const carried = carryText(source, context, told)
  told.substituted('no-such-concept', 'kind', `an issue with the label ${categoryLabel(body.category.name)}`)
  if (body.answer !== null) told.degraded('no-such-concept', 'answer', `${body.answer} was marked as the answer`)
  const op = sealed<IssueOperation>({
    item: item.id,
    collection: item.collection,
    summary: `issue ${place.path}#${body.number}, a discussion`,
    type: 'issue',
    from: 'discussion',
    repository: place.id,
    project: place.path,
    iid: body.number,
    title,
    text: head + carried.text,
    uploads: carried.uploads,
    awards: awardsOf(body.reactions, body.createdAt, context.people, told),
    author: author.who,
    labels: [...new Set([...labelTitles(body.labels), categoryLabel(body.category.name)])].toSorted(),
    milestone: null,
    assignees: [],
    createdAt: fullTime(body.createdAt),
    updatedAt: fullTime(body.updatedAt),
    closedAt: body.closedAt === null ? null : fullTime(body.closedAt),
    closedBy: null,
    locked: body.locked,
    state: body.closedAt === null ? 'opened' : 'closed',
  })
  return { ops: [op], losses: told.losses }
}
