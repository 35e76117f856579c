import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { Anchor } from '../../../src/model/comment.ts'
import type { NoteOperation, NotePlace } from '../operations.ts'
import { authorOf } from './authors.ts'
import type { MapContext } from './context.ts'
import { awardsOf } from './emoji.ts'
import type { Place } from './places.ts'
import { quoted } from './quote.ts'
import { sealed } from './sealed.ts'
import { MOST_NOTE, carryText } from './text.ts'
import { changedAt, timeOf } from './times.ts'
import { Told, nothing } from './told.ts'
import { numberOf } from './tracked.ts'

export function mapComment(item: Item<'comment'>, place: Place, context: MapContext): Mapped<NoteOperation> {
  const { body } = item
  const on = placeOn(body.on)
  if (on === undefined) return nothing(item.id, 'invalid-at-source', 'it stands on nothing that is known')
  if (body.on.startsWith('discussion/') && context.settings.discussions === 'leave-out')
    return nothing(item.id, 'excluded-by-policy', 'discussions are to be left out')
  const told = new Told(item.id)
  const author = authorOf(body.author, body.createdAt, context.people, told)
  const onCommit = on.type === 'commits'
  const head = author.lead + (onCommit && body.anchor !== null ? quoted(body.anchor) : '')
  if (onCommit && body.anchor !== null) told.degraded('text-changed', 'anchor', 'the line it stands on is quoted')
  const source = { text: body.text, attachments: body.attachments, blobs: item.blobs, place, most: MOST_NOTE - head.length - FRAME }
  const carried = carryText(source, context, told)
  const createdAt = timeOf(body.createdAt, item.id)
  const op = sealed<NoteOperation>({
    item: item.id,
    collection: item.collection,
    summary: `note on ${place.path}, ${body.on}`,
    type: 'note',
    repository: place.id,
    project: place.path,
    on,
    text: head + shown(carried.text, body.hidden, told),
    uploads: carried.uploads,
    awards: awardsOf(body.reactions, body.createdAt, context.people, told),
    author: author.who,
    createdAt,
    updatedAt: changedAt(body.createdAt, body.updatedAt, createdAt),
    system: null,
    thread: threadOf(item),
    anchor: onCommit ? null : whole(body.anchor),
  })
  return { ops: [op], losses: told.losses }
}
/** Room for the words around a hidden text, and for the quotation of a line that is gone. */
const FRAME = 5_000

export function placeOn(on: string): NotePlace | undefined {
  const kind = on.slice(0, on.indexOf('/'))
  if (kind === 'issue' || kind === 'discussion') return { type: 'issues', iid: numberOf(on) }
  if (kind === 'change-request') return { type: 'merge_requests', iid: numberOf(on) }
  return kind === 'commit' ? { type: 'commits', sha: on.slice(on.lastIndexOf('/') + 1) } : undefined
}

/** GitLab takes no empty note, and knows no hidden ones: those stand behind a fold. */
function shown(text: string, hidden: string | null, told: Told): string {
  const readable = text.trim() === '' ? '*(no text)*' : text
  if (readable !== text) told.degraded('text-changed', 'text', 'it had no text')
  if (hidden === null) return readable
  told.degraded('text-changed', 'hidden', `hidden as ${hidden}: it stands behind a fold`)
  return `<details><summary>Hidden at the source: ${hidden.replaceAll(/[^\w -]/g, '')}</summary>\n\n${readable}\n\n</details>`
}

/** Comments of reviews and of discussions stand in conversations; the others alone. */
function threadOf({ id, body }: Item<'comment'>): string | null {
  if (body.replyTo !== null) return body.replyTo
  return /^comment\/[^/]+\/(?:review|discussion)\//.test(id) ? id : null
}
/** A piece of a diff longer than anybody reads would be quoted for nothing. */
const whole = (anchor: Anchor | null): Anchor | null =>
  anchor?.hunk == null || anchor.hunk.length <= 100_000 ? anchor : { ...anchor, hunk: anchor.hunk.slice(-100_000) }
