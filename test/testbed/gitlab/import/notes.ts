import { createHash } from 'node:crypto'
import { fieldsOf, flagIn, isFields, numberIn, rowsOf, textIn } from '../fields.ts'
import type { DiffFile, ItemRow, NoteRow, Position } from '../item-rows.ts'
import type { Fields } from '../rows.ts'
import { positionComplaint } from './diff-lines.ts'
import { awardOf, invalid, timeOf, userOf } from './issuables.ts'
import { crash, nestedRecords, type Run } from './run-context.ts'

const TYPES = [null, 'DiscussionNote', 'DiffNote', 'LegacyDiffNote'] as const
const MOST_NOTE = 1_000_000

/** Notes of an issue or merge request, ready to be stored. Building comes before saving, so a note that crashes takes the whole record along. */
export function notesOf(run: Run, item: ItemRow, record: Fields, line: number, files: readonly DiffFile[] | undefined): NoteRow[] {
  const relation = item.kind === 'issue' ? 'issues' : 'merge_requests'
  const list = rowsOf(record['notes']).map((note) => ({ note, body: bodyOf(run, item, note) }))
  const rows: NoteRow[] = []
  nestedRecords(run, relation, line, list, ({ note, body }) => void rows.push(rowOf(run, item, note, body, files)))
  return rows
}

/**
 * Whose author is not found says so in the text. That needs `author.name` and an `updated_at` that is a text, or the importer crashes
 * (`set_note_author` in `base/relation_factory.rb`, gitlabhq/gitlabhq, read 2026-11-25).
 */
export function noteBody(run: Run, note: Fields): { readonly text: string; readonly lucky: boolean } {
  const text = textIn(note, 'note') ?? ''
  const old = numberIn(note, 'author_id')
  const name = textIn(fieldsOf(note['author']), 'name')
  const updated = note['updated_at']
  const complete = isFields(note['author']) && typeof updated === 'string'
  if (old !== undefined && run.members.has(old)) return { text, lucky: !complete }
  if (!complete) throw crash(isFields(note['author']) ? "note['updated_at'].split" : "note['author']['name']")
  return {
    text: `${text === '' ? '*Blank note*' : text}\n\n *By ${name ?? ''} on ${updated.split('.')[0] ?? ''} (imported from GitLab)*`,
    lucky: false,
  }
}
function bodyOf(run: Run, item: ItemRow, note: Fields): string {
  const { text, lucky } = noteBody(run, note)
  if (lucky) problem(run, item, 'a note without author.name or updated_at would crash if its author were not found')
  return text
}
function problem(run: Run, item: ItemRow, what: string): void {
  run.world.problems.push({ project: run.world.pathOf(run.project), where: `${item.kind === 'issue' ? '#' : '!'}${item.iid}`, what })
}

function rowOf(run: Run, item: ItemRow, note: Fields, body: string, files: readonly DiffFile[] | undefined): NoteRow {
  const type = TYPES.find((each) => each === (note['type'] ?? null))
  if (type === undefined) throw invalid('Type is invalid')
  if (body.trim() === '') throw invalid("Note can't be blank")
  if (body.length > MOST_NOTE) throw invalid('Note is too long (maximum is 1000000 characters)')
  const noteable = item.kind === 'issue' ? 'Issue' : 'MergeRequest'
  if (textIn(note, 'noteable_type') !== noteable) throw invalid('Noteable is invalid')
  const author = userOf(run, note, 'author_id')
  if (author === null) throw invalid("Author can't be blank")
  const id = run.world.next('note')
  const created_at = timeOf(note, 'created_at') ?? run.world.now()
  const code = textIn(note, 'line_code') ?? null
  const row: NoteRow = {
    id,
    project_id: run.project.id,
    kind: item.kind,
    iid: item.iid,
    discussion_id: textIn(note, 'discussion_id') ?? createHash('sha1').update(`discussion-${noteable}-${item.id}-${id}`).digest('hex'),
    type,
    body,
    author_id: author,
    created_at,
    updated_at: timeOf(note, 'updated_at') ?? created_at,
    system: flagIn(note, 'system') ?? false,
    confidential: flagIn(note, 'confidential') ?? false,
    line_code: code,
    position: type === 'DiffNote' ? diffPosition(note, noteable, code) : null,
    resolved_at: timeOf(note, 'resolved_at') ?? null,
    resolved_by_id: userOf(run, note, 'resolved_by_id'),
    // A reaction that is invalid makes its note invalid.
    awards: rowsOf(note['award_emoji']).map((award) => awardOf(run, award)),
    imported: true,
  }
  if (!/^[0-9a-f]{40}$/.test(row.discussion_id))
    problem(run, item, `discussion_id ${row.discussion_id} is no SHA-1: its thread cannot be replied to`)
  const complaint = row.position === null || files === undefined ? undefined : positionComplaint(files, row.position, code)
  if (complaint !== undefined) problem(run, item, `note ${id}: ${complaint}`)
  if (row.resolved_at !== null && row.type === null) problem(run, item, `note ${id}: resolved, but a note without a type cannot be`)
  return row
}
/** Checks of `DiffNote`: both positions with all three SHAs, a line code of the known form on text, merge requests only. */
function diffPosition(note: Fields, noteable: string, code: string | null): Position {
  if (noteable !== 'MergeRequest') throw invalid('Noteable type is not included in the list')
  const position = positionOf(note['position'])
  if (position === undefined) throw invalid("Position can't be blank")
  // Without an original position the position is taken for it (`set_original_position`).
  const original = positionOf(note['original_position']) ?? position
  if (position.position_type === 'text' && !/^[a-z0-9]+_\d+_\d+$/.test(code ?? '')) throw invalid('Line code must be a valid line code')
  for (const each of [position, original])
    if (![each.base_sha, each.start_sha, each.head_sha].every((sha) => /^[0-9a-f]{40}$/.test(sha))) throw invalid('Position is incomplete')
  return position
}
/** An object, or the same as JSON in a text (`diff_positionable_note.rb`). */
export function positionOf(value: unknown): Position | undefined {
  const given = typeof value === 'string' ? jsonOf(value) : value
  if (!isFields(given)) return undefined
  return {
    position_type: textIn(given, 'position_type') ?? 'text',
    base_sha: textIn(given, 'base_sha') ?? '',
    start_sha: textIn(given, 'start_sha') ?? '',
    head_sha: textIn(given, 'head_sha') ?? '',
    old_path: textIn(given, 'old_path') ?? null,
    new_path: textIn(given, 'new_path') ?? null,
    old_line: numberIn(given, 'old_line') ?? null,
    new_line: numberIn(given, 'new_line') ?? null,
    line_range: given['line_range'] ?? null,
  }
}
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
