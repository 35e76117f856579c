import type { JsonObject } from '../../../src/contract/json.ts'
import type { EventOperation, NoteOperation } from '../operations.ts'
import type { FilePeople } from './people.ts'
import type { FilePlaces } from './places.ts'

/** A line of one of the three lists of events. Undefined: the label or milestone it names is no longer there, and none is made for it. */
export function eventRecord({ event, author }: EventOperation, people: FilePeople, places: FilePlaces): JsonObject | undefined {
  const user_id = people.id(author)
  if (event.type === 'state') return { user_id, state: event.state }
  if (event.type === 'label')
    return places.hasLabel(event.label) ? { user_id, action: event.action, label: places.label(event.label) } : undefined
  const milestone = places.milestoneNamed(event.milestone)
  return milestone === undefined ? undefined : { user_id, action: event.action, state: 'opened', milestone }
}

/** An event as the note that tells it. */
export const told = (op: EventOperation): NoteOperation => ({
  ...op,
  type: 'note',
  text: toldText(op),
  uploads: [],
  awards: [],
  updatedAt: op.createdAt,
  system: { action: op.event.type === 'milestone' ? 'milestone' : 'label' },
  thread: null,
  anchor: null,
})
export function toldText({ event }: EventOperation): string {
  if (event.type === 'state') return event.state
  const name = (event.type === 'label' ? event.label : event.milestone).replaceAll(/[`\n]/g, ' ')
  if (event.type === 'label') return `${event.action === 'add' ? 'added' : 'removed'} the label \`${name}\``
  return event.action === 'add' ? `changed milestone to \`${name}\`` : `removed milestone \`${name}\``
}
