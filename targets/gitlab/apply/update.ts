import type { Applied } from '../../../src/contract/target.ts'
import type { Project } from '../api/wire.ts'
import type { ProjectOperation } from '../operations.ts'
import { recall, recalledLosses } from './memory.ts'
import { operationsOf } from './operations-of.ts'
import { milestoneOf, milestoneTitles } from './settle.ts'
import type { Work } from './work.ts'

/** Brings a project that stands up to date. One of which nothing has changed costs no request. */
export async function* updateProject(work: Work, project: ProjectOperation, _found: Project, _signal: AbortSignal): AsyncGenerator<Applied> {
  yield* unchanged(work, project.project)
}

function* unchanged(work: Work, project: string): Generator<Applied> {
  const titles = milestoneTitles(work, project)
  for (const op of operationsOf(work.spool, project)) {
    const { known } = work.stock.of(op.key)
    if (known === undefined) continue
    const { key, item, remote, notes } = known
    const outcome = notes['failed'] === true ? 'failed' : 'unchanged'
    yield { key, item, outcome, remote, expect: recall(op, milestoneOf(op, titles), known), losses: recalledLosses(known) }
  }
}
