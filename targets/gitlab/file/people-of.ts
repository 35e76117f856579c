import type { GitlabOperation, Who } from '../operations.ts'

/** Everybody an operation names. */
export function peopleOf(op: GitlabOperation): readonly Who[] {
  switch (op.type) {
    case 'issue':
    case 'merge-request': {
      const people = [op.author, ...op.assignees, ...op.awards.map(({ who }) => who)]
      if (op.closedBy !== null) people.push(op.closedBy)
      if (op.type === 'merge-request') people.push(...op.reviewers, ...(op.mergedBy === null ? [] : [op.mergedBy]))
      return people
    }
    case 'note':
    case 'release':
      return [op.author, ...op.awards.map(({ who }) => who)]
    case 'thread':
      return op.resolvedBy === null ? [] : [op.resolvedBy]
    case 'verdict':
    case 'event':
      return [op.author]
    case 'member':
      return [op.who]
    case 'group':
      return op.members
    default:
      return []
  }
}
