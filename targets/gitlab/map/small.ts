import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { LabelOperation, LfsOperation, MilestoneOperation } from '../operations.ts'
import type { MapContext } from './context.ts'
import { colorOf, labelTitle } from './labels.ts'
import type { Place } from './places.ts'
import { sealed } from './sealed.ts'
import { MOST_NOTE, carryText } from './text.ts'
import { fullTime } from './times.ts'
import { titleOf } from './title.ts'
import { Told, nothing } from './told.ts'

export function mapLabel(item: Item<'label'>, place: Place): Mapped<LabelOperation> {
  const { body } = item
  const told = new Told(item.id)
  const title = labelTitle(body.name)
  if (title !== body.name) told.degraded('name-changed', 'name', `"${body.name.slice(0, 300)}" is "${title}" there`)
  const op = sealed<LabelOperation>({
    item: item.id,
    collection: item.collection,
    summary: `label ${place.path} ~${title}`,
    type: 'label',
    repository: place.id,
    project: place.path,
    title,
    color: colorOf(body.color, told),
    description: body.description === null || body.description === '' ? null : body.description.replaceAll('\0', '').toWellFormed(),
  })
  return { ops: [op], losses: told.losses }
}

export function mapMilestone(item: Item<'milestone'>, place: Place, context: MapContext): Mapped<MilestoneOperation> {
  const { body } = item
  const told = new Told(item.id)
  const { title, lead } = titleOf(body.title, null, told)
  const carried = carryText({ text: body.text, attachments: [], blobs: [], place, most: MOST_NOTE - lead.length }, context, told)
  told.degraded('no-such-concept', 'author', 'GitLab keeps neither who made a milestone nor when it was closed')
  const op = sealed<MilestoneOperation>({
    item: item.id,
    collection: item.collection,
    summary: `milestone ${place.path} %${body.number}`,
    type: 'milestone',
    repository: place.id,
    project: place.path,
    iid: body.number,
    title,
    text: lead + carried.text,
    uploads: carried.uploads,
    state: body.state === 'open' ? 'active' : 'closed',
    dueDate: body.dueOn,
    createdAt: fullTime(body.createdAt),
    updatedAt: fullTime(body.updatedAt),
  })
  return { ops: [op], losses: told.losses }
}

export function mapLfsObject(item: Item<'lfs-object'>, place: Place): Mapped<LfsOperation> {
  const { oid, bytes, file } = item.body
  const blob = file.blob === null ? null : (item.blobs[file.blob] ?? null)
  if (blob === null) return nothing(item.id, 'withheld-by-source', `the source has no object ${oid}`)
  const op = sealed<LfsOperation>({
    item: item.id,
    collection: item.collection,
    summary: `large file ${place.path} ${oid.slice(0, 12)}`,
    type: 'lfs',
    repository: place.id,
    project: place.path,
    oid,
    bytes,
    blob,
  })
  return { ops: [op], losses: [] }
}
