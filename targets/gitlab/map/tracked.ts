import type { Item } from '../../../src/contract/item.ts'
import { type People, whoOf } from '../people.ts'
import type { Who } from '../operations.ts'
import { authorOf, oneOf } from './authors.ts'
import type { MapContext } from './context.ts'
import { awardsOf } from './emoji.ts'
import { labelTitles } from './labels.ts'
import type { Place } from './places.ts'
import { MOST_DESCRIPTION, carryText } from './text.ts'
import { fullTime } from './times.ts'
import { titleOf } from './title.ts'
import type { Told } from './told.ts'

/** What issues and merge requests have in common. `draft` null: an issue. */
export function trackedParts(
  item: Item<'issue'> | Item<'change-request'>,
  place: Place,
  draft: boolean | null,
  context: MapContext,
  told: Told,
) {
  const { body, blobs } = item
  const { people } = context
  const { title, lead } = titleOf(body.title, draft, told)
  const author = authorOf(body.author, body.createdAt, people, told)
  const head = author.lead + lead
  const carried = carryText(
    { text: body.text, attachments: body.attachments, blobs, place, most: MOST_DESCRIPTION - head.length },
    context,
    told,
  )
  if (body.locked && body.lockReason !== null) told.degraded('no-such-concept', 'lockReason', `locked as ${body.lockReason}`)
  return {
    item: item.id,
    collection: item.collection,
    repository: place.id,
    project: place.path,
    iid: body.number,
    title,
    text: head + carried.text,
    uploads: carried.uploads,
    awards: awardsOf(body.reactions, body.createdAt, people, told),
    author: author.who,
    labels: labelTitles(body.labels),
    milestone: body.milestone === null ? null : numberOf(body.milestone),
    assignees: oneOf(body.assignees, 'assignees', people, told),
    createdAt: fullTime(body.createdAt),
    updatedAt: fullTime(body.updatedAt),
    closedAt: body.closedAt === null ? null : fullTime(body.closedAt),
    closedBy: body.closedAt === null || body.closedBy === null ? null : knownOf(people, body.closedBy),
    locked: body.locked,
  }
}

const knownOf = (people: People, actor: { readonly account: string; readonly login: string }): Who => whoOf(people.who(actor))

/** The number at the end of an item id. */
export const numberOf = (item: string): number => Number(item.slice(item.lastIndexOf('/') + 1))
