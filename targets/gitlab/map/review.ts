import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { NoteOperation, VerdictOperation } from '../operations.ts'
import { whoOf } from '../people.ts'
import { authorOf } from './authors.ts'
import type { MapContext } from './context.ts'
import { awardsOf } from './emoji.ts'
import type { Place } from './places.ts'
import { sealed } from './sealed.ts'
import { MOST_NOTE, carryText } from './text.ts'
import { timeOf } from './times.ts'
import { Told, nothing } from './told.ts'
import { numberOf } from './tracked.ts'

const words = {
  approved: 'approved this merge request',
  'changes-requested': 'requested changes',
  dismissed: 'gave a review that was dismissed',
}

/**
 * The words of a review as a note, its verdict as a verdict. A review without both only held comments together.
 * A pending review was never handed in: the source shows it to its author alone.
 */
export function mapReview(item: Item<'review'>, place: Place, context: MapContext): Mapped<NoteOperation | VerdictOperation> {
  const { body } = item
  if (body.state === 'pending') return nothing(item.id, 'no-such-concept', 'it was not handed in')
  if (body.state === 'commented' && body.text.trim() === '' && body.reactions.length === 0)
    return nothing(item.id, 'no-such-concept', 'it has no words and no verdict; the comments it held together stand by themselves')
  const told = new Told(item.id)
  const iid = numberOf(body.changeRequest)
  const createdAt = timeOf(body.submittedAt, item.id)
  const common = { item: item.id, collection: item.collection, repository: place.id, project: place.path }
  const ops: (NoteOperation | VerdictOperation)[] = []
  if (body.state !== 'commented') {
    const who = whoOf(context.people.who(body.author))
    const name = who.username === null ? `\`${who.login}\` ` : ''
    if (who.username === null)
      told.substituted('author-replaced', 'author', `${who.login} has no user there; the verdict is told in a note`)
    ops.push(
      sealed<VerdictOperation>(
        {
          ...common,
          summary: `verdict on ${place.path}!${iid}`,
          type: 'verdict',
          iid,
          author: who,
          verdict: body.state,
          createdAt,
          text: name + words[body.state],
        },
        '#verdict',
      ),
    )
  }
  if (body.text.trim() !== '') {
    const author = authorOf(body.author, body.submittedAt, context.people, told)
    const most = MOST_NOTE - author.lead.length
    const carried = carryText({ text: body.text, attachments: body.attachments, blobs: item.blobs, place, most }, context, told)
    ops.push(
      sealed<NoteOperation>({
        ...common,
        summary: `note on ${place.path}!${iid}, of a review`,
        type: 'note',
        on: { type: 'merge_requests', iid },
        text: author.lead + carried.text,
        uploads: carried.uploads,
        awards: awardsOf(body.reactions, body.submittedAt, context.people, told),
        author: author.who,
        createdAt,
        updatedAt: createdAt,
        system: null,
        thread: null,
        anchor: null,
      }),
    )
  } else if (body.reactions.length > 0)
    told.degraded('no-such-concept', 'reactions', `${body.reactions.length} reactions to a review without words`)
  return { ops, losses: told.losses }
}
