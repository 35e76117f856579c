import type { BlobRef } from '../../src/contract/item.ts'
import type { Operation } from '../../src/contract/target.ts'
import type { Anchor } from '../../src/model/comment.ts'
import type { SettingsOperation } from './setting-operations.ts'

/**
 * Who did something: the name at the source, and the username in GitLab. `username` null: the importing user stands in, and the text names
 * the author.
 */
export interface Who {
  readonly login: string
  readonly username: string | null
}
/** A reaction. `name` as GitLab's emoji index has it. */
export interface Award {
  readonly name: string
  readonly who: Who
  readonly at: string
}
/** A file that the text names as `/uploads/<secret>/<name>`. `secret`: 32 hex digits made from its address at the source. */
export interface Upload {
  readonly secret: string
  readonly name: string
  readonly blob: BlobRef
}
/** What people read. `text` is final: rewritten, cut, cleaned; it is what stands in GitLab afterwards, letter by letter. */
export interface Written {
  readonly text: string
  readonly uploads: readonly Upload[]
  readonly awards: readonly Award[]
}
/** `repository`: item id. `project`: full path in GitLab. */
interface InProject extends Operation {
  readonly repository: string
  readonly project: string
}

/**
 * A person of the directory. `from` says how it was found: `map` (people map) and `email` name a user that must be there and is not changed;
 * `shadow` is made by us with this address and blocked when everything stands.
 */
export interface UserOperation extends Operation {
  readonly type: 'user'
  readonly login: string
  readonly username: string
  readonly email: string
  readonly name: string
  readonly from: 'map' | 'email' | 'shadow'
}
/** A team as a private subgroup. `path`: full path. Members hold no rights by it but those that projects give to the group. */
export interface GroupOperation extends Operation {
  readonly type: 'group'
  readonly path: string
  readonly name: string
  readonly description: string
  readonly members: readonly Who[]
}
/** Bundles oldest first; fetched one after the other they give the repository. `head`: the ref HEAD points to. */
export interface History {
  readonly head: string | null
  readonly bundles: readonly BlobRef[]
}
export interface ProjectOperation extends InProject {
  readonly type: 'project'
  readonly name: string
  readonly description: string
  readonly visibility: 'private' | 'internal' | 'public'
  readonly archived: boolean
  readonly topics: readonly string[]
  /** Name without `refs/heads/`. */
  readonly defaultBranch: string | null
  readonly features: { readonly issues: boolean; readonly wiki: boolean }
  readonly createdAt: string
  readonly git: History | null
  readonly wiki: History | null
}
export interface LfsOperation extends InProject {
  readonly type: 'lfs'
  readonly oid: string
  readonly bytes: number
  readonly blob: BlobRef
}
/** `color`: with the sign, `#d73a4a`. */
export interface LabelOperation extends InProject {
  readonly type: 'label'
  readonly title: string
  readonly color: string
  readonly description: string | null
}
/** `dueDate` and times as in the model. */
export interface MilestoneOperation extends InProject {
  readonly type: 'milestone'
  readonly iid: number
  readonly title: string
  readonly text: string
  readonly uploads: readonly Upload[]
  readonly state: 'active' | 'closed'
  readonly dueDate: string | null
  readonly createdAt: string
  readonly updatedAt: string
}
/** What issues and merge requests have in common. Labels by their titles in GitLab, sorted; the milestone by its iid. */
interface Issuable extends InProject, Written {
  readonly iid: number
  readonly title: string
  readonly author: Who
  readonly labels: readonly string[]
  readonly milestone: number | null
  /** At most one: more need a paid edition; a loss names the others. */
  readonly assignees: readonly Who[]
  readonly createdAt: string
  readonly updatedAt: string
  readonly closedAt: string | null
  readonly closedBy: Who | null
  readonly locked: boolean
}
/** `from`: discussions become issues too; their label `discussion::CATEGORY` is among `labels` and made with them. */
export interface IssueOperation extends Issuable {
  readonly type: 'issue'
  readonly from: 'issue' | 'discussion'
  readonly state: 'opened' | 'closed'
}
/** `own`: the branch is (or was) in the repository itself and not in a fork. `fork`: `owner/name` of a fork that is still known. */
export interface MergeRequestOperation extends Issuable {
  readonly type: 'merge-request'
  readonly state: 'opened' | 'closed' | 'merged'
  /** GitLab knows drafts by their titles: `title` says so already. */
  readonly draft: boolean
  readonly head: { readonly ref: string; readonly oid: string; readonly own: boolean; readonly fork: string | null }
  readonly base: { readonly ref: string; readonly oid: string }
  readonly mergedAt: string | null
  readonly mergedBy: Who | null
  readonly mergeCommit: string | null
  readonly reviewers: readonly Who[]
}
/** Where a note stands. `iid` of an issue (a discussion is one) or merge request, or a commit. */
export type NotePlace =
  | { readonly type: 'issues' | 'merge_requests'; readonly iid: number }
  | { readonly type: 'commits'; readonly sha: string }
/**
 * A comment, or something that happened and is told as one (`system`; `action` in GitLab's words, null where it has none). `createdAt` has milliseconds, made from the id
 * at the source, so that two of one second stay two.
 */
export interface NoteOperation extends InProject, Written {
  readonly type: 'note'
  readonly on: NotePlace
  readonly author: Who
  readonly createdAt: string
  readonly updatedAt: string
  readonly system: { readonly action: string | null } | null
  /** Item id of the first comment of the conversation it belongs to (its own id, if it is the first); null: it stands alone. */
  readonly thread: string | null
  readonly anchor: Anchor | null
}
/** The state of a conversation on a merge request; the notes of it say so themselves. `root`: item id of its first comment. */
export interface ThreadOperation extends InProject {
  readonly type: 'thread'
  readonly iid: number
  readonly root: string
  readonly resolved: boolean
  readonly resolvedBy: Who | null
}
/** The verdict of a review; its words are a note of their own. `latest` counts: a later verdict of the same person replaces an earlier one. */
export interface VerdictOperation extends InProject {
  readonly type: 'verdict'
  readonly iid: number
  readonly author: Who
  readonly verdict: 'approved' | 'changes-requested' | 'dismissed'
  /** With milliseconds, like a note's: the verdict is told in one too. */
  readonly createdAt: string
  readonly text: string
}
/** Something that happened for which GitLab has a record of its own. `createdAt` has milliseconds made from the id at the source. */
export interface EventOperation extends InProject {
  readonly type: 'event'
  readonly on: Extract<NotePlace, { readonly iid: number }>
  readonly author: Who
  readonly createdAt: string
  readonly event:
    | { readonly type: 'label'; readonly action: 'add' | 'remove'; readonly label: string }
    | { readonly type: 'milestone'; readonly action: 'add' | 'remove'; readonly milestone: string }
    | { readonly type: 'state'; readonly state: 'closed' | 'reopened' | 'merged' }
}
/** A file of a release. It is uploaded to the generic package `package`/`version`/`file`; `url` is where that will answer. */
export interface Asset {
  readonly name: string
  readonly package: string
  readonly version: string
  readonly file: string
  readonly url: string
  /** Where it answers below the release, `/app.zip`; null: nowhere. */
  readonly path: string | null
  readonly blob: BlobRef
}
export interface ReleaseOperation extends InProject, Written {
  readonly type: 'release'
  readonly tag: string
  readonly name: string
  readonly author: Who
  readonly createdAt: string
  readonly releasedAt: string
  readonly assets: readonly Asset[]
}
export type ContentOperation =
  | LfsOperation
  | LabelOperation
  | MilestoneOperation
  | IssueOperation
  | MergeRequestOperation
  | NoteOperation
  | ThreadOperation
  | VerdictOperation
  | EventOperation
  | ReleaseOperation
/** Every operation on GitLab. Plain JSON, all of them. */
export type GitlabOperation = UserOperation | GroupOperation | ProjectOperation | ContentOperation | SettingsOperation
