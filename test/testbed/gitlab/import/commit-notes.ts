import { createHash } from 'node:crypto'
import { flagIn, textIn } from '../fields.ts'
import type { Fields } from '../rows.ts'
import { invalid, timeOf, userOf } from './issuables.ts'
import { noteBody } from './notes.ts'
import type { Run } from './run-context.ts'

/** A comment on a commit, which stands in a relation of its own (`commit_notes` in `import_export.yml`). */
export function importCommitNote(run: Run, note: Fields): void {
  const { text: body } = noteBody(run, note)
  const sha = textIn(note, 'commit_id') ?? ''
  if (textIn(note, 'noteable_type') !== 'Commit') throw invalid('Noteable is invalid')
  if (!/^[0-9a-f]{40}$/.test(sha)) throw invalid("Commit can't be blank")
  const author_id = userOf(run, note, 'author_id')
  if (author_id === null) throw invalid("Author can't be blank")
  const id = run.world.next('note')
  const created_at = timeOf(note, 'created_at') ?? run.world.now()
  run.world.commitNotes.push({
    id,
    project_id: run.project.id,
    sha,
    discussion_id: textIn(note, 'discussion_id') ?? createHash('sha1').update(`discussion-Commit-${sha}-${id}`).digest('hex'),
    body,
    author_id,
    created_at,
    updated_at: timeOf(note, 'updated_at') ?? created_at,
    system: flagIn(note, 'system') ?? false,
  })
}
