import type { ImportState } from '../api/wire.ts'
import { type HangingOperation } from '../file/hanging.ts'
import type { IssueOperation, MergeRequestOperation, ProjectOperation } from '../operations.ts'
import { degraded, dropped, type Work } from './work.ts'

/** The API tells of at most so many (`lib/api/entities/project_import_status.rb`, read 2026-11-25). */
const MOST_TOLD = 100

/** What GitLab says it could not import, told by name: the issue or merge request of that line with all that hangs on it, or a part of it. */
export function tellFailures(work: Work, project: ProjectOperation, { failed_relations }: ImportState): void {
  for (const { relation_name, line_number, exception_class, source } of failed_relations) {
    const key = line_number === undefined || line_number === null ? undefined : work.stock.inLine(relation_name, line_number)
    const result = key === undefined ? undefined : work.stock.result(key)
    if (key === undefined || result === undefined) {
      const where = line_number === undefined || line_number === null ? '' : `, line ${line_number + 1}`
      addToProject(work, project, `GitLab refused a record of ${relation_name}${where} (${exception_class})`)
      continue
    }
    const { item } = work.stock.of(key)
    // Of many notes only the one is left out, and which one is not said.
    if (source?.includes('RelationObjectSaver') === true) {
      const loss = degraded(item, 'rejected-by-target', 'comments', `GitLab refused a part of it (${exception_class})`)
      work.stock.keep({ ...result, losses: [...result.losses, loss] })
      continue
    }
    const detail = `GitLab refused it (${exception_class})`
    work.stock.keep({ ...result, outcome: 'failed', expect: {}, losses: [...result.losses, dropped(item, 'rejected-by-target', detail)] })
    for (const one of hangingOn(work, project, relation_name, key)) {
      const hanging = work.stock.result(one.key)
      if (hanging !== undefined)
        work.stock.keep({
          ...hanging,
          outcome: 'failed',
          expect: {},
          losses: [...hanging.losses, dropped(one.item, 'rejected-by-target', `what it stands on was refused (${exception_class})`)],
        })
    }
  }
  if (failed_relations.length >= MOST_TOLD)
    addToProject(work, project, `GitLab tells of the first ${MOST_TOLD} records that it refused; reading back shows the others`)
}

function addToProject({ stock }: Work, project: ProjectOperation, detail: string): void {
  const result = stock.result(project.key)
  if (result !== undefined)
    stock.keep({ ...result, losses: [...result.losses, degraded(project.item, 'rejected-by-target', 'records', detail)] })
}

function* hangingOn({ spool }: Work, { project }: ProjectOperation, relation: string, key: string): Generator<HangingOperation> {
  const [own, hanging] = relation === 'issues' ? (['issue', 'on-issue'] as const) : (['merge-request', 'on-merge-request'] as const)
  if (relation !== 'issues' && relation !== 'merge_requests') return
  for (const op of spool.part<IssueOperation | MergeRequestOperation>(project, own))
    if (op.key === key) yield* spool.at<HangingOperation>(project, hanging, op.iid)
}
