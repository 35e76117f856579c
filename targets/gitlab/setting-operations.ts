import type { Operation } from '../../src/contract/target.ts'
import type { Who } from './operations.ts'

/** Access levels of GitLab: 20 Reporter, 30 Developer, 40 Maintainer; 0 nobody. https://docs.gitlab.com/api/access_requests/ */
export type Access = 0 | 20 | 30 | 40

/** `repository`: item id of the repository; `project`: full path in GitLab. */
interface Setting extends Operation {
  readonly repository: string
  readonly project: string
}
/** `name` may hold `*`. */
export interface ProtectedBranchOperation extends Setting {
  readonly type: 'protected-branch'
  readonly name: string
  readonly push: Access
  readonly merge: Access
  readonly allowForcePush: boolean
}
export interface ProtectedTagOperation extends Setting {
  readonly type: 'protected-tag'
  readonly name: string
  readonly create: Access
}
/** Made with every event switched off: it speaks another language than the receiver knows, and an import must not call anybody. */
export interface HookOperation extends Setting {
  readonly type: 'hook'
  readonly url: string
  readonly verifyTls: boolean
  /** Events that were on at the source, for the description. */
  readonly events: readonly string[]
}
/** `scope`: environment, or `*`. */
export interface VariableOperation extends Setting {
  readonly type: 'variable'
  readonly name: string
  readonly value: string
  readonly scope: string
}
export interface MemberOperation extends Setting {
  readonly type: 'member'
  readonly who: Who
  readonly access: Access
}
/** The project is shared with the group of a team. `group`: full path. */
export interface ShareOperation extends Setting {
  readonly type: 'share'
  readonly group: string
  readonly access: Access
}
export interface MergingOperation extends Setting {
  readonly type: 'merging'
  readonly method: 'merge' | 'rebase_merge' | 'ff'
  readonly squash: 'never' | 'default_off' | 'always'
  readonly removeSourceBranch: boolean
}
/** What is set through the API when a project stands. */
export type SettingsOperation =
  | ProtectedBranchOperation
  | ProtectedTagOperation
  | HookOperation
  | VariableOperation
  | MemberOperation
  | ShareOperation
  | MergingOperation
