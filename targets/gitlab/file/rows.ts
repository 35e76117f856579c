import type { GitlabOperation } from '../operations.ts'
import type { Part } from './spool.ts'

/** Where an operation is kept: its project, part, number and time. Undefined: it belongs to no project. */
export interface Row {
  readonly project: string
  readonly part: Part
  readonly place: number
  readonly at: string
}

export function rowOf(op: GitlabOperation): Row | undefined {
  switch (op.type) {
    case 'user':
    case 'group':
      return undefined
    case 'lfs':
      return { project: op.project, part: op.type, place: 0, at: op.oid }
    case 'project':
    case 'label':
    case 'release':
      return { project: op.project, part: op.type, place: 0, at: '' }
    case 'milestone':
    case 'issue':
    case 'merge-request':
      return { project: op.project, part: op.type, place: op.iid, at: '' }
    case 'note':
    case 'event': {
      const { on, project, createdAt } = op
      if (on.type === 'commits') return { project, part: 'on-commit', place: 0, at: `${on.sha} ${createdAt}` }
      return { project, part: on.type === 'issues' ? 'on-issue' : 'on-merge-request', place: on.iid, at: createdAt }
    }
    case 'thread':
      return { project: op.project, part: 'on-merge-request', place: op.iid, at: '' }
    case 'verdict':
      return { project: op.project, part: 'on-merge-request', place: op.iid, at: op.createdAt }
    case 'protected-branch':
    case 'protected-tag':
    case 'hook':
    case 'variable':
    case 'member':
    case 'share':
    case 'merging':
      return { project: op.project, part: 'setting', place: 0, at: op.type }
  }
}
