import { blankItem } from '../blank-item.ts'
import { emojiComplaint } from '../emoji.ts'
import { fieldsOf, flagIn, isFields, numberIn, rowsOf, textIn } from '../fields.ts'
import type { AwardRow, ItemKind, ItemRow, ResourceEventRow } from '../item-rows.ts'
import { takeNumber } from '../places.ts'
import type { Fields } from '../rows.ts'
import { importLabel, importMilestone } from './places.ts'
import { nestedRecords, RecordError, type Run } from './run-context.ts'

const MOST_TITLE = 255
const MOST_DESCRIPTION = 1024 * 1024
export const invalid = (why: string): RecordError => new RecordError(`Validation failed: ${why}`)

/** Checks what both issues and merge requests must have, and starts the row. Nothing is stored yet. */
export function startItem(run: Run, kind: ItemKind, record: Fields, line: number): ItemRow {
  const { world, project, members } = run
  const relation = kind === 'issue' ? 'issues' : 'merge_requests'
  const title = textIn(record, 'title') ?? ''
  if (title.trim() === '') throw invalid("Title can't be blank")
  if (title.length > MOST_TITLE) throw invalid('Title is too long (maximum is 255 characters)')
  const description = textIn(record, 'description') ?? null
  if ((description?.length ?? 0) > MOST_DESCRIPTION) throw invalid('Description is too long (maximum is 1048576 characters)')
  const state = textIn(record, 'state') ?? 'opened'
  const states = kind === 'issue' ? ['opened', 'closed'] : ['opened', 'closed', 'merged', 'locked']
  if (!states.includes(state)) throw invalid('State is invalid')
  const iid = numberIn(record, 'iid')
  if (iid !== undefined && (iid <= 0 || world.items.has(project.id, kind, iid))) throw invalid('Iid has already been taken')
  const author = numberIn(record, 'author_id')
  if (author === undefined) throw invalid("Author can't be blank")
  const created_at = timeOf(record, 'created_at') ?? world.now()
  const milestone = isFields(record['milestone']) ? importMilestone(run, record['milestone']).id : null
  const item: ItemRow = {
    ...blankItem(world, project, kind, members.of(author), iid ?? takeNumber(project, kind)),
    title,
    description,
    state: state as ItemRow['state'],
    created_at,
    updated_at: timeOf(record, 'updated_at') ?? created_at,
    closed_at: timeOf(record, 'closed_at') ?? null,
    closed_by_id: userOf(run, record, 'closed_by_id'),
    milestone_id: milestone,
    assignee_ids: peopleOf(run, record[kind === 'issue' ? 'issue_assignees' : 'merge_request_assignees']),
    confidential: flagIn(record, 'confidential') ?? false,
    discussion_locked: flagIn(record, 'discussion_locked') ?? null,
    due_date: textIn(record, 'due_date') ?? null,
    issue_type: textIn(fieldsOf(record['work_item_type']), 'base_type') ?? textIn(record, 'issue_type') ?? 'issue',
    imported: true,
  }
  nestedRecords(run, relation, line, rowsOf(record['label_links']), (link) => {
    if (!isFields(link['label'])) throw invalid("Label can't be blank")
    const { id } = importLabel(run, link['label'])
    if (!item.label_ids.includes(id)) item.label_ids.push(id)
  })
  nestedRecords(run, relation, line, rowsOf(record['award_emoji']), (row) => void item.awards.push(awardOf(run, row)))
  item.label_events = labelEvents(run, relation, line, record)
  item.milestone_events = milestoneEvents(run, relation, line, record)
  item.state_events = stateEvents(run, relation, line, record)
  return item
}
export function storeItem(run: Run, item: ItemRow): void {
  takeNumber(run.project, item.kind, item.iid)
  run.world.items.save(item)
}

/** Times come as ISO texts; PostgreSQL refuses anything else. */
export function timeOf(record: Fields, key: string): string | undefined {
  const value = textIn(record, key)
  if (value === undefined) return undefined
  const at = Date.parse(value)
  // Rails reads what is no time as nothing.
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}
export function userOf(run: Run, record: Fields, key: string): number | null {
  const old = numberIn(record, key)
  return old === undefined ? null : run.members.of(old)
}
/** Nobody twice: people who are not found are all the importer. */
export const peopleOf = (run: Run, list: unknown): number[] => [
  ...new Set(rowsOf(list).map((row) => run.members.of(numberIn(row, 'user_id')))),
]

/** One reaction of a record. */
export function awardOf(run: Run, row: Fields): AwardRow {
  const name = textIn(row, 'name') ?? ''
  const complaint = emojiComplaint(name)
  if (complaint !== undefined) throw invalid(complaint)
  const user_id = userOf(run, row, 'user_id')
  if (user_id === null) throw invalid("User can't be blank")
  const created_at = timeOf(row, 'created_at') ?? run.world.now()
  return { id: run.world.next('award'), name, user_id, created_at, updated_at: timeOf(row, 'updated_at') ?? created_at }
}

const event = (run: Run, row: Fields, action: string): ResourceEventRow => {
  const user_id = userOf(run, row, 'user_id')
  if (user_id === null) throw invalid("User can't be blank")
  const created_at = timeOf(row, 'created_at') ?? run.world.now()
  return { id: run.world.next('resource_event'), user_id, created_at, action, label_id: null, milestone_id: null }
}
const oneOf = (row: Fields, key: string, words: readonly string[]): string => {
  const value = row[key]
  // The database keeps numbers: 1 is `add` and 2 is `remove`.
  const word = typeof value === 'number' ? words[value - 1] : textIn(row, key)
  if (word === undefined || !words.includes(word)) throw new RecordError(`'${String(value)}' is not a valid ${key}`, 'ArgumentError')
  return word
}
function labelEvents(run: Run, relation: string, line: number, record: Fields): ResourceEventRow[] {
  const events: ResourceEventRow[] = []
  nestedRecords(run, relation, line, rowsOf(record['resource_label_events']), (row) => {
    const made = event(run, row, oneOf(row, 'action', ['add', 'remove']))
    if (!isFields(row['label'])) throw invalid("Label can't be blank")
    events.push({ ...made, label_id: importLabel(run, row['label']).id })
  })
  return events
}
function milestoneEvents(run: Run, relation: string, line: number, record: Fields): ResourceEventRow[] {
  const events: ResourceEventRow[] = []
  nestedRecords(run, relation, line, rowsOf(record['resource_milestone_events']), (row) => {
    const made = event(run, row, oneOf(row, 'action', ['add', 'remove']))
    if (!isFields(row['milestone'])) throw invalid("Milestone can't be blank")
    events.push({ ...made, milestone_id: importMilestone(run, row['milestone']).id })
  })
  return events
}
function stateEvents(run: Run, relation: string, line: number, record: Fields): ResourceEventRow[] {
  const events: ResourceEventRow[] = []
  nestedRecords(run, relation, line, rowsOf(record['resource_state_events']), (row) => {
    events.push(event(run, row, oneOf(row, 'state', ['opened', 'closed', 'merged', 'locked', 'reopened'])))
  })
  return events
}
