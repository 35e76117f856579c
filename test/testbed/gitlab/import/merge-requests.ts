import { fieldsOf, flagIn, numberIn, rowsOf, textIn } from '../fields.ts'
import { gitOr, hasBranch, hasCommit } from '../git/repository.ts'
import type { DiffFile, DiffRow, ItemRow } from '../item-rows.ts'
import type { Fields } from '../rows.ts'
import { invalid, startItem, storeItem, timeOf, userOf } from './issuables.ts'
import { notesOf } from './notes.ts'
import { crash, RecordError, type Run } from './run-context.ts'

export function importIssue(run: Run, record: Fields, line: number): void {
  const item = startItem(run, 'issue', record, line)
  const notes = notesOf(run, item, record, line, undefined)
  run.world.items.transaction(() => {
    storeItem(run, item)
    for (const note of notes) run.world.items.saveNote(note)
  })
}

export function importMergeRequest(run: Run, record: Fields, line: number): void {
  const item = startItem(run, 'merge_request', record, line)
  item.source_branch = textIn(record, 'source_branch') ?? ''
  item.target_branch = textIn(record, 'target_branch') ?? ''
  if (item.source_branch === '' || item.target_branch === '') throw invalid("Source branch can't be blank")
  const diff = diffOf(run, item, record)
  const metrics = fieldsOf(record['metrics'])
  item.draft = flagIn(record, 'draft') ?? /^\s*(?:\[draft\]|draft:|\(draft\))/i.test(item.title)
  item.merge_commit_sha = textIn(record, 'merge_commit_sha') ?? null
  item.squash_commit_sha = textIn(record, 'squash_commit_sha') ?? null
  item.merged_by_id = userOf(run, metrics, 'merged_by_id') ?? userOf(run, record, 'merge_user_id')
  item.merged_at = timeOf(metrics, 'merged_at') ?? null
  item.closed_at = timeOf(metrics, 'latest_closed_at') ?? null
  item.closed_by_id = userOf(run, metrics, 'latest_closed_by_id')
  const reviewers = new Map(rowsOf(record['merge_request_reviewers']).map((row) => [userOf(run, row, 'user_id') ?? 0, row]))
  item.reviewers = [...reviewers].map(([user_id, row]) => ({
    user_id,
    state: textIn(row, 'state') ?? 'unreviewed',
    created_at: timeOf(row, 'created_at') ?? item.created_at,
  }))
  // An approval without a person becomes an empty one, which nobody sees; one of each is kept.
  const approvals = new Map(
    rowsOf(record['approvals'])
      .toReversed()
      .map((row) => [userOf(run, row, 'user_id'), row]),
  )
  for (const [user_id, row] of [...approvals].toReversed())
    if (user_id !== null) item.approvals.push({ user_id, created_at: timeOf(row, 'created_at') ?? item.created_at })
  setProjects(run, item, record)
  const notes = notesOf(run, item, record, line, diff?.files)
  run.world.items.transaction(() => {
    storeItem(run, item)
    if (diff !== undefined) run.world.items.saveDiff(run.project.id, item.iid, diff)
    for (const note of notes) run.world.items.saveNote(note)
  })
  lookOver(run, item, diff)
}

/** From a fork are merge requests whose two project ids differ: their branches are made if they are not there (`merge_request_parser.rb`). */
function setProjects(run: Run, item: ItemRow, record: Fields): void {
  const source = numberIn(record, 'source_project_id')
  const target = numberIn(record, 'target_project_id')
  const head = textIn(record, 'diff_head_sha')
  if (source !== undefined && source === target) {
    item.source_project_id = run.project.id
    return
  }
  if (head === undefined) return
  item.source_project_id = run.project.id
  const repository = run.world.repository(run.project)
  if (!hasBranch(repository, item.source_branch) && hasCommit(repository, head)) createBranch(repository, item.source_branch, head)
  if (hasBranch(repository, item.target_branch)) return
  const sha = textIn(record, 'target_branch_sha') ?? ''
  // Unlike that of the source branch, this failure is not caught.
  if (!hasCommit(repository, sha) || !createBranch(repository, item.target_branch, sha))
    throw new RecordError(`Unable to create the branch ${item.target_branch}`, 'Gitlab::Git::Repository::InvalidRef')
}
const createBranch = (repository: string, name: string, sha: string): boolean =>
  gitOr(repository, 'check-ref-format', `refs/heads/${name}`) !== undefined &&
  gitOr(repository, 'update-ref', `refs/heads/${name}`, sha, '') !== undefined

/** The one diff of a merge request. A file without its text crashes the import of the merge request; an invalid diff is left out. */
function diffOf(run: Run, item: ItemRow, record: Fields): DiffRow | undefined {
  const given = fieldsOf(record['merge_request_diff'])
  const files = rowsOf(given['merge_request_diff_files']).map((file) => {
    const text = textIn(file, 'diff_export') ?? textIn(file, 'utf8_diff')
    if (text === undefined) throw crash('diff.delete("\\x00")')
    const new_path = textIn(file, 'new_path') ?? ''
    const row: DiffFile = {
      old_path: textIn(file, 'old_path') ?? new_path,
      new_path,
      a_mode: textIn(file, 'a_mode') ?? '0',
      b_mode: textIn(file, 'b_mode') ?? '0',
      new_file: flagIn(file, 'new_file') ?? false,
      renamed_file: flagIn(file, 'renamed_file') ?? false,
      deleted_file: flagIn(file, 'deleted_file') ?? false,
      too_large: flagIn(file, 'too_large') ?? false,
      diff: text.replaceAll('\u0000', ''),
    }
    return { order: numberIn(file, 'relative_order') ?? 0, file: row }
  })
  const [base, start, head] = ['base_commit_sha', 'start_commit_sha', 'head_commit_sha'].map((key) => textIn(given, key) ?? '')
  if (base === undefined || start === undefined || head === undefined) return undefined
  if (record['merge_request_diff'] === undefined || ![base, start, head].every((sha) => sha === '' || /^[0-9a-f]{40}$/.test(sha)))
    return undefined
  return {
    id: run.world.next('merge_request_diff'),
    base_commit_sha: base,
    start_commit_sha: start === '' ? base : start,
    head_commit_sha: head,
    state: textIn(given, 'state') ?? 'collected',
    real_size: textIn(given, 'real_size') ?? String(files.length),
    created_at: timeOf(given, 'created_at') ?? item.created_at,
    commits: rowsOf(given['merge_request_diff_commits'])
      .toSorted((a, b) => (numberIn(a, 'relative_order') ?? 0) - (numberIn(b, 'relative_order') ?? 0))
      .map(commitOf),
    files: files.toSorted((a, b) => a.order - b.order).map(({ file }) => file),
  }
}
function commitOf(commit: Fields): DiffRow['commits'][number] {
  const author = fieldsOf(commit['commit_author'])
  const committer = fieldsOf(commit['committer'])
  const sha = textIn(commit, 'sha') ?? ''
  if (!/^[0-9a-f]{40}$/.test(sha)) throw invalid('Sha is invalid')
  return {
    sha,
    message: textIn(commit, 'message') ?? '',
    author_name: textIn(author, 'name') ?? textIn(commit, 'author_name') ?? '',
    author_email: textIn(author, 'email') ?? textIn(commit, 'author_email') ?? '',
    authored_date: textIn(commit, 'authored_date') ?? '',
    committer_name: textIn(committer, 'name') ?? textIn(commit, 'committer_name') ?? '',
    committer_email: textIn(committer, 'email') ?? textIn(commit, 'committer_email') ?? '',
    committed_date: textIn(commit, 'committed_date') ?? '',
  }
}

/** What GitLab takes in and people would then see broken. */
function lookOver(run: Run, item: ItemRow, diff: DiffRow | undefined): void {
  const problem = (what: string): void =>
    void run.world.problems.push({ project: run.world.pathOf(run.project), where: `!${item.iid}`, what })
  if (diff === undefined || diff.head_commit_sha === '') problem('has no diff: its changes are an empty page')
  if (item.state === 'merged' && item.merged_at === null) problem('merged without metrics.merged_at')
  if (item.source_project_id === null) problem('has no source project')
  if (item.state === 'opened' && !hasBranch(run.world.repository(run.project), item.source_branch))
    problem(`open, but its source branch ${item.source_branch} is not there`)
}
