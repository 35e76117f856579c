import type { Part, ProjectSpool } from '../file/spool.ts'
import type { GitlabOperation } from '../operations.ts'

const PARTS: readonly Part[] = [
  'label',
  'milestone',
  'issue',
  'on-issue',
  'merge-request',
  'on-merge-request',
  'on-commit',
  'release',
  'lfs',
  'setting',
  'project',
]

/** Every operation of one project. */
export function* operationsOf(spool: ProjectSpool, project: string): Generator<GitlabOperation> {
  for (const part of PARTS) yield* spool.part<GitlabOperation>(project, part)
}
