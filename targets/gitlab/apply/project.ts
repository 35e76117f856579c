import { remoteId } from '../../../src/contract/ids.ts'
import type { Applied } from '../../../src/contract/target.ts'
import { type FaultCode, faultIn } from '../../../src/fault.ts'
import type { ProjectOperation } from '../operations.ts'
import { findProject } from './remove.ts'
import { importWhole, isOurs } from './whole.ts'
import { updateProject } from './update.ts'
import { dropped, type Work } from './work.ts'

/**
 * One project, by the road that fits: a project that is not there is imported whole; one whose import did not end is taken up or made anew;
 * one that stands gets what changed; one of somebody else's is left alone. One that cannot be brought stops no other: the next run tries again.
 */
export async function* applyProject(work: Work, project: ProjectOperation, signal: AbortSignal): AsyncGenerator<Applied> {
  try {
    yield* roadFor(work, project, signal)
  } catch (error) {
    signal.throwIfAborted()
    const fault = faultIn(error)
    if (fault === undefined || !OF_ONE.has(fault.code)) throw error
    work.ports.log.warn('a project could not be brought', { project: project.item, code: fault.code })
    work.stock.flush()
    yield* leftBehind(work, project, fault.message)
  }
}
/** What is wrong with one project and not with the server or the token. */
const OF_ONE: ReadonlySet<FaultCode> = new Set<FaultCode>(['rejected', 'corrupt', 'conflict', 'gone'])

async function* roadFor(work: Work, project: ProjectOperation, signal: AbortSignal): AsyncGenerator<Applied> {
  const found = await findProject(work.client, project.project, signal)
  const { known } = work.stock.of(project.key)
  if (found === undefined) yield* importWhole(work, project, undefined, signal)
  else if (!isOurs(work, project, found))
    yield* leftBehind(work, project, `a project ${project.project} is there already, which we did not make: it was left as it is`)
  else if (known?.state === 'applied') yield* updateProject(work, project, found, signal)
  else yield* importWhole(work, project, found, signal)
}

function* leftBehind({ stock }: Work, project: ProjectOperation, why: string): Generator<Applied> {
  for (const { key, item } of stock.rows(project.project))
    yield { key, item, outcome: 'failed', remote: remoteId(`none/${key}`), expect: {}, losses: [dropped(item, 'rejected-by-target', why)] }
}
