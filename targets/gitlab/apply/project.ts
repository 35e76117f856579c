import type { Applied } from '../../../src/contract/target.ts'
import type { ProjectOperation } from '../operations.ts'
import { findProject } from './remove.ts'
import { importWhole, inTheWay, isOurs } from './whole.ts'
import { updateProject } from './update.ts'
import type { Work } from './work.ts'

/**
 * One project, by the road that fits: a project that is not there is imported whole; one whose import did not end is taken up or made anew;
 * one that stands gets what changed; one of somebody else's is left alone.
 */
export async function* applyProject(work: Work, project: ProjectOperation, signal: AbortSignal): AsyncGenerator<Applied> {
  const found = await findProject(work.client, project.project, signal)
  const { known } = work.stock.of(project.key)
  if (found === undefined) yield* importWhole(work, project, undefined, signal)
  else if (!(await isOurs(work, project, found))) yield* inTheWay(work, project)
  else if (known?.state === 'applied') yield* updateProject(work, project, found, signal)
  else yield* importWhole(work, project, found, signal)
}
