import { hash } from 'node:crypto'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Fields } from '../../../src/contract/target.ts'
import type {
  Award,
  EventOperation,
  IssueOperation,
  LabelOperation,
  MergeRequestOperation,
  MilestoneOperation,
  NoteOperation,
  ReleaseOperation,
} from '../operations.ts'
import type { FilePeople } from './people.ts'

/*
 * How things must look when they are read back, in the words of GitLab's API: times with milliseconds, people by username, texts by the SHA-256
 * of their UTF-8 bytes (hex), sets sorted. https://docs.gitlab.com/api/rest/
 */

export const textHash = (text: string): string => hash('sha256', text)
/** `thumbsup:alice`, sorted. */
export const awardNames = (awards: readonly Award[], people: FilePeople): readonly string[] =>
  awards.map(({ name, who }) => `${name}:${people.username(who)}`).toSorted()

export const labelFields = ({ title, color, description }: LabelOperation): Fields => ({ title, color, description })
export const milestoneFields = ({ iid, title, text, state, dueDate }: MilestoneOperation): Fields => ({
  iid,
  title,
  state,
  dueDate,
  text: textHash(text),
})

/** `milestone`: title. */
function issuableFields(op: IssueOperation | MergeRequestOperation, milestone: string | null, people: FilePeople) {
  return {
    title: op.title,
    text: textHash(op.text),
    state: op.state,
    author: people.username(op.author),
    createdAt: op.createdAt,
    labels: op.labels,
    milestone,
    assignees: op.assignees.map((who) => people.username(who)).toSorted(),
    locked: op.locked,
    awards: awardNames(op.awards, people),
  }
}
export const issueFields = (op: IssueOperation, milestone: string | null, people: FilePeople): Fields => ({
  ...issuableFields(op, milestone, people),
  closedAt: op.closedAt,
  closedBy: op.closedBy === null ? null : people.username(op.closedBy),
})
export interface MergeRequestShape {
  readonly milestone: string | null
  readonly sourceBranch: string
  readonly mergeCommit: string | null
  /** Usernames, sorted. */
  readonly approvedBy: readonly string[]
}
/** `head`: what the API calls `sha`. */
export const mergeRequestFields = (op: MergeRequestOperation, shape: MergeRequestShape, people: FilePeople): Fields => ({
  ...issuableFields(op, shape.milestone, people),
  draft: op.draft,
  sourceBranch: shape.sourceBranch,
  targetBranch: op.base.ref,
  head: op.head.oid,
  mergeCommit: shape.mergeCommit,
  mergedAt: op.mergedAt,
  mergedBy: op.mergedBy === null ? null : people.username(op.mergedBy),
  closedAt: op.state === 'closed' ? op.closedAt : null,
  reviewers: op.reviewers.map((who) => people.username(who)).toSorted(),
  approvedBy: shape.approvedBy,
})
export interface NoteShape {
  readonly text: string
  readonly system: boolean
  /** Id of the conversation, 40 hex digits; null where GitLab makes one up for a note that stands alone. */
  readonly discussion: string | null
  readonly position: JsonObject | null
  readonly resolved: boolean
}
/** `position`: path on both sides and line on both sides, null where a side has none. */
export const noteFields = (op: Pick<NoteOperation, 'author' | 'createdAt' | 'awards'>, shape: NoteShape, people: FilePeople): Fields => ({
  author: people.username(op.author),
  createdAt: op.createdAt,
  text: textHash(shape.text),
  system: shape.system,
  discussion: shape.discussion,
  position: shape.position,
  resolved: shape.resolved,
  awards: awardNames(op.awards, people),
})
export const positionFields = (position: JsonObject): JsonObject => ({
  type: position['position_type'] ?? null,
  oldPath: position['old_path'] ?? null,
  newPath: position['new_path'] ?? null,
  oldLine: position['old_line'] ?? null,
  newLine: position['new_line'] ?? null,
})
export const eventFields = ({ author, createdAt, event }: EventOperation, people: FilePeople): Fields => ({
  author: people.username(author),
  createdAt,
  ...(event.type === 'state'
    ? { state: event.state }
    : { action: event.action, ...(event.type === 'label' ? { label: event.label } : { milestone: event.milestone }) }),
})
/** `assets`: names of links, sorted. */
export const releaseFields = (op: ReleaseOperation, people: FilePeople): Fields => ({
  name: op.name,
  text: textHash(op.text),
  author: people.username(op.author),
  releasedAt: op.releasedAt,
  assets: op.assets.map(({ name, url }) => `${name} ${url}`).toSorted(),
})
